using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Certificates;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Options;

/// <summary>The options that say which records <c>tlsa create</c> makes, and at which owners.</summary>
internal sealed class RecordShape
{
    public const string AnchorName = "--anchor";

    private readonly Option<string[]> _name = Flag.Values("--name", "HOST", "the TLSA base domain: for mail the name in the MX record");
    private readonly Option<string[]> _port = Flag.Values("--port", PortList.ValueName, "ports of each HOST, or services by name (imaps); default 25, with --live that of the server");
    private readonly Option<string> _protocol = Flag.Value("--protocol", "tcp|udp|sctp", "what carries the service; default tcp");
    private readonly Option<string> _usage = Flag.Value("--usage", "0..3", "PKIX-TA, PKIX-EE, DANE-TA, DANE-EE; default 3");
    private readonly Option<string> _selector = Flag.Value("--selector", "0|1", "whole certificate, public key; default 1");
    private readonly Option<string[]> _matching = Flag.Values("--matching", "0..2", "full, SHA-256, SHA-512; default 1");
    private readonly Option<string> _anchor = Flag.Value(AnchorName, "FILE", "the authority that usages 0 and 2 name; default the topmost of FILE");
    private readonly Option<bool> _allow = Flag.Of("--allow", "make what is refused otherwise: 3 1 2 with no record with SHA-256 beside it; the digest or the bare key of an anchor that is not among the certificates of FILE; usage 1 or 3 of an authority's certificate; a private key beside certificates of others");

    public IReadOnlyList<Option> All => [_name, _port, _protocol, _usage, _selector, _matching, _anchor, _allow];

    /// <summary>Whether what is refused otherwise is wanted: SHA-512 alone, an anchor that is sent although it is not in the file, an authority's certificate as the server's own, a key without its certificate.</summary>
    public bool IsAllowed(ParseResult parsed) => parsed.GetValue(_allow);

    /// <summary>Whether names were given.</summary>
    public bool HasNames(ParseResult parsed) => parsed.GetValue(_name) is { Length: > 0 };

    /// <summary>The names, or else the one of the live server.</summary>
    /// <exception cref="MisuseException">One is none, or there is none.</exception>
    public ImmutableArray<DomainName> Names(ParseResult parsed, DomainName? live)
    {
        var given = parsed.GetValue(_name) ?? [];
        if (given.Length > 0) return [.. given.Select(text => HostInput.Read("--name", text)).Distinct()];
        if (live is { } name) return [name];
        throw new MisuseException("--name is missing", "give the name that the record belongs to: for mail the host in the MX record, --name mx.example.org");
    }

    /// <summary>The file of the anchor; null when none was given.</summary>
    public string? Anchor(ParseResult parsed) => parsed.GetValue(_anchor);

    /// <summary>What is to be made from each source, a creation for each matching type.</summary>
    /// <param name="parsed">What was given.</param>
    /// <param name="sources">The sources; one for each kind of key.</param>
    /// <param name="names">The names.</param>
    /// <param name="livePort">The port of the live server; null when there is none.</param>
    /// <param name="anchor">The anchor; null for none.</param>
    /// <exception cref="MisuseException">A value makes no sense.</exception>
    public IEnumerable<TlsaCreation> Creations(ParseResult parsed, ImmutableArray<CertificateFile> sources, ImmutableArray<DomainName> names, int? livePort, CertificateFile? anchor)
    {
        var (usage, selector) = (ReadUsage(parsed.GetValue(_usage)), ReadSelector(parsed.GetValue(_selector)));
        TlsaMatching[] matchings = parsed.GetValue(_matching) is { Length: > 0 } given ? [.. given.Select(ReadMatching).Distinct()] : [ReadMatching(null)];
        var (ports, transport) = (Ports(parsed, livePort), ReadTransport(parsed.GetValue(_protocol)));
        return
        [
            .. from source in sources
               from matching in matchings
               select new TlsaCreation
               {
                   Source = source,
                   Usage = usage,
                   Selector = selector,
                   Matching = matching,
                   IsBesideSha256 = matchings.Contains(TlsaMatching.Sha256),
                   Anchor = anchor,
                   IsAnchorSent = IsAllowed(parsed),
                   AllowsAuthority = IsAllowed(parsed),
                   Names = names,
                   Ports = ports,
                   Transport = transport,
               },
        ];
    }

    /// <summary>The owner name of each name and port.</summary>
    /// <exception cref="MisuseException">One has no room for the port.</exception>
    public ImmutableArray<DomainName> Owners(ParseResult parsed, ImmutableArray<DomainName> names, int? livePort)
    {
        var (ports, transport) = (Ports(parsed, livePort), ReadTransport(parsed.GetValue(_protocol)));
        return
        [
            .. from name in names
               from port in ports
               select TlsaOwner.TryFor(port, transport, name, out var owner) ? owner : throw new MisuseException($"--name: with the port before it '{Rendering.Words.Of(name)}' is longer than the 255 octets that a name may have"),
        ];
    }

    internal static TlsaUsage ReadUsage(string? text) => text is null ? TlsaUsage.DaneEe : (TlsaUsage)Quantity.Number("--usage", text, 0, 3);

    internal static TlsaSelector ReadSelector(string? text) => text is null ? TlsaSelector.PublicKey : (TlsaSelector)Quantity.Number("--selector", text, 0, 1);

    internal static TlsaMatching ReadMatching(string? text)
    {
        if (text is not null && text.Contains(',', StringComparison.Ordinal)) throw new MisuseException($"--matching takes one number from 0 to 2, not '{text}'", "give it once for each: --matching 1 --matching 2");
        return text is null ? TlsaMatching.Sha256 : (TlsaMatching)Quantity.Number("--matching", text, 0, 2);
    }

    internal static TlsaTransport ReadTransport(string? text) => text?.ToLowerInvariant() switch
    {
        null or "tcp" => TlsaTransport.Tcp,
        "udp" => TlsaTransport.Udp,
        "sctp" => TlsaTransport.Sctp,
        _ => throw new MisuseException($"--protocol takes tcp, udp or sctp, not '{text}'"),
    };

    private ImmutableArray<int> Ports(ParseResult parsed, int? livePort) =>
        PortList.Read(parsed.GetValue(_port), livePort ?? 25);
}
