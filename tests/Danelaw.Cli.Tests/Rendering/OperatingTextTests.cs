using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>The operator's texts: lines of ours are lines, and a line break that came from elsewhere is shown.</summary>
public sealed class OperatingTextTests
{
    private static Page NewPage() => new(new PageStyle(false, 80));

    [Fact]
    public void A_command_in_what_was_not_seen_stands_on_a_line_of_its_own()
    {
        var page = NewPage();
        var unseen = new Unseen("mx.example.org", "192.0.2.25 port 25 could not be tested: 554 go\nall is well") { Mend = "Look from elsewhere:\ndanelaw check example.org --resolver 192.0.2.53" };
        DoctorText.Write(page, new("mx.example.org", [], [unseen], [], true), new HostFiles("/nonexistent"), new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("""
            mx.example.org: 0 errors, 0 warnings, 0 notes

            Not seen
              mx.example.org: 192.0.2.25 port 25 could not be tested: 554 go\nall is well
                -> Look from elsewhere:
                   danelaw check example.org --resolver 192.0.2.53

            """, page.ToString());
    }

    [Fact]
    public void What_is_the_same_at_very_many_hosts_is_told_once_and_MX_names_of_their_own_are_one_group()
    {
        string[] domains = [.. Enumerable.Range(1, 5000).Select(i => $"d{i}.example")];
        var findings = domains.Select(domain => new AuditFinding("TLSA-NONE", Severity.Warning, $"_25._tcp.mx.{domain}", null, $"mx.{domain} has no TLSA records", new Mend($"_25._tcp.mx.{domain}. IN TLSA")));
        var other = new AuditFinding("TLSA-MISMATCH", Severity.Error, "mx.d1.example, port 993", null, "mx.d1.example shows another key.", Mend.None);
        var report = new DoctorReport("mx.example.org", [other, .. findings], [], [.. domains.Select(domain => new DomainRow(domain, "mx." + domain, "mx." + domain, "unprotected")), new("example.org", "mx.example.org", "mx.example.org", "verified")], true);
        var page = NewPage();
        DoctorText.Write(page, report, new HostFiles("/nonexistent"), new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("""
            mx.example.org: 1 error, 5000 warnings, 0 notes

            error TLSA-MISMATCH  mx.d1.example, port 993
              mx.d1.example shows another key.

            warning TLSA-NONE  _25._tcp.mx.d1.example
              mx.d1.example has no TLSA records.
              The same holds for mx.d2.example, mx.d3.example, mx.d4.example and 4996 more
              (-v tells each).
              -> _25._tcp.mx.d1.example. IN TLSA

            MX names of their own: unprotected, 5000 domains
              d1.example d2.example d3.example d4.example d5.example d6.example d7.example
              d8.example d9.example d10.example d11.example d12.example d13.example
              d14.example d15.example d16.example d17.example d18.example d19.example
              d20.example and 4980 more (-v)
            mx.example.org: verified, 1 domain
              example.org

            More: danelaw explain TLSA-MISMATCH

            """, page.ToString());
    }

    [Fact]
    public void On_a_live_host_doctor_leads_to_setup_where_Postfix_has_faults()
    {
        var page = NewPage();
        DoctorText.Write(page, new("mx", [new("POSTFIX-OUTBOUND-OFF", Severity.Error, "postfix", null, "It is off.", Mend.None)], [], [], true), new HostFiles("/"), new Output(false, false, false, PageStyle.Pipe));
        Assert.Contains("\nSetup: danelaw setup --dry-run shows what of this it would mend, and how\n", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_something_is_in_the_way_nothing_else_is_told()
    {
        var page = NewPage();
        var plan = new SetupPlan { Host = "mx", Obstacles = [new("It is so.", "Mend it.", true)], Remarks = ["Nothing brings renewed certificates."], Left = [new("TLSA-TTL-LONG", Severity.Warning, "_25._tcp.mx", null, "Long.", new Mend("Shorten it."))] };
        SetupText.WriteOutcome(page, plan, new(SetupResult.Refused), new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("mx: nothing was altered\n\nIn the way: It is so.\n  -> Mend it.\n", page.ToString());
        page = NewPage();
        SetupText.WriteOutcome(page, plan with { Obstacles = [] }, new(SetupResult.Failed) { Messages = ["Nothing was altered: no."] }, new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("mx: failed; everything is as it was\n\nNothing was altered: no.\n", page.ToString());
    }

    [Fact]
    public void A_TTL_that_becomes_shorter_is_told_with_the_records()
    {
        var page = NewPage();
        var record = new Danelaw.Tlsa.TlsaRecord(Danelaw.Dns.Records.TlsaUsage.DaneEe, Danelaw.Dns.Records.TlsaSelector.PublicKey, Danelaw.Dns.Records.TlsaMatching.Sha256, new(new byte[32]));
        SetupText.WriteRecord(page, 2, new(DomainName.Parse("_25._tcp.mx.example.org."), Danelaw.Operator.Rollover.TlsaSet.Of(record), Danelaw.Operator.Rollover.TlsaSet.Of(record), 3600) { BeforeTimeToLive = 86400 }, null);
        Assert.EndsWith("   (the TTL of all of them becomes 3600; what is there now has 86400, and caches\n   may keep it for so long)\n", page.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<PublisherSettings?, string> Ways => new()
    {
        { null, "manual" },
        { new PublisherSettings.Update("127.0.0.1", 53, null, "/etc/danelaw/tsig.key"), "rfc2136 --server 127.0.0.1 --key /etc/danelaw/tsig.key" },
        { new PublisherSettings.Update("2001:db8::1", 5353, DomainName.Parse("example.org."), "env:KEY"), "rfc2136 --server '[2001:db8::1]:5353' --key env:KEY --zone example.org" },
        { new PublisherSettings.PowerDns(new("http://127.0.0.1:8081/"), "localhost", null, "/etc/danelaw/api.key"), "powerdns --url http://127.0.0.1:8081 --key /etc/danelaw/api.key" },
        { new PublisherSettings.ZoneFile("/etc/bind/db.example.org", DomainName.Parse("example.org."), ["rndc", "reload", "example.org"]), "zone-file --file /etc/bind/db.example.org --zone example.org --reload 'rndc reload example.org'" },
        { new PublisherSettings.Hook(["/usr/local/bin/hook", "x"], null), "hook --command '/usr/local/bin/hook x'" },
    };

    [Theory, MemberData(nameof(Ways))]
    public void The_same_by_hand_publishes_where_setup_does(PublisherSettings? publisher, string way) =>
        Assert.EndsWith(" --ttl 3600 --to " + way, RecordAdvice.CommandOf(new(DomainName.Parse("_25._tcp.mx.example.org."), null, Danelaw.Operator.Rollover.TlsaSet.Empty, 3600), publisher), StringComparison.Ordinal);

    [Fact]
    public void The_lines_of_an_obstacles_mend_are_lines()
    {
        var page = NewPage();
        SetupText.WriteRest(page, new SetupPlan { Host = "mx.example.org", Obstacles = [new("It is so.", "Do this:\nnameserver 127.0.0.1", true)] }, new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("\nIn the way: It is so.\n  -> Do this:\n     nameserver 127.0.0.1\n", page.ToString());
    }

    [Fact]
    public void What_taking_back_would_do_is_told_with_what_is_waited_for()
    {
        var page = NewPage();
        var preview = new UndoPreview(SetupResult.Waiting)
        {
            Timers = ["danelaw-rollover.timer"],
            Files = [new("/etc/postfix/main.cf", UndoneAction.PutBack) { Difference = ["--- /etc/postfix/main.cf", "+++ /etc/postfix/main.cf", "@@ -1,1 +1,1 @@", "-a = b", "+a = c"] }, new("/var/lib/danelaw/chains/mx/ecdsa.pem", UndoneAction.TakenAway)],
            Reloads = [new(ManagedService.Postfix, "/etc/postfix")],
            Messages = ["Wait."],
        };
        UndoText.WritePlan(page, preview, "danelaw setup --undo", new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("""
            the servers cannot be put back yet. Nothing is altered now

            Wait.

            1. The rollover is stopped
               systemctl disable --now danelaw-rollover.timer

            2. The files are put back as they were

               --- /etc/postfix/main.cf
               +++ /etc/postfix/main.cf
               @@ -1,1 +1,1 @@
               -a = b
               +a = c

               /var/lib/danelaw/chains/mx/ecdsa.pem: taken away

            3. The servers read them
               postfix reload

            To do all this    danelaw setup --undo

            """, page.ToString());
    }
}
