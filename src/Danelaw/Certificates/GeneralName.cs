using System.Collections.Immutable;
using System.Formats.Asn1;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>Which kind of name a GeneralName is: its tag (RFC 5280 §4.2.1.6); others than these are kept and never understood.</summary>
internal enum GeneralNameKind
{
    OtherName = 0,
    Mail = 1,
    Dns = 2,
    X400 = 3,
    Directory = 4,
    EdiParty = 5,
    Uri = 6,
    Address = 7,
    RegisteredId = 8,
}

/// <summary>A GeneralName (RFC 5280 §4.2.1.6).</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Content">What stands under its tag; for a directory name the Name itself.</param>
internal readonly record struct GeneralName(GeneralNameKind Kind, Octets Content)
{
    /// <summary>Reads one.</summary>
    public static bool TryRead(ref DerReader reader, out GeneralName name)
    {
        name = default;
        if (!reader.TryReadAny(out var tag, out _, out var content) || tag.TagClass != TagClass.ContextSpecific || tag.TagValue > (int)GeneralNameKind.RegisteredId) return false;

        // An otherName is a SEQUENCE under its tag; as a primitive it says nothing.
        name = new((GeneralNameKind)tag.TagValue, tag is { TagValue: (int)GeneralNameKind.OtherName, IsConstructed: false } ? default : Octets.Copy(content));
        return true;
    }

    /// <summary>Reads a SEQUENCE of them that is all there is.</summary>
    public static bool TryReadAll(ReadOnlySpan<byte> octets, out ImmutableArray<GeneralName> names)
    {
        names = [];
        var outer = new DerReader(octets);
        if (!outer.TryReadSequence(out var list) || !outer.IsAtEnd) return false;
        var read = ImmutableArray.CreateBuilder<GeneralName>();
        while (!list.IsAtEnd)
        {
            if (!TryRead(ref list, out var name)) return false;
            read.Add(name);
        }

        names = read.ToImmutable();
        return true;
    }
}
