using System.Formats.Asn1;

namespace Danelaw.Tests.Certificates;

/// <summary>An extension of a made certificate.</summary>
/// <param name="Oid">Its identifier.</param>
/// <param name="IsCritical">Whether it is critical.</param>
/// <param name="Value">What stands in its OCTET STRING.</param>
internal sealed record Extension(string Oid, bool IsCritical, byte[] Value)
{
    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oid);
            if (IsCritical) writer.WriteBoolean(true);
            writer.WriteOctetString(Value);
        }
    }

    public static Extension Authority(int? pathLength = null, bool isAuthority = true) => new("2.5.29.19", true, Encode(writer =>
    {
        using (writer.PushSequence())
        {
            if (isAuthority) writer.WriteBoolean(true);
            if (pathLength is { } length) writer.WriteInteger(length);
        }
    }));

    /// <param name="bits">The bits in order, the first digitalSignature, such as <c>0000011</c>.</param>
    public static Extension KeyUsage(string bits) => new("2.5.29.15", true, Encode(writer =>
    {
        var octets = new byte[2];
        for (var i = 0; i < bits.Length; i++)
            if (bits[i] == '1') octets[i / 8] |= (byte)(0x80 >> (i % 8));
        var used = bits.LastIndexOf('1') + 1;
        writer.WriteBitString(octets.AsSpan(0, (used + 7) / 8), (8 - (used % 8)) % 8);
    }));

    public static Extension Purposes(params string[] oids) => new("2.5.29.37", false, Encode(writer =>
    {
        using (writer.PushSequence())
            foreach (var oid in oids) writer.WriteObjectIdentifier(oid);
    }));

    /// <param name="identifier">What tells the key from others.</param>
    public static Extension SubjectKeyIdentifier(byte identifier) => new("2.5.29.14", false, Encode(writer => writer.WriteOctetString([identifier])));

    /// <param name="identifier">What tells the issuer's key from others.</param>
    public static Extension AuthorityKeyIdentifier(byte identifier) => new("2.5.29.35", false, Encode(writer =>
    {
        using (writer.PushSequence()) writer.WriteOctetString([identifier], new Asn1Tag(TagClass.ContextSpecific, 0));
    }));

    /// <param name="issuer">The common name of the issuer of the issuer's certificate.</param>
    /// <param name="serial">Its serial number.</param>
    public static Extension AuthorityKeyIdentifier(string issuer, byte serial) => new("2.5.29.35", false, Encode(writer =>
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
                writer.WriteEncodedValue(Forge.Name(issuer));
            writer.WriteInteger(serial, new Asn1Tag(TagClass.ContextSpecific, 2));
        }
    }));

    /// <param name="bits">The kinds in order, the first TLS clients, the second TLS servers.</param>
    public static Extension NetscapeCertificateType(byte bits) => new("2.16.840.1.113730.1.1", false, Encode(writer => writer.WriteBitString([bits])));

    public static Extension DnsNames(params string[] names) => AlternativeNames([.. names.Select(name => (2, System.Text.Encoding.Latin1.GetBytes(name)))]);

    /// <param name="names">GeneralNames: the choice's number and its content. 1 mail, 2 DNS, 4 directory name (content: a Name), 6 URI, 7 address.</param>
    public static Extension AlternativeNames(params (int Choice, byte[] Content)[] names) => new("2.5.29.17", false, Encode(writer =>
    {
        using (writer.PushSequence())
            foreach (var (choice, content) in names) WriteGeneralName(writer, choice, content);
    }));

    public static Extension NameConstraints((int Choice, byte[] Content)[] permitted, (int Choice, byte[] Content)[] excluded) => new("2.5.29.30", true, Encode(writer =>
    {
        using (writer.PushSequence())
        {
            WriteSubtrees(writer, 0, permitted);
            WriteSubtrees(writer, 1, excluded);
        }
    }));

    public static (int Choice, byte[] Content) Dns(string name) => (2, System.Text.Encoding.Latin1.GetBytes(name));

    public static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    private static void WriteSubtrees(AsnWriter writer, int number, (int Choice, byte[] Content)[] subtrees)
    {
        if (subtrees.Length == 0) return;
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, number)))
            foreach (var (choice, content) in subtrees)
                using (writer.PushSequence()) WriteGeneralName(writer, choice, content);
    }

    private static void WriteGeneralName(AsnWriter writer, int choice, byte[] content)
    {
        if (choice == 4)
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, choice))) writer.WriteEncodedValue(content);
        else
            writer.WriteOctetString(content, new Asn1Tag(TagClass.ContextSpecific, choice));
    }
}
