using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary>The matrix of services, servers and conditions, cell by cell: what follows from the RFCs, and then where a tool differs.</summary>
internal static class ServiceMatrix
{
    private const string OneKey = "a client is shown one key of two (RFC 7672 §8.1)";
    private const string NoVerdict = "a certificate whose key is not proven verifies nothing (RFC 8446 §4.4.3): the handshake fails, and only s_client judges what it was shown";

    public static IReadOnlyList<MatrixRow> All { get; } =
    [
        .. from peer in ServicePeer.All
           from service in peer.Services
           from condition in peer.Conditions(service)
           select Differing(new(peer, service, condition)),
    ];

    /// <summary>The rows that are met in this run.</summary>
    public static IEnumerable<MatrixRow> InThisRun => All.Where(row => LongRun.IsOn || !row.IsLong);

    private static MatrixRow Differing(MatrixRow row) => row switch
    {
        { Condition: Condition.DualRsa or Condition.DualEcdsa } => row with { Difference = OneKey },
        { Peer.CannotSign: true, Condition: Condition.Right or Condition.Wrong } => row with
        {
            Danelaw = "failing",
            Finding = "TLS-HANDSHAKE-FAILED",
            Danetool = DaneSays.Nothing,
            SClient = row.Condition == Condition.Right ? DaneSays.Nothing : DaneSays.Refused,
            Finger = DaneSays.Nothing,
            Difference = row.Condition == Condition.Wrong ? NoVerdict : null,
        },

        // Where there is no TLS, some say so and some say nothing.
        { Condition: Condition.TlsMissing, Service.Scheme: "xmpp-client" or "xmpp-server" } => row with { SClient = null, Difference = "not tried with s_client, which waits for ever where starttls is not among the features (RFC 6120 §5.3.1)" },
        { Condition: Condition.TlsMissing, Service.Scheme: "ldap" } => row with { Danetool = DaneSays.Nothing },
        { Condition: Condition.TlsMissing, Service.Scheme: "postgres" } => row with { Danetool = DaneSays.Nothing, SClient = DaneSays.Nothing },

        // Without a certificate nnrpd lists STARTTLS all the same (RFC 4642 §2.2.2: 580).
        { Condition: Condition.TlsMissing, Service.Scheme: "nntp" } => row with { Finding = "TLS-STARTTLS-REFUSED" },
        _ => row,
    };
}
