namespace Danelaw.Dnssec.Tests.Signing;

/// <summary>The example zones of RFC 4035 Appendix A and RFC 5155 Appendix A without what signing adds. Both have the same data but for a few names.</summary>
internal static class RfcZones
{
    internal const string Rfc4035 = """
        example.        3600 IN SOA ns1.example. bugs.x.w.example. 1081539377 3600 300 3600000 3600
        example.        3600 IN NS  ns1.example.
        example.        3600 IN NS  ns2.example.
        example.        3600 IN MX  1 xx.example.
        a.example.      3600 IN NS  ns1.a.example.
        a.example.      3600 IN NS  ns2.a.example.
        a.example.      3600 IN DS  57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B
        ns1.a.example.  3600 IN A   192.0.2.5
        ns2.a.example.  3600 IN A   192.0.2.6
        ai.example.     3600 IN A   192.0.2.9
        ai.example.     3600 IN HINFO "KLH-10" "ITS"
        ai.example.     3600 IN AAAA 2001:db8::f00:baa9
        b.example.      3600 IN NS  ns1.b.example.
        b.example.      3600 IN NS  ns2.b.example.
        ns1.b.example.  3600 IN A   192.0.2.7
        ns2.b.example.  3600 IN A   192.0.2.8
        ns1.example.    3600 IN A   192.0.2.1
        ns2.example.    3600 IN A   192.0.2.2
        *.w.example.    3600 IN MX  1 ai.example.
        x.w.example.    3600 IN MX  1 xx.example.
        x.y.w.example.  3600 IN MX  1 xx.example.
        xx.example.     3600 IN A   192.0.2.10
        xx.example.     3600 IN HINFO "KLH-10" "TOPS-20"
        xx.example.     3600 IN AAAA 2001:db8::f00:baaa
        """;

    internal const string Rfc5155 = """
        example.        3600 IN SOA ns1.example. bugs.x.w.example. 1 3600 300 3600000 3600
        example.        3600 IN NS  ns1.example.
        example.        3600 IN NS  ns2.example.
        example.        3600 IN MX  1 xx.example.
        2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 3600 IN A 192.0.2.127
        a.example.      3600 IN NS  ns1.a.example.
        a.example.      3600 IN NS  ns2.a.example.
        a.example.      3600 IN DS  58470 5 1 3079F1593EBAD6DC121E202A8B766A6A4837206C
        ns1.a.example.  3600 IN A   192.0.2.5
        ns2.a.example.  3600 IN A   192.0.2.6
        ai.example.     3600 IN A   192.0.2.9
        ai.example.     3600 IN HINFO "KLH-10" "ITS"
        ai.example.     3600 IN AAAA 2001:db8::f00:baa9
        c.example.      3600 IN NS  ns1.c.example.
        c.example.      3600 IN NS  ns2.c.example.
        ns1.c.example.  3600 IN A   192.0.2.7
        ns2.c.example.  3600 IN A   192.0.2.8
        ns1.example.    3600 IN A   192.0.2.1
        ns2.example.    3600 IN A   192.0.2.2
        *.w.example.    3600 IN MX  1 ai.example.
        x.w.example.    3600 IN MX  1 xx.example.
        x.y.w.example.  3600 IN MX  1 xx.example.
        xx.example.     3600 IN A   192.0.2.10
        xx.example.     3600 IN HINFO "KLH-10" "TOPS-20"
        xx.example.     3600 IN AAAA 2001:db8::f00:baaa
        """;
}
