using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Records;

public sealed class RecordSetsTests
{
    [Fact, Rfc(2181, "5")]
    public void Records_of_one_owner_class_and_type_are_one_set_whatever_the_case_of_the_owner()
    {
        var sets = RecordSets.Group([A("mx.example.", "C0000201"), A("other.example.", "C0000203"), A("MX.Example.", "C0000202")]);

        Assert.Equal(["mx.example.", "other.example."], sets.Select(set => set.Records.Owner.ToString()));
        Assert.Equal(["c0000201", "c0000202"], sets[0].Records.Data.Select(data => data.ToHex()));
    }

    [Fact, Rfc(2181, "5")]
    public void The_same_data_twice_is_one_record()
    {
        var sets = RecordSets.Group([A("mx.example.", "C0000201"), A("mx.example.", "C0000201")]);

        Assert.Equal(["c0000201"], sets[0].Records.Data.Select(data => data.ToHex()));
    }

    [Fact, Rfc(2181, "5.2")]
    public void The_smallest_TTL_counts_even_that_of_a_duplicate()
    {
        var sets = RecordSets.Group([A("mx.example.", "C0000201", 300), A("mx.example.", "C0000202", 60), A("mx.example.", "C0000202", 30)]);

        Assert.Equal(30u, sets[0].Records.TimeToLive);
    }

    [Fact, Rfc(4034, "3")]
    public void A_signature_goes_to_the_set_of_its_owner_class_and_type_covered()
    {
        var sets = RecordSets.Group([Signature("mx.example.", RecordType.A, 50), Signature("mx.example.", RecordType.AAAA, 40), Signature("other.example.", RecordType.A, 30), A("mx.example.", "C0000201")]);

        Assert.Equal(Signature("mx.example.", RecordType.A, 50).Data, Assert.Single(Assert.Single(sets).Signatures));
        Assert.Equal(50u, sets[0].SignatureTimeToLive);
    }

    [Fact]
    public void Forty_duplicates_of_forty_records_leave_forty()
    {
        var records = Enumerable.Range(0, 80).Select(i => A("mx.example.", $"C00002{i % 40:X2}")).ToArray();

        Assert.Equal(40, Assert.Single(RecordSets.Group(records)).Records.Data.Length);
    }

    private static ResourceRecord A(string owner, string hex, uint timeToLive = 300) => new(DomainName.Parse(owner), RecordType.A, RecordClass.IN, timeToLive, new(Wire.Hex(hex)));

    private static ResourceRecord Signature(string owner, RecordType covered, uint timeToLive) =>
        new(DomainName.Parse(owner), RecordType.RRSIG, RecordClass.IN, timeToLive, new RrsigData(covered, 13, 2, 300, 2, 1, 4711, DomainName.Parse("example."), new(Wire.Hex("AA"))).ToOctets());
}
