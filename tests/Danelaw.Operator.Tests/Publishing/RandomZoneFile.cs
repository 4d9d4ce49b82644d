using System.Text;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>Writes zones as people do, and worse.</summary>
internal sealed class RandomZoneFile(Random random)
{
    private string _origin = "example.org.";
    private int _count;

    public string Write(string folder)
    {
        foreach (var old in Directory.GetFiles(folder)) File.Delete(old);
        var text = new StringBuilder();
        if (random.Next(8) > 0) text.Append("$TTL 3600\n");
        text.Append(random.Next(2) == 0 ? "@ IN SOA ns1 hostmaster ( 2026112501 ; serial\n  7200 900 1209600 300 )\n" : "@ 3600 SOA ns1 hostmaster 7 7200 900 1209600 300\n").Append("  NS ns1.example.net.\n");
        for (var left = random.Next(2, 14); left > 0; left--) text.Append(Entry(isIncluded: false));
        var whole = text.ToString();
        if (random.Next(5) == 0) whole = whole.TrimEnd('\n');
        var ends = random.Next(4) == 0 ? "\r\n" : "\n";
        if (whole.Contains("$INCLUDE", StringComparison.Ordinal))
        {
            _origin = "mx.example.org.";
            File.WriteAllText(Path.Combine(folder, "a.inc"), string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Entry(isIncluded: true))), Encoding.Latin1);
        }

        File.WriteAllText(Path.Combine(folder, "zone"), whole.Replace("\n", ends, StringComparison.Ordinal), Encoding.Latin1);
        return Path.Combine(folder, "zone");
    }

    private string Entry(bool isIncluded) => random.Next(isIncluded ? 20 : 24) switch
    {
        < 9 => Head(isMail: true) + Tlsa(),
        < 12 => Head(isMail: false) + $"A 192.0.2.{++_count}\n",
        < 15 => Head(random.Next(2) == 0) + $"TXT \"; no comment ( {++_count}\" ; one\n",
        < 16 => Head(isMail: false) + $"TXT ( \"one {++_count}\" ; first )\n   \"two\" )\n",
        < 17 => "; a comment (\n",
        < 18 => "\n",
        < 19 => Origin(),
        < 20 => "$TTL 600\n",
        < 21 => "\t \n",
        < 22 => isIncluded || _count > 40 ? "\n" : Include(),
        < 23 => $"$GENERATE 1-2 host{++_count}-$ A 192.0.2.$\n",
        _ => "mx 300 A 192.0.2.25\n",
    };

    private string Include()
    {
        _count += 41;
        return "$INCLUDE a.inc mx.example.org. ; the mail server\n";
    }

    private string Origin()
    {
        _origin = _origin == "example.org." ? "mx.example.org." : "example.org.";
        return $"$ORIGIN {_origin}\n";
    }

    /// <summary>Owner, TTL and class, each of which may be left out.</summary>
    private string Head(bool isMail)
    {
        var owner = random.Next(3) == 0 ? new string(' ', random.Next(1, 20))
            : !isMail ? random.Next(2) == 0 ? "www" : "www.example.org."
            : random.Next(4) == 0 ? "_25._tcp.mx.example.org." : _origin == "example.org." ? "_25._tcp.mx" : "_25._tcp";
        return $"{owner}{(random.Next(3) == 0 ? "\t" : " ")}{(random.Next(3) == 0 ? "300 " : "")}{(random.Next(3) == 0 ? "IN " : "")}";
    }

    private string Tlsa()
    {
        var hex = new string("abcdef"[random.Next(6)], 64);
        return random.Next(5) switch
        {
            0 => $"TLSA ( 3 1 1 ; the key\n  {hex[..30]}\n  {hex[30..]} ) ; end\n",
            1 => $"TYPE52 \\# 35 030101{hex}\n",
            2 => $"TLSA 3 1 1 {hex[..20]} {hex[20..]} ; by hand\n",
            _ => $"TLSA 3 1 1 {hex}\n",
        };
    }
}
