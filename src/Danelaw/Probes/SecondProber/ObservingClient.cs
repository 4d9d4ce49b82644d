using System.Collections.Immutable;
using System.Net.Security;
using System.Text;
using Danelaw.Dns;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace Danelaw.Probes.SecondProber;

/// <summary>Asks for one kind of key, or for a raw one, and notes what it is shown. It judges no certificate.</summary>
/// <param name="target">With which name, and for what.</param>
internal sealed class ObservingClient(ProbeTarget target) : AbstractTlsClient(new ObservingCrypto()), TlsAuthentication
{
    /// <summary>The most octets of one message of a handshake: whoever sends more certificates than that is told so, and costs no more.</summary>
    internal const int MaximumMessage = 128 * 1024;

    private const int SmallestGroup = 1024;
    private const int LargestGroup = 4096;

    // Those that OpenSSL's clients offer: the curve of an ECDSA certificate must be among them in TLS 1.2 (RFC 8422 §5.1).
    private static readonly int[] Groups = [NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.x448, NamedGroup.secp521r1, NamedGroup.secp384r1, NamedGroup.ffdhe2048, NamedGroup.ffdhe3072];

    private ImmutableArray<SeenCertificate> _certificates = [];

    /// <summary>Whether TLS 1.0 and 1.1 are offered in place of the versions in use: to see what is shown there, and to go on in neither (RFC 8996).</summary>
    internal bool IsRetired { get; init; }

    /// <summary>The certificates as sent, leaf first; empty until they have come.</summary>
    internal ImmutableArray<Octets> Chain => target.RawPublicKey ? [] : [.. _certificates.Select(certificate => certificate.Encoded)];

    /// <summary>The raw public key, of which there is just one (RFC 8446 §4.4.2); empty until it has come.</summary>
    internal Octets RawPublicKey => _certificates is [{ IsRawKey: true } key] ? key.Encoded : default;

    /// <summary>Whether certificates, or a raw public key, have come.</summary>
    internal bool HasShown => !_certificates.IsEmpty;

    /// <summary>Whether the server's Finished was right, and the leaf's key takes part in the handshake: both, or nothing is proven.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Whether the server has asked for a certificate of the client, which has none.</summary>
    internal bool IsAskedForCertificate { get; private set; }

    /// <summary>What the server showed in place of what was asked for, in words; null when it did not.</summary>
    internal string? Instead { get; private set; }

    /// <summary>Whether the leaf, or the raw public key, is so odd that no key is found in it.</summary>
    internal bool IsUnreadable => _certificates is [{ IsReadable: false }, ..];

    /// <summary>Whether several raw public keys came, of which one at most would be proven.</summary>
    internal bool HasSeveralKeys => target.RawPublicKey && _certificates is [{ IsRawKey: true }, _, ..];

    /// <summary>The description of the fatal alert that the server sent; -1 without one.</summary>
    internal int AlertReceived { get; private set; } = -1;

    /// <summary>The description of the fatal alert that was sent from here; -1 without one.</summary>
    internal int AlertRaised { get; private set; } = -1;

    /// <summary>Whether the server took leave by close_notify in the middle of the handshake.</summary>
    internal bool HasServerLeft { get; private set; }

    /// <summary>The size of the group that the server made for this handshake, in bits (RFC 5246 §7.4.3); 0 without one.</summary>
    internal int GroupBits { get; private set; }

    internal string TlsVersion { get; private set; } = "";

    internal string CipherSuiteName { get; private set; } = "";

    /// <summary>The certificates have come. In TLS 1.2 they are announced only once their signature is there too, and by then the server may have left.</summary>
    public override TlsAuthentication GetAuthentication()
    {
        _certificates = [.. m_context.SecurityParameters.PeerCertificate.GetCertificateList().Cast<SeenCertificate>()];
        Instead = FindInstead();
        if (IsRetired) throw new TlsFatalAlert(AlertDescription.protocol_version);
        if (Instead is not null) throw new TlsFatalAlert(AlertDescription.unsupported_certificate);

        // RFC 8446 §4.4.2: "If the RawPublicKey certificate type was negotiated, then the certificate_list MUST contain no more than one CertificateEntry".
        if (HasSeveralKeys) throw new TlsFatalAlert(AlertDescription.illegal_parameter);
        return IsUnreadable ? throw new TlsFatalAlert(AlertDescription.bad_certificate) : this;
    }

    /// <summary>RFC 8446 §4.4.2.2: as a last resort a server may show what it was not asked for; what it prefers has been seen already. Raw public keys most servers do not know.</summary>
    private string? FindInstead()
    {
        if (target.RawPublicKey) return _certificates is [{ IsRawKey: false }, ..] ? "a certificate" : null;
        if (IsUnreadable || target.Algorithm == KeyAlgorithm.Any) return null;
        var shown = LeafKey.AlgorithmOf(Chain);
        return shown == target.Algorithm ? null : $"another kind of key ({LeafKey.NameOf(shown)})";
    }

    // R52: none is anonymous, none rests on a key agreed on beforehand.
    protected override int[] GetSupportedCipherSuites() => [.. CipherOffers.For(target.Algorithm).Select(suite => (int)suite)];

    protected override ProtocolVersion[] GetSupportedVersions() => IsRetired ? ProtocolVersion.TLSv11.DownTo(ProtocolVersion.TLSv10) : base.GetSupportedVersions();

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => SignatureOffers.For(target.Algorithm);

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithmsCert() => SignatureOffers.ForCertificates;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => Groups;

    // RFC 7250 §3: raw public keys alone, so that a server which has one cannot choose a certificate.
    protected override short[]? GetAllowedServerCertificateTypes() => target.RawPublicKey ? [CertificateType.RawPublicKey] : null;

    // R51: SNI is the name given. RFC 6066 §3: a name that is none of a host is not sent.
    protected override IList<ServerName>? GetSniServerNames() =>
        ServerNames.ToSni(target.ServerName) is { Length: > 0 } name ? [new(NameType.host_name, Encoding.ASCII.GetBytes(name))] : null;

    protected override CertificateStatusRequest? GetCertificateStatusRequest() => null;

    public override int GetMaxHandshakeMessageSize() => MaximumMessage;

    // What is sent is evidence, however many they are; the size of the message is the limit.
    public override int GetMaxCertificateChainLength() => int.MaxValue;

    // Nothing is renegotiated here, so a server without RFC 5746 does no harm.
    public override void NotifySecureRenegotiation(bool secureRenegotiation)
    {
    }

    public override TlsDHGroupVerifier GetDHGroupVerifier() => new AnyGroup(bits => GroupBits = bits);

    public override void NotifyAlertReceived(short alertLevel, short alertDescription)
    {
        // RFC 8446 §6.1: a leave is a leave, whatever level it bears.
        if (alertDescription == AlertDescription.close_notify) HasServerLeft |= !IsComplete;
        else if (alertLevel == AlertLevel.fatal) AlertReceived = alertDescription;
    }

    public override void NotifyAlertRaised(short alertLevel, short alertDescription, string message, Exception cause)
    {
        if (alertLevel == AlertLevel.fatal && AlertRaised < 0) AlertRaised = alertDescription;
    }

    public override void NotifyHandshakeComplete()
    {
        if (_certificates is not [{ IsBound: true }, ..]) throw new TlsFatalAlert(AlertDescription.internal_error);
        TlsVersion = TlsNames.Version(m_context.SecurityParameters.NegotiatedVersion.FullVersion);
        CipherSuiteName = ((TlsCipherSuite)m_context.SecurityParameters.CipherSuite).ToString();
        IsComplete = true;
    }

    // They are judged by whoever asked, and have been noted already.
    public void NotifyServerCertificate(TlsServerCertificate serverCertificate)
    {
    }

    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
    {
        IsAskedForCertificate = true;
        return null;
    }

    /// <summary>
    /// Groups that a server makes itself are taken as they come: nothing secret is said, and senders take small ones too. What makes work is bounded: one of 8192 bits
    /// holds a thread for seconds, and an even modulus, which is no group at all, for longer still.
    /// </summary>
    internal static bool Takes(BigInteger modulus) => modulus.BitLength is >= SmallestGroup and <= LargestGroup && modulus.TestBit(0);

    private sealed class AnyGroup(Action<int> note) : TlsDHGroupVerifier
    {
        public bool Accept(DHGroup dhGroup)
        {
            note(dhGroup.P.BitLength);
            return Takes(dhGroup.P);
        }
    }
}
