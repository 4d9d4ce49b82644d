namespace Danelaw.Interop.Tests.Mail;

/// <summary>A mail domain of the signed world, its first MX host and what that host serves.</summary>
/// <param name="Label">The domain's first label.</param>
/// <param name="Zone">The zone that holds it, with its closing dot.</param>
internal sealed record MailHost(string Label, string Zone)
{
    /// <summary>Its place among the addresses 127.25.0.N.</summary>
    public int Number { get; init; }

    /// <summary>The host's name without its closing dot; by default <c>mx</c> below the domain.</summary>
    public string Host { get; init; } = $"mx.{Label}.{Zone}".TrimEnd('.');

    /// <summary>Chains of key and certificates, one for each key algorithm; empty when STARTTLS is not offered.</summary>
    public IReadOnlyList<string> Chains { get; init; } = [];

    /// <summary>Chains of the host's second address; empty when it has none.</summary>
    public IReadOnlyList<string> OtherChains { get; init; } = [];

    /// <summary>Whether the second address is one of IPv6.</summary>
    public bool OtherIsIPv6 { get; init; }

    /// <summary>The chain that is shown to clients who ask for the host by its name (SNI); null when all are shown the same.</summary>
    public string? NamedChain { get; init; }

    /// <summary>Further settings of the server.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Whether anything listens there.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>The data of the TLSA records for port 25.</summary>
    public IReadOnlyList<string> Tlsa { get; init; } = [];

    /// <summary>The MX records and what else the zone has of the domain, in zone-file lines; null for one MX that is the host.</summary>
    public string? Lines { get; init; }

    public string Domain => $"{Label}.{Zone}".TrimEnd('.');

    public string Address => $"127.25.0.{Number}";

    public string OtherAddress => OtherIsIPv6 ? $"2001:db8:25::{Number:x}" : $"127.25.1.{Number}";

    /// <summary>The zone-file lines of the domain.</summary>
    public string ZoneLines() => $"""
        {Lines ?? $"{Domain}. MX 10 {Host}."}
        {Host}. A {Address}
        {(OtherChains.Count > 0 ? $"{Host}. {(OtherIsIPv6 ? "AAAA" : "A")} {OtherAddress}" : "")}
        {string.Concat(Tlsa.Select(data => $"_25._tcp.{Host}. TLSA {data}\n"))}

        """;
}
