using System.Buffers.Binary;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Signing;

/// <summary>The examples of RFC 8080 §6. EdDSA is deterministic, so ours must be theirs octet by octet.</summary>
public class Rfc8080VectorTests
{
    private const string Ed25519First = "Algorithm: 15 (ED25519)\nPrivateKey: ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n";
    private const string Ed25519Second = "Algorithm: 15 (ED25519)\nPrivateKey: DSSF3o0s0f+ElWzj9E/Osxw8hLpk55chkmx0LYN5WiY=\n";
    private const string Ed448First = "Algorithm: 16 (ED448)\nPrivateKey: xZ+5Cgm463xugtkY5B0Jx6erFTXp13rYegst0qRtNsOYnaVpMx0Z/c5EiA9x8wWbDDct/U3FhYWA\n";
    private const string Ed448Second = "Algorithm: 16 (ED448)\nPrivateKey: WEykD3ht3MHkU8iH4uVOLz8JLwtRBSqiBoM6fF72+Mrp/u5gjxuB1DV6NnPO2BlZdz4hdSTkOdOA\n";

    private static readonly SignatureValidity Validity = new(DateTimeOffset.FromUnixTimeSeconds(1438207200), DateTimeOffset.FromUnixTimeSeconds(1440021600));

    [Theory, Rfc(8080, "6.1"), Rfc(8080, "6.2"), Rfc(8080, "3")]
    [InlineData(Ed25519First, 3613, "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=")]
    [InlineData(Ed25519Second, 35217, "zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=")]
    [InlineData(Ed448First, 9713, "3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA")]
    [InlineData(Ed448Second, 38353, "kkreGWoccSDmUBGAe7+zsbG6ZAFQp+syPmYUurBRQc3tDjeMCJcVMRDmgcNLp5HlHAMy12VoISsA")]
    public void The_private_key_gives_the_public_key_and_tag_that_the_example_shows(string privateKey, int keyTag, string publicKey)
    {
        var key = Read(privateKey);

        Assert.Equal(publicKey, key.PublicKey.ToBase64());
        Assert.Equal(keyTag, key.KeyTag);
    }

    /// <summary>The printed signatures count three labels in a name of two; over those very octets they come out as printed.</summary>
    [Theory, Rfc(8080, "6.1"), Rfc(8080, "6.2"), Rfc(8080, "4")]
    [InlineData(Ed25519First, "Edk+IB9KNNWg0HAjm7FazXyrd5m3Rk8zNZbvNpAcM+eysqcUOMIjWoevFkjH5GaMWeG96GUVZu6ECKOQmemHDg==")]
    [InlineData(Ed25519Second, "5LL2obmzdqjWI+Xto5eP5adXt/T5tMhasWvwcyW4L3SzfcRawOle9bodhC+oip9ayUGjY9T/rL4rN3bOuESGDA==")]
    [InlineData(Ed448First, "Nmc0rgGKpr3GKYXcB1JmqqS4NYwhmechvJTqVzt3jR+Qy/lSLFoIk1L+9e39GPL+5tVzDPN3f9kAwiu8KCuPPjtl227ayaCZtRKZuJax7n9NuYlZJIusX0SOIOKBGzG+yWYtz1/jjbzl5GGkWvREUCUA")]
    [InlineData(Ed448Second, "+JjANio/LIzp7osmMYE5XD3H/YES8kXs5Vb9H8MjPS8OAGZMD37+LsCIcjg5ivt0d4Om/UaqETEAsJjaYe56CEQP5lhRWuD2ivBqE0zfwJTyp4WqvpULbpvaukswvv/WNEFxzEYQEIm9+xDlXj4pMAMA")]
    public void The_octets_of_the_example_are_signed_as_printed(string privateKey, string signature)
    {
        var key = Read(privateKey);
        var tag = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(tag, key.KeyTag);
        byte[] octets =
        [
            0, 15, (byte)key.Algorithm, 3, .. Convert.FromHexString("00000e1055d4fc6055b94ce0"), .. tag, .. "\u0007example\u0003com\0"u8,
            .. "\u0007example\u0003com\0"u8, 0, 15, 0, 1, .. Convert.FromHexString("00000e10"), 0, 20, 0, 10, .. "\u0004mail\u0007example\u0003com\0"u8,
        ];

        Assert.Equal(signature, Convert.ToBase64String(key.Sign(octets)));
    }

    [Theory, Rfc(8080, "6.1"), Rfc(8080, "6.2"), Rfc(4034, "3.1.3")]
    [InlineData(Ed25519First, "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==")]
    [InlineData(Ed448First, "3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA")]
    public void An_MX_set_is_signed_as_erratum_4935_shows(string privateKey, string signature)
    {
        var records = new RecordSet(DomainName.Parse("example.com."), RecordType.MX, RecordClass.IN, 3600, [Octets.Copy("\0\u000a\u0004mail\u0007example\u0003com\0"u8)]);

        var record = RecordSetSigner.Sign(records, Read(privateKey), DomainName.Parse("example.com."), Validity);

        Assert.Equal(signature, record.Data.Slice(18 + DomainName.Parse("example.com.").Length).ToBase64());
    }

    private static SigningKey Read(string text)
    {
        Assert.True(PrivateKeyFile.TryRead("Private-key-format: v1.2\n" + text, DnskeyFlags.KeySigning, out var key, out var fault), fault);
        return key;
    }
}
