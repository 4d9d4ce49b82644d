using System.Globalization;

namespace Danelaw.Interop.Tests.Worlds;

/// <summary>What each sound zone of the signed world holds, and the questions that are asked of it.</summary>
internal static class ZoneContent
{
    // Long enough that the answer does not fit into 1232 octets: a truncated reply, then TCP.
    private static readonly string LongText = string.Join(' ', Enumerable.Range(0, 8).Select(part => $"\"{new string((char)('a' + part), 250)}\""));

    private static readonly string ManyTlsa = string.Concat(Enumerable.Range(0, 41).Select(i => string.Create(CultureInfo.InvariantCulture, $"_25._tcp.many TLSA 3 1 1 {i:X64}\n")));

    /// <summary>The zone file of a zone without its delegations.</summary>
    /// <param name="zone">The zone's name with its closing dot.</param>
    /// <param name="address">Its name server's address.</param>
    public static string Text(string zone, string address) => $"""
        $ORIGIN {zone}
        $TTL 300
        @ SOA ns hostmaster 1 3600 600 86400 60
        @ NS ns
        @ A 192.0.2.1
        @ MX 10 mx
        @ MX 20 Backup.MX
        @ TXT "v=spf1 mx -all" "second; string"
        @ CAA 0 issue "ca.example; policy=ev"
        ns A {address}
        www A 192.0.2.2
        www A 192.0.2.3
        www AAAA 2001:db8::2
        mx A 192.0.2.4
        _25._tcp.mx TLSA 3 1 1 0101010101010101010101010101010101010101010101010101010101010101
        _25._tcp.mx TLSA 2 0 2 {new string('a', 128)}
        Backup.MX A 192.0.2.5
        UPPER.Case TXT "Mixed Case"
        alias CNAME www
        chain1 CNAME chain2
        chain2 CNAME chain3
        chain3 CNAME www
        to-secure CNAME www.a13.nsec.
        to-other-secure CNAME chain1.b13.nsec3.
        to-insecure CNAME www.plain.optout.
        to-bogus CNAME www.expired.nsec.
        to-nothing CNAME no-such-name
        to-nodata CNAME txt
        to-wildcard CNAME under.wild
        loop1 CNAME loop2
        loop2 CNAME loop1
        txt TXT "\195\164 \"quoted\" \\ back"
        long TXT {LongText}
        {ManyTlsa}
        *.wild A 192.0.2.6
        *.wild TXT "from the wildcard"
        there.wild A 192.0.2.7
        *.wildalias CNAME www
        _25._tcp.*.wild TLSA 3 1 1 0202020202020202020202020202020202020202020202020202020202020202
        *._tcp.star TLSA 3 1 1 0303030303030303030303030303030303030303030303030303030303030303
        tree DNAME target
        host.target A 192.0.2.8
        far DNAME target.b13.nsec3.
        nowhere DNAME target.plain.optout.
        a.b.ent A 192.0.2.9
        \195\164pfel A 192.0.2.10
        z\200\201 TXT "eight bits"
        with\032blank A 192.0.2.11
        with\.dot A 192.0.2.12
        odd TYPE65280 \# 5 0102030405
        _imaps._tcp SRV 0 1 993 mx
        sshfp SSHFP 4 2 {new string('b', 64)}

        """;

    /// <summary>The questions for such a zone.</summary>
    /// <param name="zone">The zone's name with its closing dot.</param>
    public static IEnumerable<(string Name, string Type)> Questions(string zone) =>
        from question in new (string, string)[]
        {
            ("", "SOA"), ("", "NS"), ("", "MX"), ("", "TXT"), ("", "CAA"), ("", "DNSKEY"), ("", "DS"), ("", "TLSA"),
            ("www.", "A"), ("www.", "AAAA"), ("www.", "MX"), ("WWW.", "A"), ("mx.", "A"), ("mx.", "AAAA"),
            ("_25._tcp.mx.", "TLSA"), ("_tcp.mx.", "TLSA"), ("_443._tcp.mx.", "TLSA"), ("a.mx.", "A"),
            ("backup.mx.", "A"), ("upper.case.", "TXT"), ("case.", "A"),
            ("alias.", "A"), ("alias.", "CNAME"), ("alias.", "MX"), ("chain1.", "A"), ("chain1.", "TXT"),
            ("to-secure.", "A"), ("to-other-secure.", "AAAA"), ("to-insecure.", "A"), ("to-bogus.", "A"), ("to-nothing.", "A"), ("to-nodata.", "A"), ("to-wildcard.", "A"), ("loop1.", "A"),
            ("txt.", "TXT"), ("txt.", "A"), ("long.", "TXT"), ("_25._tcp.many.", "TLSA"),
            ("a.wild.", "A"), ("a.b.c.wild.", "TXT"), ("a.wild.", "MX"), ("there.wild.", "A"), ("there.wild.", "TXT"), ("below.there.wild.", "A"), ("wild.", "A"), ("*.wild.", "A"),
            ("any.wildalias.", "A"), ("any.wildalias.", "CNAME"), ("any.wildalias.", "TXT"),
            ("_25._tcp.star.", "TLSA"), ("_25._tcp.star.", "A"), ("_25._tcp.x.wild.", "TLSA"),
            ("host.tree.", "A"), ("host.tree.", "CNAME"), ("gone.tree.", "A"), ("tree.", "DNAME"), ("tree.", "A"), ("host.far.", "A"), ("host.nowhere.", "A"),
            ("a.b.ent.", "A"), ("b.ent.", "A"), ("ent.", "TXT"), ("c.ent.", "A"),
            (@"\195\164pfel.", "A"), (@"z\200\201.", "TXT"), (@"y\200.", "A"), (@"with\032blank.", "A"), (@"with\.dot.", "A"), ("dot.", "A"),
            ("odd.", "TYPE65280"), ("_imaps._tcp.", "SRV"), ("sshfp.", "SSHFP"),
            ("aaa-no-such-name.", "A"), ("zzz-no-such-name.", "TLSA"), ("deep.down.no-such-name.", "A"), ("no-such-name.", "DS"),
            ("un.", "DS"), ("un.", "NS"), ("www.un.", "A"), ("no-such-name.un.", "A"), ("www.un.", "TLSA"),
        }
        select (question.Item1 + zone, question.Item2);

    /// <summary>One question of each kind, for zones that differ from another by the algorithm alone.</summary>
    /// <param name="zone">The zone's name with its closing dot.</param>
    public static IEnumerable<(string Name, string Type)> FewQuestions(string zone) =>
        from question in new (string, string)[]
        {
            ("", "DNSKEY"), ("", "DS"), ("", "MX"), ("www.", "A"), ("www.", "MX"), ("_25._tcp.mx.", "TLSA"), ("alias.", "A"), ("to-other-secure.", "AAAA"), ("long.", "TXT"),
            ("a.wild.", "A"), ("a.wild.", "MX"), ("host.tree.", "A"), ("b.ent.", "A"), (@"z\200\201.", "TXT"), ("zzz-no-such-name.", "TLSA"), ("un.", "DS"), ("www.un.", "A"),
        }
        select (question.Item1 + zone, question.Item2);

    /// <summary>A small zone below another, signed or not.</summary>
    public static string SmallText(string zone, string address) => $"""
        $ORIGIN {zone}
        $TTL 300
        @ SOA ns hostmaster 1 3600 600 86400 60
        @ NS ns
        ns A {address}
        www A 192.0.2.20
        _25._tcp.www TLSA 3 1 1 0404040404040404040404040404040404040404040404040404040404040404
        *.wild A 192.0.2.21
        to-secure CNAME www.a13.nsec.
        host.target A 192.0.2.22
        z TXT "last"

        """;

    /// <summary>The questions for a small zone.</summary>
    public static IEnumerable<(string Name, string Type)> SmallQuestions(string zone) =>
        from question in new (string, string)[]
        {
            ("", "SOA"), ("www.", "A"), ("_25._tcp.www.", "TLSA"), ("www.", "TLSA"), ("x.wild.", "A"), ("no-such-name.", "A"), ("to-secure.", "A"), ("", "DS"), ("", "DNSKEY"),
        }
        select (question.Item1 + zone, question.Item2);
}
