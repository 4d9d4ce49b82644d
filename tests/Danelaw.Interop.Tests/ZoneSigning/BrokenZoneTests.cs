using Danelaw.Dnssec.Keys;
using Danelaw.Testing.Peers;
using static Danelaw.Interop.Tests.ZoneSigning.SigningTools;

namespace Danelaw.Interop.Tests.ZoneSigning;

/// <summary>Signed zones that were broken afterwards: what one of the peers refuses, we refuse.</summary>
[Peer("ldns"), Peer("bind"), Peer("knot")]
public sealed class BrokenZoneTests
{
    public static TheoryData<string, string> Breakages()
    {
        var cases = new TheoryData<string, string>();
        foreach (var breakage in (string[])["no-signature", "no-key-set-signature", "no-soa-signature", "changed-record", "changed-signature", "no-denial-record", "further-name", "further-type", "no-name", "further-cut", "changed-ds", "expired", "no-keys", "cname-and-others"])
            foreach (var denial in (string[])["NSEC", "NSEC3"]) cases.Add(breakage, denial);
        return cases;
    }

    [Theory, MemberData(nameof(Breakages)), Rfc(4035, "2"), Rfc(5155, "7.1")]
    public async Task A_broken_zone_that_a_peer_refuses_is_unsound(string breakage, string denial)
    {
        using var folder = new TestFolder("broken");
        var options = Options(denial);
        if (breakage == "expired") options = options with { Validity = new(Now.AddDays(-20), Now.AddDays(-1)) };
        Assert.True((await SignAsync(Zone, Keys(SecurityAlgorithm.EcdsaP256Sha256, isSplit: true), options, folder["sound"])).IsSigned);
        var text = await File.ReadAllTextAsync(folder["sound"], Cancelled);
        if (breakage != "expired") Assert.True((await CheckAsync(folder["sound"])).IsSound);

        var broken = folder.Write("broken", Break(text, breakage));

        var refusals = new List<string>();
        if (!await AcceptsAsync("ldns-verify-zone", broken)) refusals.Add("ldns-verify-zone");
        if (!await AcceptsAsync("dnssec-verify", "-o", "example.lab", broken)) refusals.Add("dnssec-verify");
        if (!await AcceptsAsync("kzonecheck", "-o", "example.lab.", broken)) refusals.Add("kzonecheck");
        Assert.NotEmpty(refusals);
        Assert.False((await CheckAsync(broken)).IsSound, $"refused by {string.Join(", ", refusals)}");
    }

    private static string Break(string text, string breakage)
    {
        var signature = text.Split('\n').First(line => Is(line, "host3.example.lab.", "RRSIG A"));
        return breakage switch
        {
            "no-signature" => Without(line => line == signature),
            "no-key-set-signature" => Without(line => Is(line, "example.lab.", "RRSIG DNSKEY")),
            "no-soa-signature" => Without(line => Is(line, "example.lab.", "RRSIG SOA")),
            "changed-record" => text.Replace("127.0.1.3\n", "127.0.1.33\n", StringComparison.Ordinal),
            "changed-signature" => text.Replace(signature, signature[..^10] + (signature[^10] == 'A' ? 'B' : 'A') + signature[^9..], StringComparison.Ordinal),
            "no-denial-record" => Without(line => line == text.Split('\n').Last(one => one.Contains(" IN NSEC ", StringComparison.Ordinal) || one.Contains(" IN NSEC3 ", StringComparison.Ordinal))),
            "further-name" => text + "further.example.lab. 3600 IN A 127.0.0.7\n",
            "further-type" => text + "host3.example.lab. 3600 IN AAAA ::1\n",
            "no-name" => Without(line => line.StartsWith("host3.", StringComparison.OrdinalIgnoreCase)),
            "further-cut" => text + "new.example.lab. 3600 IN NS ns.elsewhere.lab.\n",
            "changed-ds" => text.Replace(" IN DS 12345 ", " IN DS 12346 ", StringComparison.Ordinal),
            "expired" => text,
            "no-keys" => Without(line => line.Contains(" IN DNSKEY ", StringComparison.Ordinal)),
            "cname-and-others" => text + "host3.example.lab. 3600 IN CNAME ns.example.lab.\n",
            _ => throw new ArgumentOutOfRangeException(nameof(breakage)),
        };

        string Without(Func<string, bool> line) => string.Join('\n', text.Split('\n').Where(one => !line(one)));
        static bool Is(string line, string owner, string type) => line.StartsWith(owner + " ", StringComparison.OrdinalIgnoreCase) && line.Contains($" IN {type} ", StringComparison.Ordinal);
    }
}
