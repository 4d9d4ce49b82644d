using System.Globalization;
using System.Net;
using System.Text;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Tests.Worlds;

/// <summary>Records as a person would write them, for the few types that test worlds need.</summary>
internal static class Text
{
    internal static DomainName Name(string text) => DomainName.Parse(text);

    /// <summary>A line such as <c>www 300 A 192.0.2.1</c>; names without a closing dot are below the origin, <c>@</c> is the origin.</summary>
    internal static ResourceRecord Record(string line, DomainName origin)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(RecordTypes.TryParse(words[2], out var type), line);
        return new(Relative(words[0], origin), type, RecordClass.IN, uint.Parse(words[1], CultureInfo.InvariantCulture), Data(type, words[3..], origin));
    }

    private static DomainName Relative(string text, DomainName origin)
    {
        Assert.True(DomainName.TryParseRelative(text, origin, out var name, out var fault), $"{text}: {fault}");
        return name;
    }

    private static Octets Data(RecordType type, string[] words, DomainName origin)
    {
        switch (type)
        {
            case RecordType.A or RecordType.AAAA: return AddressData.ToOctets(IPAddress.Parse(words[0]));
            case RecordType.NS or RecordType.CNAME or RecordType.DNAME or RecordType.PTR: return new NameData(Relative(words[0], origin)).ToOctets();
            case RecordType.MX: return new MxData(ushort.Parse(words[0], CultureInfo.InvariantCulture), Relative(words[1], origin)).ToOctets();
            case RecordType.TXT:
                var text = Encoding.Latin1.GetBytes(words[0]);
                return new((byte[])[(byte)text.Length, .. text]);
            case RecordType.SOA:
                var numbers = words[2..].Select(word => uint.Parse(word, CultureInfo.InvariantCulture)).ToArray();
                return new SoaData(Relative(words[0], origin), Relative(words[1], origin), numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]).ToOctets();
            case RecordType.TLSA:
                Assert.True(Octets.TryParseHex(words[3], out var association));
                return new((byte[])[byte.Parse(words[0], CultureInfo.InvariantCulture), byte.Parse(words[1], CultureInfo.InvariantCulture), byte.Parse(words[2], CultureInfo.InvariantCulture), .. association.Span]);
            default:
                Assert.True(Octets.TryParseHex(words[0], out var octets));
                return octets;
        }
    }
}
