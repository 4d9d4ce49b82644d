using System.Text;
using Danelaw.Dns;
using Danelaw.Dns.Names;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// Domain names from wire form and from text: both round trips, and every relation between names against <see cref="PlainName"/>, which keeps labels in the plainest way.
/// Input: one octet that says where the first piece ends, then two pieces; each is taken as wire form, as text, and as what a person typed.
/// </summary>
internal sealed class NameTarget : FuzzTarget
{
    internal override string Name => "name";

    internal override int MaximumLength => 1024;

    internal override void Run(byte[] input)
    {
        if (input.Length < 1) return;
        var middle = Math.Min(1 + input[0], input.Length);
        var names = new List<DomainName> { DomainName.Root };
        Read(new(input.AsMemory(1, middle - 1)), names);
        Read(new(input.AsMemory(middle)), names);
        foreach (var name in names)
        {
            CheckAlone(name);
            foreach (var other in names) CheckPair(name, other);
            foreach (var other in Neighbours(name, input[0])) CheckPair(name, other);
        }

        if (names.Count > 2) CheckMoves(names);
    }

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        yield return ("plain", Pieces("\u0003www\u0007example\0", "WWW.Example."));
        yield return ("escapes", Pieces("\u0004a.\\\"\0", @"a\.b\000\032\255\@.Example."));
        yield return ("wildcard", Pieces("\u0001*\u0002de\0", "*.xn--mnchen-3ya.de"));
        yield return ("longest", Pieces(string.Concat(Enumerable.Repeat("\u003f" + new string('x', 63), 3)) + "\u003d" + new string('y', 61) + "\0", string.Join('.', Enumerable.Repeat("a", 127))));
        yield return ("too-long", Pieces(string.Concat(Enumerable.Repeat("\u003f" + new string('x', 63), 4)) + "\0", new string('x', 64) + ".example"));
        yield return ("international", [4, 1, (byte)'a', 1, (byte)'b', .. "bücher.例え.テスト"u8]);
        yield return ("service", Pieces("\u0004_443\u0004_tcp\u0003WWW\u0007EXAMPLE\u0003com\0", "_443._TCP.www.example.COM"));
        yield return ("faults", Pieces("\u0003ab", @"a..b\2.\300."));
    }

    private static byte[] Pieces(string wire, string text) => [(byte)Math.Min(wire.Length, byte.MaxValue), .. Encoding.Latin1.GetBytes(wire), .. Encoding.Latin1.GetBytes(text)];

    private static void Read(Octets piece, List<DomainName> names)
    {
        if (DomainName.TryFromWire(piece, 0, out var shared))
        {
            FuzzFinding.Unless(DomainName.TryFromWire(piece.Span[..shared.Length], out var copied) && copied.EqualsExactly(shared), "a name that shares its octets is the one that copies them");
            names.Add(shared);
        }
        else
        {
            FuzzFinding.Unless(!DomainName.TryFromWire(piece.Span, out _), "what is no name to share octets with is no name to copy either");
        }

        var text = Encoding.Latin1.GetString(piece.Span);
        var isName = DomainName.TryParse(text, out var parsed, out var fault);
        FuzzFinding.Unless(isName == (fault == NameFault.None), "a text is refused exactly when there is a fault");
        if (isName) names.Add(parsed);
        if (DomainName.TryParseRelative(text, names[^1], out var relative, out _)) names.Add(relative);
        if (DomainName.TryFromUserInput(Encoding.UTF8.GetString(piece.Span), out var typed, out _)) names.Add(typed);
    }

    private static void CheckAlone(DomainName name)
    {
        var plain = PlainName.Of(name);
        FuzzFinding.Unless(name.Wire.Length == name.Length && name.Length is >= 1 and <= DomainName.MaximumLength, "a name has 1 to 255 octets");
        FuzzFinding.Unless(name.LabelCount == plain.Labels.Count && name.IsRoot == (plain.Labels.Count == 0), "labels are counted");

        var text = name.ToString();
        FuzzFinding.Unless(text.All(character => character is > ' ' and <= '~'), "presentation form is printable ASCII");
        FuzzFinding.Unless(DomainName.TryParse(text, out var read) && read.EqualsExactly(name), "text reads back to the same octets");
        FuzzFinding.Unless(DomainName.TryFromWire(name.Wire, out var wire) && wire.EqualsExactly(name), "wire form reads back to the same octets");
        FuzzFinding.Unless(name.ToOwned().EqualsExactly(name), "an owned copy is the same");

        var canonical = name.ToCanonical();
        FuzzFinding.Unless(canonical.Equals(name) && canonical.ToCanonical().EqualsExactly(canonical) && canonical.GetHashCode() == name.GetHashCode(), "canonical form is the same name, once and for all");
        FuzzFinding.Unless(PlainName.Of(canonical).IsLowerOf(plain), "canonical form has A to Z in lower case and nothing else changed (RFC 4034 §6.2)");
        FuzzFinding.Unless(name.IsWildcard == (plain.Labels is [[(byte)'*'], ..]), "a wildcard begins with an asterisk label");
        FuzzFinding.Unless(name.IsRoot || (name.IsBelow(name.Parent) && name.Parent.LabelCount == name.LabelCount - 1), "a name lies below its parent");
        if (name.TryToWildcardChild(out var wildcard))
            FuzzFinding.Unless(wildcard.IsWildcard && wildcard.Parent.EqualsExactly(name), "a wildcard stands directly below");
        else FuzzFinding.Unless(name.Length + 2 > DomainName.MaximumLength, "a wildcard is refused only for its length");

        for (var i = 0; i < name.LabelCount; i++)
        {
            FuzzFinding.Unless(name.GetLabel(i).SequenceEqual(plain.Labels[i]), "labels are those of the wire form");
            FuzzFinding.Unless(PlainName.Of(name.Suffix(i)).Labels.Count == i, "a suffix has the labels asked for");
        }
    }

    private static void CheckPair(DomainName name, DomainName other)
    {
        var (plain, against) = (PlainName.Of(name), PlainName.Of(other));
        var order = plain.CompareTo(against);
        FuzzFinding.Unless(Math.Sign(name.CompareTo(other)) == order, "the order is that of RFC 4034 §6.1");
        FuzzFinding.Unless(name.Equals(other) == (order == 0), "names of the same place are equal");
        FuzzFinding.Unless(order != 0 || name.GetHashCode() == other.GetHashCode(), "equal names have one hash");
        FuzzFinding.Unless(name.IsAtOrBelow(other) == plain.IsAtOrBelow(against), "below is told label by label");
        var common = name.CommonAncestor(other);
        FuzzFinding.Unless(common.LabelCount == plain.Common(against) && name.IsAtOrBelow(common) && other.IsAtOrBelow(common), "the common ancestor is the longest");
    }

    /// <summary>Names of which one octet has another bit: the one that tells upper from lower case, of letters and of all that is none.</summary>
    private static IEnumerable<DomainName> Neighbours(DomainName name, byte choice)
    {
        foreach (var place in new[] { choice % name.Length, name.Length - 2 })
        {
            if (place < 1) continue;
            var wire = name.Wire.ToArray();
            wire[place] ^= 0x20;
            if (DomainName.TryFromWire(wire, out var other) && other.Length == name.Length) yield return other;
        }
    }

    private static void CheckMoves(List<DomainName> names)
    {
        var (name, from, to) = (names[^1], names[^1].Parent, names[1]);
        var fits = name.Length - from.Length + to.Length <= DomainName.MaximumLength;
        FuzzFinding.Unless(name.TryReplaceSuffix(from, to, out var moved) == fits, "a name moves wherever it fits (RFC 6672 §2.2)");
        if (fits) FuzzFinding.Unless(moved.IsAtOrBelow(to) && moved.TryReplaceSuffix(to, from, out var back) && back.EqualsExactly(name), "a name that moved moves back");
        if (!name.IsAtOrBelow(to)) FuzzFinding.Unless(!name.TryReplaceSuffix(to, from, out _), "only what lies below moves");
    }
}
