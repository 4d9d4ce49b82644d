using System.Collections.Immutable;
using System.Net;

namespace Danelaw.Dns.Transports;

/// <summary>How <see cref="DnsTransport"/> asks. Checked when the transport is made.</summary>
public sealed record DnsTransportOptions
{
    /// <summary>How long one try may take, connecting and a change from UDP to TCP included.</summary>
    /// <value>More than zero, at most 5 minutes; the default is 2 seconds. An exchange never takes longer than this times <see cref="Tries"/>.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a query is tried when no reply comes.</summary>
    /// <value>1 to 20; the default is 3.</value>
    public int Tries { get; init; } = 3;

    /// <summary>How long a connection without open queries is kept for further ones (RFC 7766 §6.2.3).</summary>
    /// <value>Zero or more; the default is 5 seconds. With zero each query has a connection of its own.</value>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether queries over UDP bear cookies (RFC 7873).</summary>
    /// <value>The default is true.</value>
    public bool UseCookies { get; init; } = true;

    /// <summary>
    /// Whether the letters of names asked over UDP are of random case, which the reply must repeat exactly. A server that answers in another case is asked without from then on.
    /// The reply's question is put back into the case that was asked for.
    /// </summary>
    /// <value>The default is false: some servers compare names by their spelling.</value>
    public bool Use0x20 { get; init; }

    /// <summary>DER certificates of those who may vouch for a TLS or HTTPS server.</summary>
    /// <value>The default, empty, means the machine's store as OpenSSL finds it (SSL_CERT_FILE and SSL_CERT_DIR are honoured).</value>
    public ImmutableArray<Octets> Authorities { get; init; } = [];

    /// <summary>Finds the addresses of a TLS or HTTPS server that is given by name, such as <see cref="HostLookup.LookupAsync"/>; its certificate is what proves it.</summary>
    /// <value>The default, null: such a server cannot be reached.</value>
    public Func<string, CancellationToken, ValueTask<ImmutableArray<IPAddress>>>? LookupHost { get; init; }

    internal void Check()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5)) throw new ArgumentOutOfRangeException(nameof(Timeout), Timeout, "more than zero and at most 5 minutes");
        if (Tries is < 1 or > 20) throw new ArgumentOutOfRangeException(nameof(Tries), Tries, "1 to 20");
        if (IdleTime < TimeSpan.Zero || IdleTime > TimeSpan.FromHours(1)) throw new ArgumentOutOfRangeException(nameof(IdleTime), IdleTime, "zero to one hour");
    }
}
