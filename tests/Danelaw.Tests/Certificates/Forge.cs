using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Dns;

namespace Danelaw.Tests.Certificates;

/// <summary>
/// Makes certificates of any shape, sound or broken, with keys that are the same in every run. Everything that a certificate says can
/// be set, also what no authority would write.
/// </summary>
internal sealed record Forge
{
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Whose certificate it is: the subject's common name, and what its key is made from.</summary>
    public required string Subject { get; init; }

    /// <summary>Who issues it: the issuer's common name, and what the signing key is made from. By default the subject itself.</summary>
    public string? Issuer { get; init; }

    /// <summary>The key that really signs, when it is not the issuer's.</summary>
    public string? Signer { get; init; }

    /// <summary>The subject's key, when it is not the one made from its name.</summary>
    public string? Key { get; init; }

    public DateTimeOffset NotBefore { get; init; } = Now.AddDays(-30);

    public DateTimeOffset NotAfter { get; init; } = Now.AddDays(60);

    public int Version { get; init; } = 3;

    /// <summary>The subject's Name in DER, when it is not a lone common name.</summary>
    public byte[]? SubjectName { get; init; }

    /// <summary>The issuer's Name in DER, when it is not a lone common name.</summary>
    public byte[]? IssuerName { get; init; }

    /// <summary>The SubjectPublicKeyInfo in DER, when it is not that of the key.</summary>
    public byte[]? PublicKey { get; init; }

    /// <summary>The Validity in DER, when it is not made of the dates.</summary>
    public byte[]? Validity { get; init; }

    /// <summary>The serial number's octets, when it is not one of its own.</summary>
    public byte[]? Serial { get; init; }

    /// <summary>The extensions in order.</summary>
    public Extension[] Extensions { get; init; } = [];

    /// <summary>How the issuer signs.</summary>
    public Signing Signing { get; init; } = Signing.EcdsaSha256;

    /// <summary>What kind of key the subject has.</summary>
    public Signing KeyKind { get; init; } = Signing.EcdsaSha256;

    /// <summary>The AlgorithmIdentifier within what is signed, when it is not the same as outside.</summary>
    public byte[]? InnerAlgorithm { get; init; }

    /// <summary>The signature, when it is not made by the signer.</summary>
    public byte[]? Signature { get; init; }

    /// <summary>The certificate.</summary>
    public Octets Make()
    {
        var toBeSigned = ToBeSigned();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned);
            writer.WriteEncodedValue(Signing.Algorithm);
            writer.WriteBitString(Signature ?? Signing.Sign(Signer ?? Issuer ?? Subject, toBeSigned));
        }

        return new(writer.Encode());
    }

    private byte[] ToBeSigned()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (Version != 1)
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) writer.WriteInteger(Version - 1);
            if (Serial is not null) writer.WriteInteger(Serial);
            else writer.WriteInteger(SHA256.HashData(Encoding.UTF8.GetBytes($"{Subject} {Issuer} {Key} {NotAfter:O}"))[0] + 1L);
            writer.WriteEncodedValue(InnerAlgorithm ?? Signing.Algorithm);
            writer.WriteEncodedValue(IssuerName ?? Name(Issuer ?? Subject));
            writer.WriteEncodedValue(Validity ?? Dates());
            writer.WriteEncodedValue(SubjectName ?? Name(Subject));
            writer.WriteEncodedValue(PublicKey ?? KeyKind.PublicKeyOf(Key ?? Subject));
            WriteExtensions(writer);
        }

        return writer.Encode();
    }

    private void WriteExtensions(AsnWriter writer)
    {
        if (Extensions.Length == 0) return;
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
        using (writer.PushSequence())
            foreach (var extension in Extensions) extension.Write(writer);
    }

    private byte[] Dates()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteDate(writer, NotBefore);
            WriteDate(writer, NotAfter);
        }

        return writer.Encode();
    }

    private static void WriteDate(AsnWriter writer, DateTimeOffset date)
    {
        if (date.Year is >= 1950 and < 2050) writer.WriteUtcTime(date);
        else writer.WriteGeneralizedTime(date, omitFractionalSeconds: true);
    }

    /// <summary>A Name of one common name, as UTF8String.</summary>
    public static byte[] Name(string commonName) => Name(("2.5.4.3", commonName));

    /// <summary>A Name of several attributes, one in each RDN, as UTF8String.</summary>
    public static byte[] Name(params (string Oid, string Value)[] attributes) => Name(UniversalTagNumber.UTF8String, attributes);

    /// <summary>A Name of several attributes, one in each RDN, of a string type.</summary>
    public static byte[] Name(UniversalTagNumber type, params (string Oid, string Value)[] attributes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
            foreach (var (oid, value) in attributes)
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(oid);
                    writer.WriteCharacterString(type, value);
                }
        return writer.Encode();
    }

    /// <summary>A server's certificate for one DNS name, issued by somebody.</summary>
    public static Forge Leaf(string name, string issuer) => new() { Subject = name, Issuer = issuer, Extensions = [Extension.DnsNames(name)] };

    /// <summary>An authority that issues itself.</summary>
    public static Forge Root(string name, Signing kind) => new() { Subject = name, Extensions = [Extension.Authority()], Signing = kind, KeyKind = kind };

    /// <summary>An authority that issues itself.</summary>
    public static Forge Root(string name) => new() { Subject = name, Extensions = [Extension.Authority()] };

    /// <summary>An authority issued by another.</summary>
    public static Forge Intermediate(string name, string issuer) => new() { Subject = name, Issuer = issuer, Extensions = [Extension.Authority()] };
}
