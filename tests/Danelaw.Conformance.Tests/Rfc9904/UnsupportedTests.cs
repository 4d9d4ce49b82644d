using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Conformance.Tests.Rfc9904;

/// <summary>Algorithms and digests that nobody must use, or that are not supported here (RFC 9904 to 9906, RFC 8624): alone they leave a zone insecure, beside others they do nothing.</summary>
public class UnsupportedTests
{
    private static readonly byte[] Algorithms = [0, 1, 2, 3, 4, 6, 9, 11, 12, 17, 18, 23, 123, 252, 253, 254, 255];
    private static readonly byte[] Digests = [0, 3, 5, 6, 7, 128, 255];

    public static TheoryData<byte> AlgorithmRows() => [.. Algorithms];

    public static TheoryData<byte> DigestRows() => [.. Digests];

    [Theory, MemberData(nameof(AlgorithmRows)), Rfc(4035, "5.2"), Rfc(9904, "3"), Rfc(9906, "2"), Rfc(8914, "4.2")]
    public async Task A_DS_set_of_an_algorithm_that_is_not_supported_leaves_the_zone_insecure_with_EDE_1(byte algorithm)
    {
        var answer = await Lookup(ds => [ds with { Algorithm = algorithm }]);

        Assert.Equal((Security.Insecure, LookupReason.UnsupportedAlgorithms, 1), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Theory, MemberData(nameof(DigestRows)), Rfc(4035, "5.2"), Rfc(9904, "4"), Rfc(9906, "2"), Rfc(8914, "4.3")]
    public async Task A_DS_set_of_a_digest_that_is_not_supported_leaves_the_zone_insecure_with_EDE_2(byte digest)
    {
        var answer = await Lookup(ds => [ds with { DigestType = digest }]);

        Assert.Equal((Security.Insecure, LookupReason.UnsupportedAlgorithms, 2), (answer.Security, answer.Reason, (int)answer.ExtendedError!.Value.Code));
    }

    [Theory, MemberData(nameof(AlgorithmRows)), Rfc(6840, "5.11")]
    public async Task Beside_a_supported_one_it_does_nothing(byte algorithm)
    {
        Assert.Equal(Security.Secure, (await Lookup(ds => [ds with { Algorithm = algorithm }, ds])).Security);
        Assert.Equal(Security.Bogus, (await Lookup(ds => [ds with { Algorithm = algorithm }, ds with { KeyTag = (ushort)(ds.KeyTag ^ 1) }])).Security);
    }

    [Theory, MemberData(nameof(DigestRows)), Rfc(4509, "3")]
    public async Task Beside_a_supported_digest_it_does_nothing(byte digest)
    {
        Assert.Equal(Security.Secure, (await Lookup(ds => [ds with { DigestType = digest }, ds])).Security);
        Assert.Equal(Security.Bogus, (await Lookup(ds => [ds with { DigestType = digest }, ds with { KeyTag = (ushort)(ds.KeyTag ^ 1) }])).Security);
    }

    [Theory, Rfc(9905, "2")]
    [InlineData(true, Security.Secure)]
    [InlineData(false, Security.Insecure)]
    public async Task A_delegation_by_SHA1_alone_is_secure_or_by_option_insecure(bool acceptSha1, Security security)
    {
        var key = TestKeys.Get("zone");
        var world = World(_ => [key.ToDs(Text.Name("zone."), Dnssec.Keys.DigestAlgorithm.Sha1)]);

        Assert.Equal(security, (await world.LookupAsync("www.zone.", RecordType.A, world.Options with { AcceptSha1 = acceptSha1 })).Security);
    }

    private static Task<Answer> Lookup(Func<DsData, IEnumerable<DsData>> change) => World(zone =>
    {
        Assert.True(DsData.TryRead(zone.Keys[0].ToDs(zone.Apex), out var ds));
        return change(ds).Select(each => each.ToOctets());
    }).LookupAsync("www.zone.", RecordType.A);

    private static World World(Func<TestZone, IEnumerable<Dns.Octets>> delegation) => new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("zone.", "www 300 A 192.0.2.1") { Keys = { TestKeys.Get("zone") }, Delegation = delegation });
}
