using Danelaw.Certificates;
using Danelaw.Probes;
using Danelaw.Probes.SecondProber;
using TlsScheme = Org.BouncyCastle.Tls.SignatureScheme;

namespace Danelaw.Tests.Probes;

/// <summary>Which schemes are offered, and which of them a key may prove itself by.</summary>
public sealed class SignatureOffersTests
{
    [Theory, Rfc(8446, "4.2.3"), Rfc(9155, "2")]
    [InlineData(KeyAlgorithm.Rsa, TlsScheme.rsa_pss_rsae_sha256, true, true)]
    [InlineData(KeyAlgorithm.Rsa, TlsScheme.rsa_pkcs1_sha256, false, true)]
    [InlineData(KeyAlgorithm.Rsa, TlsScheme.rsa_pkcs1_sha1, false, false)]
    [InlineData(KeyAlgorithm.Rsa, TlsScheme.rsa_pss_pss_sha256, false, false)]
    [InlineData(KeyAlgorithm.Rsa, TlsScheme.ecdsa_secp256r1_sha256, false, false)]
    [InlineData(KeyAlgorithm.Rsa, TlsScheme.ed25519, false, false)]
    [InlineData(KeyAlgorithm.Ecdsa, TlsScheme.ecdsa_secp256r1_sha256, true, true)]
    [InlineData(KeyAlgorithm.Ecdsa, TlsScheme.ecdsa_secp384r1_sha384, false, true)]
    [InlineData(KeyAlgorithm.Ecdsa, TlsScheme.ecdsa_sha1, false, false)]
    [InlineData(KeyAlgorithm.Ecdsa, TlsScheme.rsa_pss_rsae_sha256, false, false)]
    [InlineData(KeyAlgorithm.Eddsa, TlsScheme.ed25519, true, true)]
    [InlineData(KeyAlgorithm.Eddsa, TlsScheme.ed448, false, false)]
    [InlineData(KeyAlgorithm.Eddsa, 0, false, false)]
    public void A_scheme_fits_the_keys_that_it_is_for(KeyAlgorithm kind, int scheme, bool fitsInTls13, bool fitsInTls12)
    {
        Assert.True(Certificate.TryRead(ServerKey.Genuine[kind].Certificate, out var certificate));

        Assert.Equal(fitsInTls13, SignatureOffers.TryFit(scheme, isTls13: true, certificate.PublicKey.Span, out _));
        Assert.Equal(fitsInTls12, SignatureOffers.TryFit(scheme, isTls13: false, certificate.PublicKey.Span, out _));
    }

    [Fact]
    public void What_is_no_key_fits_nothing() => Assert.False(SignatureOffers.TryFit(TlsScheme.ed25519, isTls13: true, [0x30, 0x00], out _));

    [Theory, Rfc(9155, "2")]
    [InlineData(KeyAlgorithm.Any)]
    [InlineData(KeyAlgorithm.Rsa)]
    [InlineData(KeyAlgorithm.Ecdsa)]
    [InlineData(KeyAlgorithm.Eddsa)]
    public void Neither_MD5_nor_SHA_1_may_prove_a_key(KeyAlgorithm kind) =>
        Assert.DoesNotContain(SignatureOffers.For(kind), offered => TlsScheme.From(offered) is TlsScheme.rsa_pkcs1_sha1 or TlsScheme.ecdsa_sha1 || offered.Hash is 1 or 2);
}
