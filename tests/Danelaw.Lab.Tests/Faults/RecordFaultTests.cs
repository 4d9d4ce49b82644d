using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Lab.Faults;

namespace Danelaw.Lab.Tests.Faults;

/// <summary>The knobs of a lab, seen by our own validating resolver.</summary>
public class RecordFaultTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RecordFaultKind.SignatureExpired, LookupReason.SignatureExpired)]
    [InlineData(RecordFaultKind.SignatureNotYetValid, LookupReason.SignatureNotYetValid)]
    [InlineData(RecordFaultKind.SignatureBroken, LookupReason.SignatureInvalid)]
    [InlineData(RecordFaultKind.SignatureMissing, LookupReason.SignatureMissing)]
    [InlineData(RecordFaultKind.DataAltered, LookupReason.SignatureInvalid)]
    [InlineData(RecordFaultKind.Missing, LookupReason.DenialInvalid)]
    public async Task A_broken_RRset_is_bogus_for_its_reason_and_its_neighbours_are_secure(RecordFaultKind kind, LookupReason reason)
    {
        await using var lab = await MiniInternet.StartAsync(new MiniInternetOptions { RecordFaults = [new RecordFault(DomainName.Parse("mx.GOOD.lab."), RecordType.A, kind)] }, Cancelled);
        await using var transport = new DnsTransport(new DnsTransportOptions(), TimeProvider.System);
        var resolver = Resolver(lab, transport);

        var broken = await resolver.LookupAsync(DomainName.Parse("mx.good.lab."), RecordType.A, Cancelled);
        var neighbour = await resolver.LookupAsync(DomainName.Parse("good.lab."), RecordType.MX, Cancelled);

        Assert.Equal((Security.Bogus, reason), (broken.Security, broken.Reason));
        Assert.Equal(Security.Secure, neighbour.Security);
    }

    [Fact]
    public async Task Questions_can_be_made_to_fail_while_the_lab_runs_and_mended_again()
    {
        await using var lab = await MiniInternet.StartAsync(cancellationToken: Cancelled);
        await using var transport = new DnsTransport(new DnsTransportOptions(), TimeProvider.System);
        var name = DomainName.Parse("good.lab.");
        var before = lab.ReplyFaults;

        lab.ReplyFaults = [.. before, new ReplyFault(name, RecordType.MX, ReplyFaultKind.ServerFailure)];
        var failed = await Resolver(lab, transport).LookupAsync(name, RecordType.MX, Cancelled);
        lab.ReplyFaults = before;
        var mended = await Resolver(lab, transport).LookupAsync(name, RecordType.MX, Cancelled);

        Assert.Equal((Security.Indeterminate, LookupReason.ServerFailed), (failed.Security, failed.Reason));
        Assert.Equal(Security.Secure, mended.Security);
    }

    [Fact]
    public async Task Signatures_hold_as_long_as_they_were_asked_to_from_the_labs_own_time()
    {
        var clock = new FixedClock(new DateTimeOffset(2031, 5, 4, 3, 2, 1, TimeSpan.Zero));
        await using var lab = await MiniInternet.StartAsync(new MiniInternetOptions { Clock = clock, SignatureLife = TimeSpan.FromDays(2) }, Cancelled);
        var signatures = lab.Namespace.ZoneFor(DomainName.Parse("good.lab."), RecordType.SOA).Records.Where(record => record.Type == RecordType.RRSIG);

        Assert.Equal(clock.GetUtcNow(), lab.StartedAt);
        Assert.All(signatures, record =>
        {
            Assert.True(RrsigData.TryRead(record.Data, out var data));
            Assert.Equal(clock.GetUtcNow().AddHours(-1).ToUnixTimeSeconds(), data.Inception);
            Assert.Equal(clock.GetUtcNow().AddDays(2).ToUnixTimeSeconds(), data.Expiration);
        });
    }

    [Fact]
    public async Task The_same_odd_seed_spells_names_alike()
    {
        await using var one = await MiniInternet.StartAsync(new MiniInternetOptions { Seed = 5, IsOdd = true }, Cancelled);
        await using var other = await MiniInternet.StartAsync(new MiniInternetOptions { Seed = 5, IsOdd = true }, Cancelled);

        Assert.Equal(one.Domains.Select(domain => domain.Name.ToString()), other.Domains.Select(domain => domain.Name.ToString()));
        Assert.Contains(one.Domains, domain => !domain.Name.EqualsExactly(domain.Name.ToCanonical()));
    }

    private static Resolver Resolver(MiniInternet lab, IDnsTransport transport)
    {
        using var reader = new ZoneReader(new StringReader(lab.Anchor), new ZoneReaderOptions());
        Assert.True(reader.TryRead(out var anchor, out _));
        Assert.True(TrustAnchors.TryCreate([anchor], out var anchors, out _));
        return new Resolver(transport, new ResolverOptions { Upstreams = [lab.Upstream], Anchors = anchors }, TimeProvider.System);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
