using System.Globalization;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>Danelaw's resolver in this process, behind one upstream.</summary>
internal sealed class LibraryLookup : IAsyncDisposable
{
    private readonly DnsTransport _transport;
    private readonly Resolver _resolver;

    public LibraryLookup(string address, int port, string anchors, DnsTransportOptions? options = null)
    {
        _transport = new DnsTransport(options ?? new DnsTransportOptions(), TimeProvider.System);
        _resolver = new Resolver(_transport, new ResolverOptions
        {
            Upstreams = [new DnsServer(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse(address), port))],
            Anchors = ReadAnchors(anchors),
        }, TimeProvider.System);
    }

    public ValueTask<Answer> AskAsync(string name, string type, CancellationToken cancellationToken) =>
        _resolver.LookupAsync(DomainName.Parse(name), RecordTypes.TryParse(type, out var parsed) ? parsed : throw new FormatException(type), cancellationToken);

    /// <summary>Our verdict in the peers' words.</summary>
    public static PeerStatus StatusOf(Answer answer) => answer.Security switch
    {
        Security.Secure => PeerStatus.Secure,
        Security.Insecure => PeerStatus.Insecure,
        Security.Bogus => PeerStatus.Bogus,
        Security.Indeterminate => PeerStatus.Failed,
    };

    // DNSKEY lines as BIND's key files have them: owner IN DNSKEY flags protocol algorithm base64 …
    internal static TrustAnchors ReadAnchors(string lines)
    {
        var records = from line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                      let fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
                      let at = Array.IndexOf(fields, "DNSKEY")
                      select new ResourceRecord(DomainName.Parse(fields[0]), RecordType.DNSKEY, RecordClass.IN, 0,
                          new DnskeyData(ushort.Parse(fields[at + 1], CultureInfo.InvariantCulture), 3, byte.Parse(fields[at + 3], CultureInfo.InvariantCulture),
                              new Octets(Convert.FromBase64String(string.Concat(fields[(at + 4)..])))).ToOctets());
        return TrustAnchors.TryCreate(records, out var anchors, out _) ? anchors : throw new FormatException(lines);
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
