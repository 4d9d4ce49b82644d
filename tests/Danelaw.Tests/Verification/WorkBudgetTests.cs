using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tests.Checks;
using Danelaw.Tlsa;
using Danelaw.Verification;
using Danelaw.Verification.Paths;

namespace Danelaw.Tests.Verification;

/// <summary>What judging costs, in units of work, when a server sends what costs the most.</summary>
public sealed class WorkBudgetTests
{
    private const int Certificates = 22;

    private static readonly DanePolicy Mail = new() { ReferenceNames = [DomainName.Parse("mx.example.org")] };

    [Fact]
    public void Signatures_of_a_chain_are_checked_once_for_all_records()
    {
        var chain = Costly(8192, [0xff, 0xff, 0xff, 0xff]);
        var one = Work(chain, Anchors(chain, 1), out var verdict);

        Assert.Equal(DaneReason.SignatureInvalid, verdict.Reason);
        Assert.InRange(one, 21 * 512, 21 * 512 * 2);
        Assert.InRange(Work(chain, Anchors(chain, 41), out _), one, one + (41 * 8) + 1024);
    }

    [Fact]
    public void Keys_that_are_too_large_are_not_tried_and_leave_it_open_whether_a_record_matches()
    {
        var chain = Costly(16384, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

        Assert.InRange(Work(chain, Anchors(chain, 41), out var verdict), 0, 21 * 512);
        Assert.Equal(DaneReason.LimitReached, verdict.Reason);
    }

    [Fact]
    public void A_path_is_found_before_the_work_on_others_is_begun()
    {
        var root = Forge.Root("X").Make();
        ImmutableArray<Octets> chain = [Forge.Leaf("mx.example.org", "X").Make(), root, .. Costly(8192, [1, 0, 1]).Skip(1)];

        // The links of all others are tried once, to find that theirs do not hold; what they lead to is not looked for.
        Assert.InRange(Work(chain, [World.Record(root, TlsaUsage.DaneTa)], out var verdict), 1, 100 + (21 * 300));
        Assert.Equal(DaneReason.MatchedTrustAnchor, verdict.Reason);
    }

    [Fact]
    public void What_was_left_undone_outranks_a_nearer_fault_and_says_nothing_of_records_of_the_server_s_own_certificate()
    {
        var root = Forge.Root("X").Make();
        ImmutableArray<Octets> chain = [Forge.Leaf("other.example.org", "X").Make(), root, .. Costly(16384, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).Skip(1)];
        var (misnamed, open) = (World.Record(root, TlsaUsage.DaneTa), World.Record(chain[^1], TlsaUsage.DaneTa));
        var judge = ChainJudge.Begin(chain, Mail, Forge.Now, new(Mail.MaximumWork));
        DaneReason Of(params ImmutableArray<TlsaRecord> records) => DaneVerifier.Judge(chain, records, Mail, () => judge).Reason;

        Assert.Equal(DaneReason.LimitReached, Of(misnamed, open));
        Assert.Equal(DaneReason.LimitReached, Of(misnamed, open, World.EcRecord));
        Assert.Equal(DaneReason.NoRecordMatches, Of(World.EcRecord));
    }

    [Fact]
    public void What_the_work_does_not_reach_is_no_mismatch_and_no_match()
    {
        var root = Forge.Root("Root").Make();
        ImmutableArray<Octets> chain = [Forge.Leaf("mx.example.org", "Root").Make(), root];
        ImmutableArray<TlsaRecord> records = [World.Record(root, TlsaUsage.DaneTa)];

        Assert.Equal(DaneReason.LimitReached, DaneVerifier.Judge(chain, records, Mail with { MaximumWork = 10 }, Forge.Now).Reason);
        Assert.Equal(DaneReason.MatchedTrustAnchor, DaneVerifier.Judge(chain, records, Mail with { MaximumWork = 30 }, Forge.Now).Reason);
        Assert.Equal(DaneReason.MatchedEndEntity, DaneVerifier.Judge(chain, [World.Record(chain[0])], Mail with { MaximumWork = 0 }, Forge.Now).Reason);
        Assert.Equal(DaneReason.NoRecordMatches, DaneVerifier.Judge(chain, [World.Record(root)], Mail with { MaximumWork = 0 }, Forge.Now).Reason);
    }

    [Fact]
    public void Names_that_are_held_against_constraints_cost_work()
    {
        var authority = (Forge.Root("Root") with { Extensions = [Extension.Authority(), Extension.NameConstraints([.. Enumerable.Range(0, 200).Select(i => Extension.Dns($"example{i}.org"))], [])] }).Make();
        var leaf = (Forge.Leaf("mx.example1.org", "Root") with { Extensions = [Extension.DnsNames([.. Enumerable.Range(0, 200).Select(i => $"mx.example{i}.org")])] }).Make();
        var policy = new DanePolicy { ReferenceNames = [DomainName.Parse("mx.example1.org")], MaximumWork = 300 };

        Assert.Equal(DaneReason.LimitReached, DaneVerifier.Judge([leaf, authority], [World.Record(authority, TlsaUsage.DaneTa)], policy, Forge.Now).Reason);
        Assert.Equal(DaneReason.MatchedTrustAnchor, DaneVerifier.Judge([leaf, authority], [World.Record(authority, TlsaUsage.DaneTa)], policy with { MaximumWork = 1000 }, Forge.Now).Reason);
    }

    [Fact]
    public async Task All_addresses_of_a_host_share_its_work_and_what_is_left_undone_is_undetermined()
    {
        var first = Costly(8192, [0xff, 0xff, 0xff, 0xff]);
        var world = World.Sound().Address("mx.example.org", [.. Enumerable.Range(1, 8).Select(i => $"192.0.2.{i}")]).Tlsa("_25._tcp.mx.example.org", World.Record(first[0]), World.Record(first[3], TlsaUsage.DaneTa));
        for (var i = 1; i <= 8; i++) world.Serve($"192.0.2.{i}", [first[0], .. Costly(8192, [0xff, 0xff, 0xff, 0xff]).Skip(1).Take(20), first[3]]);

        var report = await world.CheckAsync("example.org");
        var again = await world.CheckAsync("example.org");

        // Every chain matches by its own key; whether the other record matches would cost too much.
        Assert.All(report.Hosts[0].Endpoints.Where(endpoint => endpoint.Observation.Target.Algorithm == Danelaw.Probes.KeyAlgorithm.Any), endpoint => Assert.Equal(DaneReason.MatchedEndEntity, endpoint.Verdict!.Reason));
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.LimitReached), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.LimitReached), (report.Verdict, report.Reason));
        Assert.Equal(report.Hosts[0].Records.Select(record => record.State), again.Hosts[0].Records.Select(record => record.State));
        Assert.Equal(report.Findings, again.Findings);
    }

    [Fact]
    public async Task A_chain_that_costs_too_much_is_told_and_no_mismatch()
    {
        var chain = Costly(16384, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        var report = await World.Sound().Tlsa("_25._tcp.mx.example.org", [.. Anchors(chain, 41)]).Serve("192.0.2.1", [.. chain]).CheckAsync("example.org");

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.LimitReached), (report.Verdict, report.Reason));
        Assert.Contains(report.Findings, finding => finding is { Code: FindingCodes.TlsUntested, Severity: Severity.Warning } && finding.Text.Contains("more work than is done for a stranger", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Findings, finding => finding.Code == FindingCodes.TlsaMismatch);
    }

    [Fact]
    public async Task The_work_on_one_host_is_not_taken_from_that_of_the_next()
    {
        var world = World.Sound().Mx("example.org", (10, "mx.example.org"), (20, "mx2.example.org")).Address("mx2.example.org", "192.0.2.2");
        var chain = Costly(16384, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        world.Tlsa("_25._tcp.mx.example.org", [.. Anchors(chain, 4)]).Serve("192.0.2.1", [.. chain]);
        var root = Forge.Root("Root").Make();
        world.Tlsa("_25._tcp.mx2.example.org", World.Record(root, TlsaUsage.DaneTa)).Serve("192.0.2.2", Forge.Leaf("mx2.example.org", "Root").Make(), root);

        Assert.Equal([CheckVerdict.Undetermined, CheckVerdict.Verified], (await world.CheckAsync("example.org")).Hosts.Select(host => host.Verdict));
    }

    [Fact]
    public async Task The_callers_token_ends_judging_in_the_middle()
    {
        var root = Forge.Root("Root").Make();
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.Record(root, TlsaUsage.DaneTa)).Serve("192.0.2.1", Forge.Leaf("mx.example.org", "Root").Make(), root);
        using var caller = new CancellationTokenSource();
        Assert.True(CheckTarget.TryParse("example.org", out var target, out _));

        var end = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DaneChecker(world, world, new(), new CancellingClock(caller)).CheckAsync(target, null, caller.Token));

        Assert.Equal(caller.Token, end.CancellationToken);
    }

    private static int Work(ImmutableArray<Octets> chain, IEnumerable<TlsaRecord> records, out DaneVerdict verdict)
    {
        var budget = new WorkBudget();
        verdict = DaneVerifier.Judge(chain, [.. records], Mail, () => ChainJudge.Begin(chain, Mail, Forge.Now, budget));
        return WorkBudget.OfHost - budget.Left;
    }

    /// <summary>Digests of the issuers in a chain, in every way.</summary>
    private static IEnumerable<TlsaRecord> Anchors(ImmutableArray<Octets> chain, int count) =>
    [
        .. (from certificate in chain.Skip(1)
            from selector in new[] { TlsaSelector.Certificate, TlsaSelector.PublicKey }
            from matching in new[] { TlsaMatching.Sha256, TlsaMatching.Sha512 }
            select World.Record(certificate, TlsaUsage.DaneTa, selector, matching)).Where(record => count > 1 || record.Matching == TlsaMatching.Sha256).Take(count),
    ];

    /// <summary>Certificates that may each have issued each other by name, with keys as large as asked and signatures that are opened and do not hold.</summary>
    private static ImmutableArray<Octets> Costly(int bits, byte[] exponent)
    {
        var pss = new Signing(Signing.Identifier("1.2.840.113549.1.1.10", Signing.PssParameters("2.16.840.1.101.3.4.2.1", 32)), null!, null!);
        var made = ImmutableArray.CreateBuilder<Octets>();
        for (var i = 0; i < Certificates; i++)
        {
            var modulus = RandomNumberGenerator.GetBytes(bits / 8);
            modulus[0] = 0xff;
            modulus[^1] |= 1;
            using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
            var signature = RandomNumberGenerator.GetBytes(bits / 8);
            signature[0] = 1;
            made.Add(((i == 0 ? Forge.Leaf("mx.example.org", "X") : Forge.Root("X")) with { Key = $"{i}", Signature = signature, PublicKey = rsa.ExportSubjectPublicKeyInfo(), Signing = pss }).Make());
        }

        return made.ToImmutable();
    }

    /// <summary>The clock is asked once, between gathering and judging.</summary>
    private sealed class CancellingClock(CancellationTokenSource caller) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            caller.Cancel();
            return Forge.Now;
        }
    }
}
