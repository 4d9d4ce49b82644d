namespace Danelaw.Discovery;

/// <summary>Which address families are used.</summary>
public enum AddressFamilies
{
    /// <summary>IPv4 and IPv6.</summary>
    Both = 0,

    /// <summary>IPv4 alone (<c>-4</c>).</summary>
    IPv4,

    /// <summary>IPv6 alone (<c>-6</c>).</summary>
    IPv6,
}
