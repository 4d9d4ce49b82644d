using System.Collections.Immutable;
using System.Formats.Asn1;
using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Probes;

/// <summary>Which kind of key a server shows, read from its octets without judging the rest (RFC 5280 §4.1).</summary>
internal static class LeafKey
{
    /// <summary>The kind of the leaf's key; <see cref="KeyAlgorithm.Any"/> when it cannot be read or is another.</summary>
    internal static KeyAlgorithm AlgorithmOf(ImmutableArray<Octets> chain) => chain.IsDefaultOrEmpty ? KeyAlgorithm.Any : AlgorithmOf(chain[0].Span);

    /// <summary>The kind of the key that was shown, in a certificate or by itself.</summary>
    internal static KeyAlgorithm AlgorithmOf(Observation seen) => seen.Target.RawPublicKey ? AlgorithmOfKey(seen.RawPublicKey.Span) : AlgorithmOf(seen.Chain);

    internal static KeyAlgorithm AlgorithmOf(ReadOnlySpan<byte> certificate)
    {
        try
        {
            var tbs = new AsnReader(certificate.ToArray(), AsnEncodingRules.BER).ReadSequence().ReadSequence();
            if (tbs.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0))) tbs.ReadEncodedValue();

            // Serial number, signature, issuer, validity, subject.
            for (var i = 0; i < 5; i++) tbs.ReadEncodedValue();
            return KindOf(tbs.ReadSequence());
        }
        catch (AsnContentException)
        {
            return KeyAlgorithm.Any;
        }
    }

    /// <summary>Whether the leaf's key is one that everybody has: whoever shows it proves nothing.</summary>
    internal static bool IsEverybodys(ImmutableArray<Octets> chain) => !chain.IsEmpty && Certificate.TryRead(chain[0], out var leaf) && RsaCertificateKey.IsEverybodys(leaf.PublicKey.Span);

    /// <summary>What was asked for, in people's words.</summary>
    internal static string NameOf(ProbeTarget asked) => asked.RawPublicKey ? "a raw public key" : NameOf(asked.Algorithm);

    /// <summary>The kind in people's words.</summary>
    internal static string NameOf(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Any => "another key",
        KeyAlgorithm.Rsa => "an RSA key",
        KeyAlgorithm.Ecdsa => "an ECDSA key",
        KeyAlgorithm.Eddsa => "an EdDSA key",
    };

    private static KeyAlgorithm AlgorithmOfKey(ReadOnlySpan<byte> publicKey)
    {
        try
        {
            return KindOf(new AsnReader(publicKey.ToArray(), AsnEncodingRules.BER).ReadSequence());
        }
        catch (AsnContentException)
        {
            return KeyAlgorithm.Any;
        }
    }

    private static KeyAlgorithm KindOf(AsnReader publicKey) => publicKey.ReadSequence().ReadObjectIdentifier() switch
    {
        "1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10" => KeyAlgorithm.Rsa,
        "1.2.840.10045.2.1" => KeyAlgorithm.Ecdsa,
        "1.3.101.112" or "1.3.101.113" => KeyAlgorithm.Eddsa,
        _ => KeyAlgorithm.Any,
    };
}
