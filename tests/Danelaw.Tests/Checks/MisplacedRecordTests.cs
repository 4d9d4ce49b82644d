using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Checks;

/// <summary>TLSA records where nobody asks for them, and records that pin what their owner does not choose.</summary>
public sealed class MisplacedRecordTests
{
    private static readonly CheckOptions Seeking = new() { SeeksMisplaced = true };

    public static TheoryData<string> Typos() =>
    [
        "_25_._tcp.mx.example.org", "_25_.tcp.mx.example.org", "25._tcp.mx.example.org", "_25.tcp.mx.example.org", "25.tcp.mx.example.org", "_tcp._25.mx.example.org", "_tcp.25.mx.example.org",
        "_025._tcp.mx.example.org", "_25._udp.mx.example.org", "_25_tcp.mx.example.org", "_25\\._tcp.mx.example.org", "_25.mx.example.org", "_tcp.mx.example.org", "_smtp._tcp.mx.example.org",
        "_25._tcp._25._tcp.mx.example.org", "_25._tls.mx.example.org", "mx.example.org", "_25._tcp.mx.example.org.example.org",
    ];

    [Theory, MemberData(nameof(Typos)), Rule("R01"), Rfc(6698, "3")]
    public async Task A_mistyped_owner_is_an_error_where_the_right_one_has_nothing(string owner)
    {
        var world = Signed(World.Sound().Absent("_25._tcp.mx.example.org", RecordType.TLSA)).Tlsa(owner, World.EcRecord);

        var report = await world.CheckAsync("example.org", Seeking);

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaOwnerTypo);
        Assert.Equal((CheckVerdict.Unprotected, Severity.Error), (report.Verdict, finding.Severity));
        Assert.Equal(DomainName.Parse(owner), DomainName.Parse(finding.Subject));
        Assert.Contains($"_25._tcp.mx.example.org. 3600 IN TLSA {World.EcRecord}", finding.Mend, StringComparison.Ordinal);
        Assert.Contains(report.Lookups, answer => answer.Question.Name == DomainName.Parse(owner));
    }

    [Theory, MemberData(nameof(Typos))]
    public async Task Beside_the_right_one_it_is_a_warning_and_the_verdict_stays(string owner)
    {
        var report = await Signed(World.Sound()).Tlsa(owner, World.EcRecord).CheckAsync("example.org", Seeking);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((CheckVerdict.Verified, FindingCodes.TlsaOwnerTypo, Severity.Warning), (report.Verdict, finding.Code, finding.Severity));
    }

    [Fact]
    public async Task A_sound_domain_is_asked_about_and_told_nothing()
    {
        var world = Signed(World.Sound());

        var report = await world.CheckAsync("example.org", Seeking);

        Assert.Empty(report.Findings);
        Assert.Equal(4, report.Lookups.Length);
        Assert.InRange(world.Asked.Count(question => question.EndsWith(" TLSA", StringComparison.Ordinal)), 20, 30);
        Assert.Equal(4, (await CountAsync(World.Sound(), new())).Asked.Count);
    }

    [Fact]
    public async Task A_zone_with_a_wildcard_accuses_nobody()
    {
        var world = Signed(World.Sound());
        world.Elsewhere = question => question.Type == RecordType.TLSA && question.Name.IsBelow(DomainName.Parse("example.org")) ? [World.EcRecord.ToRecordData()] : [];

        Assert.Empty((await world.CheckAsync("example.org", Seeking)).Findings);
    }

    [Fact]
    public async Task Where_nothing_says_that_it_is_no_wildcard_nobody_is_accused()
    {
        var world = Signed(World.Sound()).Tlsa("25._tcp.mx.example.org", World.EcRecord).Fail("_danelaw-asks-for-a-wildcard._tcp.mx.example.org", RecordType.TLSA);

        Assert.Empty((await world.CheckAsync("example.org", Seeking)).Findings);
    }

    [Fact]
    public async Task What_is_not_secure_is_not_told()
    {
        Assert.Empty((await Signed(World.Sound()).Tlsa("25._tcp.mx.example.org", Security.Insecure, World.EcRecord).CheckAsync("example.org", Seeking)).Findings);

        var unsigned = World.Sound().Address("mx.example.org", Security.Insecure, "192.0.2.1").Tlsa("25._tcp.mx.example.org", World.EcRecord);
        var report = await unsigned.CheckAsync("example.org", Seeking);
        Assert.DoesNotContain(report.Findings, finding => finding.Code == FindingCodes.TlsaOwnerTypo);
        Assert.DoesNotContain("25._tcp.mx.example.org. TLSA", unsigned.Asked);
    }

    [Theory, Rule("R67"), Rfc(7671, "6")]
    [InlineData(true, Severity.Warning)]
    [InlineData(false, Severity.Note)]
    public async Task Records_at_the_mail_domain_are_told_and_gravely_where_its_hosts_have_none(bool isInstead, Severity severity)
    {
        var world = World.Sound().Tlsa("_25._tcp.example.org", World.EcRecord);
        if (isInstead) world.Absent("_25._tcp.mx.example.org", RecordType.TLSA);

        var finding = Assert.Single((await world.CheckAsync("example.org", Seeking)).Findings, finding => finding.Code == FindingCodes.TlsaOwnerUnused);

        Assert.Equal((severity, "_25._tcp.example.org"), (finding.Severity, finding.Subject));
    }

    [Fact]
    public async Task A_domain_that_is_its_own_host_is_right_to_have_them()
    {
        var world = new World().Absent("example.org", RecordType.MX).Address("example.org", "192.0.2.1").Tlsa("_25._tcp.example.org", World.EcRecord).Serve("192.0.2.1", World.EcLeaf);

        Assert.Empty((await world.CheckAsync("example.org", Seeking)).Findings);
    }

    [Fact]
    public async Task Records_for_other_ports_are_a_note_with_the_command_that_looks_at_them()
    {
        var world = World.Sound().Tlsa("_587._tcp.mx.example.org", World.EcRecord).Tlsa("_993._tcp.mx.example.org", World.EcRecord);

        var finding = Assert.Single((await world.CheckAsync("example.org", Seeking with { AskedWith = ["--resolver", "192.0.2.53"] })).Findings);

        Assert.Equal((FindingCodes.ServiceRecordUnchecked, Severity.Note), (finding.Code, finding.Severity));
        Assert.EndsWith("\ndanelaw check submission://mx.example.org imaps://mx.example.org --resolver 192.0.2.53", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_service_is_asked_about_at_its_own_port()
    {
        var world = new World().Address("mail.example.org", "192.0.2.1").Tlsa("_993._tcp.mail.example.org", World.EcRecord).Tlsa("993._tcp.mail.example.org", World.EcRecord)
            .Serve("192.0.2.1", 993, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

        Assert.Equal("993._tcp.mail.example.org", Assert.Single((await world.CheckAsync("imaps://mail.example.org", Seeking)).Findings).Subject);
        Assert.DoesNotContain("_587._tcp.mail.example.org. TLSA", world.Asked);
    }

    [Fact]
    public async Task Who_does_not_answer_holds_nobody_up()
    {
        var clock = new FakeTimeProvider(Forge.Now);
        var lookup = new Silent(Signed(World.Sound()), "_25_.tcp.mx.example.org");
        var checking = new DaneChecker(lookup, lookup.World, Seeking, clock).CheckAsync(CheckTarget.MailDomain(DomainName.Parse("example.org")), null, TestContext.Current.CancellationToken);
        await lookup.Waiting.WaitAsync(TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromSeconds(4));
        var report = await checking.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pinned_issuer_of_several_is_a_warning(bool isByKey)
    {
        var issuer = isByKey ? Forge.Intermediate("Some CA", "Root").Make() : LetsEncrypt("R12");
        var pin = isByKey ? TlsaRecord.TryParse("2 1 1 919c0df7a787b597ed056ace654b1de9c0387acf349f73734a4fd7b58cf612a4", out var record, out _) ? record : default : World.Record(issuer, TlsaUsage.DaneTa, TlsaSelector.Certificate);
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, pin).Serve("192.0.2.1", World.EcLeaf, issuer);

        var report = await world.CheckAsync("example.org");

        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaIssuerPinned);
        Assert.Equal((CheckVerdict.Verified, Severity.Warning), (report.Verdict, finding.Severity));
        Assert.Contains("R12, R13", finding.Text, StringComparison.Ordinal);
        Assert.Contains(World.EcRecord.ToString(), finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_names_the_servers_own_certificate_as_an_authority_is_a_warning_unless_another_matches()
    {
        var self = Forge.Leaf("mx.example.org", "mx.example.org").Make();
        var world = World.Sound().Serve("192.0.2.1", self).Tlsa("_25._tcp.mx.example.org", World.Record(self, TlsaUsage.DaneTa));
        var report = await world.CheckAsync("example.org");
        var finding = Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsaLeafAsAuthority);
        Assert.Equal((CheckVerdict.Verified, Severity.Warning), (report.Verdict, finding.Severity));
        Assert.Contains(World.Record(self).ToString(), finding.Mend, StringComparison.Ordinal);

        world.Tlsa("_25._tcp.mx.example.org", World.Record(self, TlsaUsage.DaneTa), World.Record(self));
        Assert.DoesNotContain((await world.CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.TlsaLeafAsAuthority);
    }

    /// <summary>A cross-signed intermediate of which two certificates are sent: seen the same way with openssl s_client 3.0 and its -dane_tlsa_rrdata.</summary>
    [Theory]
    [InlineData("A B Root-B", true)]
    [InlineData("B A Root-B", false)]
    [InlineData("A Root-A B Root-B", true)]
    [InlineData("B Root-B A Root-A", false)]
    [InlineData("expired B Root-B", false)]
    [InlineData("identified B Root-B", false)]
    [InlineData("unidentified B Root-B", true)]
    public async Task A_path_that_OpenSSL_passes_by_is_a_warning_unless_another_record_matches(string sent, bool isPassedBy)
    {
        var made = new Dictionary<string, Octets>
        {
            ["Root-A"] = (Forge.Root("Root A") with { Key = "A", Signer = "A" }).Make(),
            ["Root-B"] = (Forge.Root("Root B") with { Key = "B", Signer = "B" }).Make(),
            ["A"] = Cross("A").Make(),
            ["B"] = Cross("B").Make(),
            ["expired"] = (Cross("A") with { NotAfter = Forge.Now.AddDays(-1) }).Make(),
            ["identified"] = (Cross("A") with { Key = "other", Extensions = [Extension.Authority(), Extension.SubjectKeyIdentifier(2)] }).Make(),
            ["unidentified"] = (Cross("A") with { Key = "other", Extensions = [Extension.Authority()] }).Make(),
        };
        var leaf = (Forge.Leaf("mx.example.org", "Some CA") with { Extensions = [Extension.DnsNames("mx.example.org"), Extension.AuthorityKeyIdentifier(1)] }).Make();
        var anchor = World.Record(made["Root-B"], TlsaUsage.DaneTa);
        var world = World.Sound().Serve("192.0.2.1", [leaf, .. sent.Split(' ').Select(name => made[name])]).Tlsa("_25._tcp.mx.example.org", anchor);

        var report = await world.CheckAsync("example.org");
        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal(isPassedBy, report.Findings.Any(finding => finding is { Code: FindingCodes.TlsaPathPassedBy, Severity: Severity.Warning }));

        world.Tlsa("_25._tcp.mx.example.org", anchor, World.Record(leaf));
        Assert.DoesNotContain((await world.CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.TlsaPathPassedBy);
    }

    private static Forge Cross(string root) => Forge.Intermediate("Some CA", "Root " + root) with { Signer = root, Extensions = [Extension.Authority(), Extension.SubjectKeyIdentifier(1)] };

    [Fact]
    public async Task A_pinned_issuer_that_is_retired_is_recognised_though_nobody_sends_it()
    {
        Assert.True(TlsaRecord.TryParse("2 1 1 8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d", out var r3, out _));

        var finding = Assert.Single((await World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, r3).CheckAsync("example.org")).Findings, finding => finding.Code == FindingCodes.TlsaIssuerRetired);

        Assert.Contains("R3 of Let's Encrypt", finding.Text, StringComparison.Ordinal);
        Assert.Contains("matches nothing that is served", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_of_ones_own_may_be_pinned()
    {
        var own = Forge.Intermediate("Some CA", "Root").Make();

        Assert.Empty((await World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, World.Record(own, TlsaUsage.DaneTa)).Serve("192.0.2.1", World.EcLeaf, own).CheckAsync("example.org")).Findings);
    }

    /// <summary>The certificate of an intermediate of that name, with the key that signed the leaf.</summary>
    private static Octets LetsEncrypt(string name) => (Forge.Intermediate("Some CA", "Root") with { SubjectName = Forge.Name(("2.5.4.10", "Let's Encrypt"), ("2.5.4.3", name)) }).Make();

    private static async Task<World> CountAsync(World world, CheckOptions options)
    {
        await world.CheckAsync("example.org", options);
        return world;
    }

    /// <summary>The host's TLSA answer tells the zone that it lies in.</summary>
    private static World Signed(World world)
    {
        world.Zone = DomainName.Parse("example.org");
        return world;
    }

    private sealed class Silent(World world, string about) : ILookup
    {
        private readonly TaskCompletionSource _waiting = new();

        internal World World => world;

        internal Task Waiting => _waiting.Task;

        public async ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
        {
            if (name != DomainName.Parse(about)) return await world.LookupAsync(name, type, cancellationToken);
            _waiting.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
