using System.Net.Sockets;
using Danelaw.Dns;
using Danelaw.Probes;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Danelaw.Tests.Probes;

/// <summary>What a server does that does not hold the key of the certificate that it shows, or does not prove it.</summary>
public enum Lie
{
    /// <summary>None: it holds the key and proves it.</summary>
    None = 0,

    /// <summary>The signature is by a key of its own.</summary>
    ForeignKey,

    /// <summary>The right key signs something else: a signature that was seen elsewhere.</summary>
    OtherTranscript,

    /// <summary>The scheme that is named is another than the one that was used.</summary>
    OtherScheme,

    SignatureCut,

    SignatureLonger,

    SignatureEmpty,

    /// <summary>As long as a signature, and all zero.</summary>
    SignatureZero,

    /// <summary>Two numbers in DER, both zero (CVE-2022-21449).</summary>
    NumbersZero,

    FinishedTurned,

    FinishedLeftOut,

    /// <summary>CertificateVerify or ServerKeyExchange.</summary>
    SignatureLeftOut,

    /// <summary>The connection ends where the signature should come.</summary>
    BrokenOff,
}

/// <summary>A server that shows a genuine certificate, and lies about holding its key.</summary>
public sealed class LyingTlsServer(Lie lie, KeyAlgorithm kind, bool isTls13) : DefaultTlsServer(new BcTlsCrypto(new SecureRandom()))
{
    private bool IsRsa => kind == KeyAlgorithm.Rsa;

    /// <summary>Whether the client encrypts the secret to the certificate's key (RFC 5246 §7.4.7.1), and nothing is signed.</summary>
    public bool ExchangesByRsa { get; init; }

    /// <summary>Whether it has its key by itself, and no certificate (RFC 7250).</summary>
    public bool IsRaw { get; init; }

    /// <summary>How many entries with that key it sends (RFC 8446 §4.4.2).</summary>
    public int Keys { get; init; } = 1;

    /// <summary>The key that it holds, with its certificate, when it is not the usual one.</summary>
    public ServerKey? Own { get; init; }

    /// <summary>What it shows in place of the key's certificate, leaf first, be they certificates or not.</summary>
    public IReadOnlyList<Octets>? Shown { get; init; }

    /// <summary>What is sent in place of a message of the handshake (its type and length included), and what is done then; the server itself goes on as if it had sent the right one.</summary>
    public Func<byte[], (byte[] Sent, Action? Then)>? Alter { get; init; }

    /// <summary>What it does once the handshake is complete; it is given the way to say something within TLS.</summary>
    public Action<Action<byte[]>>? Afterwards { get; init; }

    public static LoopbackServer Start(Lie lie, KeyAlgorithm kind, bool isTls13, bool exchangesByRsa = false, bool isRaw = false, int keys = 1) =>
        new((stream, socket) => new LyingTlsServer(lie, kind, isTls13) { ExchangesByRsa = exchangesByRsa, IsRaw = isRaw, Keys = keys }.ServeAsync(stream, socket));

    /// <summary>Serves one connection, to its end.</summary>
    /// <param name="stream">Where the client's octets come from, and ours go.</param>
    /// <param name="socket">The connection below.</param>
    public async Task ServeAsync(Stream stream, Socket socket) => await Task.Run(() =>
    {
        var protocol = new Protocol(stream, lie, () => socket.Shutdown(SocketShutdown.Send)) { Alter = Alter };
        try
        {
            protocol.Accept(this);
            Afterwards?.Invoke(octets => protocol.WriteApplicationData(octets, 0, octets.Length));
            var buffer = new byte[1024];
            while (protocol.ReadApplicationData(buffer, 0, buffer.Length) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Found out, or turned away. What the client says meanwhile is read, or the connection would be reset and our last word with it.
            socket.Shutdown(SocketShutdown.Send);
            while (socket.Receive(new byte[1024]) > 0)
            {
            }
        }
    });

    protected override ProtocolVersion[] GetSupportedVersions() => (isTls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12).Only();

    protected override int[] GetSupportedCipherSuites() =>
    [
        isTls13 ? CipherSuite.TLS_AES_128_GCM_SHA256
        : ExchangesByRsa ? CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256
        : IsRsa ? CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 : CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    ];

    public override TlsCredentials GetCredentials()
    {
        var certificate = IsRaw ? RawKey() : WithCertificate();
        return ExchangesByRsa ? new BcDefaultTlsCredentialedDecryptor((BcTlsCrypto)Crypto, certificate, HeldKey.Private) : new Signer(lie, kind, HeldKey, certificate);
    }

    private Certificate WithCertificate()
    {
        TlsCertificate[] shown = [.. (Shown ?? [(Own ?? ServerKey.Genuine[kind]).Certificate]).Select(octets => new ShownCertificate(octets))];
        return isTls13 ? new Certificate(TlsUtilities.EmptyBytes, [.. shown.Select(one => new CertificateEntry(one, null))]) : new Certificate(shown);
    }

    private Certificate RawKey()
    {
        var shown = Crypto.CreateCertificate(CertificateType.RawPublicKey, ServerKey.Genuine[kind].PublicKey.Span.ToArray());
        return new Certificate(CertificateType.RawPublicKey, isTls13 ? TlsUtilities.EmptyBytes : null, [.. Enumerable.Repeat(new CertificateEntry(shown, null), Keys)]);
    }

    private ServerKey HeldKey => lie == Lie.ForeignKey ? ServerKey.Foreign[kind] : Own ?? ServerKey.Genuine[kind];

    private sealed class Protocol(Stream stream, Lie lie, Action breakOff) : TlsServerProtocol(stream)
    {
        private const short Handshake = 22;
        private const byte Finished = 20;
        private const int LargestRecord = 16384;

        internal Func<byte[], (byte[] Sent, Action? Then)>? Alter { get; init; }

        protected override void Send13CertificateVerifyMessage(DigitallySigned certificateVerify)
        {
            if (lie == Lie.BrokenOff) breakOff();
            if (lie != Lie.SignatureLeftOut) base.Send13CertificateVerifyMessage(certificateVerify);
        }

        protected override void SendServerKeyExchangeMessage(byte[] serverKeyExchange)
        {
            if (lie == Lie.BrokenOff) breakOff();
            if (lie != Lie.SignatureLeftOut) base.SendServerKeyExchangeMessage(serverKeyExchange);
        }

        protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer)
        {
            if (type == Handshake && Alter is not null)
            {
                var (sent, then) = Alter(buffer.ToArray());
                for (var at = 0; at < sent.Length; at += LargestRecord) base.WriteRecord(type, sent.AsSpan(at, Math.Min(LargestRecord, sent.Length - at)));
                then?.Invoke();
                return;
            }

            if (type != Handshake || buffer[0] != Finished || lie is not (Lie.FinishedTurned or Lie.FinishedLeftOut))
            {
                base.WriteRecord(type, buffer);
                return;
            }

            if (lie == Lie.FinishedLeftOut) throw new TlsFatalAlert(AlertDescription.internal_error);
            var turned = buffer.ToArray();
            turned[^1] ^= 1;
            base.WriteRecord(type, turned);
        }
    }

#pragma warning disable CA1001 // A memory stream holds nothing to let go of.
    private sealed class Signer(Lie lie, KeyAlgorithm kind, ServerKey key, Certificate certificate) : TlsCredentialedSigner, TlsStreamSigner
    {
#pragma warning restore CA1001
        private readonly MemoryStream _signed = new();

        public Certificate Certificate => certificate;

        public SignatureAndHashAlgorithm SignatureAndHashAlgorithm => SignatureScheme.GetSignatureAndHashAlgorithm((kind, lie == Lie.OtherScheme) switch
        {
            (KeyAlgorithm.Rsa, false) => SignatureScheme.rsa_pss_rsae_sha256,
            (KeyAlgorithm.Rsa, true) => SignatureScheme.rsa_pss_pss_sha256,
            (KeyAlgorithm.Ecdsa, false) => SignatureScheme.ecdsa_secp256r1_sha256,
            (KeyAlgorithm.Ecdsa, true) => SignatureScheme.ecdsa_secp384r1_sha384,
            (_, false) => SignatureScheme.ed25519,
            (_, true) => SignatureScheme.ed448,
        });

        public Stream Stream => _signed;

        public TlsStreamSigner GetStreamSigner() => this;

        public byte[] GenerateRawSignature(byte[] hash) => throw new InvalidOperationException("the stream signer is used");

        public byte[] GetSignature()
        {
            byte[] said = lie == Lie.OtherTranscript ? [.. _signed.ToArray(), 0] : _signed.ToArray();
            var right = key.Sign(kind switch { KeyAlgorithm.Rsa => "SHA-256withRSAandMGF1", KeyAlgorithm.Ecdsa => "SHA-256withECDSA", _ => "Ed25519" }, said);
            return lie switch
            {
                Lie.SignatureCut => right[..^1],
                Lie.SignatureLonger => [.. right, 0],
                Lie.SignatureEmpty => [],
                Lie.SignatureZero => new byte[right.Length],
                Lie.NumbersZero => [0x30, 6, 2, 1, 0, 2, 1, 0],
                _ => right,
            };
        }
    }
}
