using System.Net.Sockets;
using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>What came of one try.</summary>
internal readonly record struct Attempt(ExchangeOutcome Outcome, string Detail, Octets Reply = default, DnsMessage? Message = null)
{
    /// <summary>The reply was cut short and must be had over TCP.</summary>
    internal bool IsTruncated { get; init; }

    /// <summary>Datagrams that fit in all but the case of the name, or in all but a cookie that was to be expected, came in.</summary>
    internal bool LacksCase { get; init; }

    /// <inheritdoc cref="LacksCase"/>
    internal bool LacksCookie { get; init; }

    /// <summary>Nothing at all came back to a query with a cookie.</summary>
    internal bool IsSilentOnCookie { get; init; }

    /// <summary>An error that bears no question came over UDP, and nothing that fits better.</summary>
    internal bool NamesNoQuestion { get; init; }

    /// <summary>Something came that may be the server's, or forged: another way tells.</summary>
    internal bool IsDoubtful => NamesNoQuestion || LacksCookie;

    internal static Attempt Replied(Octets reply, DnsMessage message) => new(ExchangeOutcome.Replied, "", reply, message);

    internal static Attempt TimedOut(string detail) => new(ExchangeOutcome.TimedOut, detail);

    internal static Attempt Closed(string detail) => new(ExchangeOutcome.Closed, detail);

    internal static Attempt Malformed(string detail, Octets reply = default) => new(ExchangeOutcome.Malformed, detail, reply);

    internal static Attempt NotTrusted(string detail) => new(ExchangeOutcome.NotTrusted, detail);

    internal static Attempt Unreachable(string detail) => new(ExchangeOutcome.Unreachable, detail);

    /// <summary>What the operating system said of a socket.</summary>
    internal static Attempt Of(SocketException fault) => fault.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => Unreachable("connection refused"),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressNotAvailable or SocketError.NetworkDown or SocketError.HostDown => Unreachable("no route to the server"),
        SocketError.AccessDenied => Unreachable("not permitted to send there"),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => Closed("the connection was reset"),
        SocketError.TimedOut => TimedOut("no reply to the connection"),
        SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported => Unreachable("this machine has no such addresses"),
        SocketError.TooManyOpenSockets => new(ExchangeOutcome.NoDescriptors, "this machine gives this process no more file descriptors"),
        _ => Unreachable($"the socket failed ({fault.SocketErrorCode})"),
    };
}
