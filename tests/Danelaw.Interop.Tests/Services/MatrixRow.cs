using Danelaw.Probes;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary>One row of the matrix: a service of a peer in one condition, what Danelaw must say of it, and what each tool says.</summary>
/// <param name="Peer">The server.</param>
/// <param name="Service">Its service.</param>
/// <param name="Condition">What it shows, and what its records say.</param>
internal sealed record MatrixRow(ServicePeer Peer, PeerService Service, Condition Condition)
{
    /// <summary>Our verdict, by the RFCs.</summary>
    public string Danelaw { get; init; } = Condition is Condition.Right or Condition.ExpiredEndEntity or Condition.DualBoth ? "verified" : "failing";

    /// <summary>The code of the finding that says why; null for none.</summary>
    public string? Finding { get; init; } = Condition switch
    {
        Condition.Right or Condition.DualBoth => null,
        Condition.ExpiredEndEntity or Condition.ExpiredAnchored => "TLS-EXPIRED",
        Condition.TlsMissing => "TLS-STARTTLS-MISSING",
        _ => "TLSA-MISMATCH",
    };

    /// <summary>What danetool says; null where it does not speak the protocol.</summary>
    public DaneSays? Danetool { get; init; } = Service.IsAtOnce || Service.Danetool is not null ? Says(Condition, Peer.KeyForGnuTls) : null;

    /// <summary>What <c>openssl s_client</c> says, which is given the records; null where it comes to no end.</summary>
    public DaneSays? SClient { get; init; } = Says(Condition, Peer.KeyForOpenSsl);

    /// <summary>What ldns-dane says; null where TLS is started by a dialogue.</summary>
    public DaneSays? LdnsDane { get; init; } = Service.IsAtOnce ? Says(Condition, Peer.KeyForOpenSsl) : null;

    /// <summary>What posttls-finger says; null where it is not SMTP or LMTP.</summary>
    public DaneSays? Finger { get; init; } = Service.Finger is null ? null : Says(Condition, Peer.KeyForOpenSsl);

    /// <summary>Where a tool differs from the RFC, and the section; null when all agree.</summary>
    public string? Difference { get; init; }

    public string Host => Peer.Host(Condition);

    public int Port => Peer.Port(Service, Condition.Site());

    public string Address => Peer.Address(Condition.Site());

    public string Target => $"{Service.Scheme}://{Host}:{Port}";

    public bool IsLong => Peer.IsLong(Service, Condition);

    /// <summary>What a tool says that keeps to the RFCs and is shown one key of two.</summary>
    private static DaneSays Says(Condition condition, KeyAlgorithm shown) => condition switch
    {
        Condition.Right or Condition.ExpiredEndEntity or Condition.DualBoth => DaneSays.Verified,
        Condition.DualRsa when shown == KeyAlgorithm.Rsa => DaneSays.Verified,
        Condition.DualEcdsa when shown == KeyAlgorithm.Ecdsa => DaneSays.Verified,
        Condition.TlsMissing => DaneSays.NoTls,
        _ => DaneSays.Refused,
    };
}
