namespace Danelaw.Interop.Tests.Mail;

/// <summary>A mail domain of the signed world, its one MX host and what that host serves.</summary>
/// <param name="Label">The domain's first label.</param>
/// <param name="Zone">The zone that holds it, with its closing dot.</param>
internal sealed record MailHost(string Label, string Zone)
{
    /// <summary>Chains of key and certificates, one for each key algorithm; empty when STARTTLS is not offered.</summary>
    public IReadOnlyList<string> Chains { get; init; } = [];

    /// <summary>Chains of the host's further addresses.</summary>
    public IReadOnlyList<string> OtherChains { get; init; } = [];

    /// <summary>The data of the TLSA records for port 25.</summary>
    public IReadOnlyList<string> Tlsa { get; init; } = [];

    /// <summary>Whether MX is an alias of the host.</summary>
    public bool IsAlias { get; init; }

    /// <summary>Its place among the addresses 127.25.0.N.</summary>
    public int Number { get; init; }

    public string Domain => $"{Label}.{Zone}".TrimEnd('.');

    public string Host => $"mx.{Label}.{Zone}".TrimEnd('.');

    public string Address => $"127.25.0.{Number}";

    public string OtherAddress => $"127.25.1.{Number}";

    /// <summary>The zone-file lines of the domain.</summary>
    public string ZoneLines() => $"""
        {Domain}. MX 10 {(IsAlias ? "alias." : "")}{Host}.
        {Host}. A {Address}
        {(IsAlias ? $"alias.{Host}. CNAME {Host}." : "")}
        {(OtherChains.Count > 0 ? $"{Host}. A {OtherAddress}" : "")}
        {string.Concat(Tlsa.Select(data => $"_25._tcp.{Host}. TLSA {data}\n"))}

        """;
}
