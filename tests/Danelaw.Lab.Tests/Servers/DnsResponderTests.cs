using System.Buffers.Binary;
using CsCheck;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Faults;
using Danelaw.Lab.Servers;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab.Tests.Servers;

public class DnsResponderTests
{
    private static readonly LabNamespace World = new(
    [
        Sign(". 60 IN SOA a. b. 1 2 3 4 60\nlab. 60 IN NS ns.lab.\ngone.  60 IN NS ns.lab."),
        Sign("""
            lab.          60 IN SOA a. b. 1 2 3 4 60
            ns.lab.       60 IN A 127.0.0.1
            one.lab.      60 IN CNAME two.lab.
            two.lab.      60 IN CNAME ns.lab.
            loop.lab.     60 IN CNAME pool.lab.
            pool.lab.     60 IN CNAME loop.lab.
            nothing.lab.  60 IN CNAME nowhere.lab.
            """ + "\n" + string.Join('\n', Enumerable.Range(0, 100).Select(number => $"large.lab. 60 IN TXT \"number {number}\""))),
    ]);

    private readonly DnsResponder _responder = new(World, Oddities.None);

    [Fact, Rfc(4035, "3.2.1")]
    public void Signatures_and_denials_are_for_those_who_ask_for_them()
    {
        Assert.Equal([RecordType.A, RecordType.RRSIG], Types(Ask("ns.lab.", RecordType.A).Answers));
        Assert.Equal([RecordType.A], Types(Ask("ns.lab.", RecordType.A, isDnssecOk: false).Answers));
        Assert.Equal([RecordType.SOA], Types(Ask("no.lab.", RecordType.A, isDnssecOk: false).Authorities));
        Assert.Equal([RecordType.NSEC], Types(Ask("ns.lab.", RecordType.NSEC, isDnssecOk: false).Answers));
    }

    [Fact, Rfc(1034, "3.6.2")]
    public void A_chain_of_aliases_is_answered_whole_and_in_order()
    {
        var reply = Ask("ONE.lab.", RecordType.A, isDnssecOk: false);

        Assert.Equal("ONE.lab.", reply.Questions[0].Name.ToString());
        Assert.Equal(["one.lab.", "two.lab.", "ns.lab."], reply.Answers.Select(record => record.Owner.ToString()));
    }

    [Fact]
    public void The_end_of_the_aliases_gives_the_response_code_and_a_loop_ends()
    {
        Assert.Equal(ResponseCode.NameError, Ask("nothing.lab.", RecordType.A).ResponseCode);
        Assert.Equal((ResponseCode.NoError, 4), (Ask("loop.lab.", RecordType.A).ResponseCode, Ask("loop.lab.", RecordType.A).Answers.Length));
    }

    [Fact]
    public void What_is_delegated_to_nobody_is_a_failure() => Assert.Equal(ResponseCode.ServerFailure, Ask("www.gone.", RecordType.A).ResponseCode);

    [Fact, Rfc(4035, "3.1.4.1")]
    public void DS_is_answered_by_the_zone_above() => Assert.Equal(DomainName.Root, Ask("lab.", RecordType.DS).Authorities.First(record => record.Type == RecordType.SOA).Owner);

    [Theory, Rfc(6891, "6.2.3"), Rfc(2181, "9")]
    [InlineData(null, 512)]
    [InlineData(512, 512)]
    [InlineData(100, 512)]
    [InlineData(1000, 1000)]
    [InlineData(65535, 1232)]
    public void A_datagram_is_no_larger_than_the_asker_takes_and_says_when_something_is_missing(int? size, int limit)
    {
        var wire = _responder.Answer(Query("large.lab.", RecordType.TXT, size is null ? null : new Edns((ushort)size, 0, true, [])), isDatagram: true);

        Assert.NotNull(wire);
        Assert.InRange(wire.Length, 12, limit);
        Assert.True(Read(wire).Flags.HasFlag(MessageFlags.Truncated));
    }

    [Fact, Rfc(7766, "5")]
    public void By_TCP_everything_comes()
    {
        var wire = _responder.Answer(Query("large.lab.", RecordType.TXT, new Edns(1232, 0, false, [])), isDatagram: false);

        Assert.Equal(100, Read(wire!).Answers.Length);
    }

    [Fact, Rfc(6891, "6.1.3"), Rfc(1035, "4.1.1")]
    public void What_is_not_known_is_refused_by_its_proper_code()
    {
        Assert.Equal(ResponseCode.BadVersion, Read(_responder.Answer(Query("lab.", RecordType.A, new Edns(1232, 1, false, [])), true)!).ResponseCode);
        Assert.Equal(ResponseCode.NotImplemented, Read(_responder.Answer((Message("lab.", RecordType.A) with { Opcode = Opcode.Notify }).Write(), true)!).ResponseCode);
        Assert.Equal(ResponseCode.FormatError, Read(_responder.Answer((Message("lab.", RecordType.A) with { Questions = [] }).Write(), true)!).ResponseCode);
        Assert.Equal(ResponseCode.Refused, Read(_responder.Answer((Message("lab.", RecordType.A) with { Questions = [new Question(DomainName.Root, RecordType.TXT, RecordClass.CH)] }).Write(), true)!).ResponseCode);
        Assert.Equal(ResponseCode.Refused, Ask("lab.", RecordType.AXFR).ResponseCode);
    }

    [Fact]
    public void A_response_is_never_answered() =>
        Assert.Null(_responder.Answer((Message("lab.", RecordType.A) with { Flags = MessageFlags.Response }).Write(), true));

    [Fact]
    public void The_askers_wishes_come_back_and_nothing_is_said_to_be_authentic()
    {
        var reply = Read(_responder.Answer((Message("lab.", RecordType.SOA) with { Flags = MessageFlags.RecursionDesired | MessageFlags.CheckingDisabled | MessageFlags.AuthenticData }).Write(), true)!);

        Assert.Equal(MessageFlags.Response | MessageFlags.RecursionAvailable | MessageFlags.RecursionDesired | MessageFlags.CheckingDisabled, reply.Flags);
    }

    [Theory]
    [InlineData(ReplyFaultKind.ServerFailure, ResponseCode.ServerFailure)]
    [InlineData(ReplyFaultKind.Refused, ResponseCode.Refused)]
    public void A_fault_answers_with_its_code_for_its_question_only(ReplyFaultKind kind, ResponseCode code)
    {
        _responder.Faults = [new ReplyFault(DomainName.Parse("ns.lab."), RecordType.A, kind)];

        Assert.Equal(code, Ask("NS.lab.", RecordType.A).ResponseCode);
        Assert.Equal(ResponseCode.NoError, Ask("ns.lab.", RecordType.AAAA).ResponseCode);
        Assert.Equal(ResponseCode.NameError, Ask("below.ns.lab.", RecordType.A).ResponseCode);
    }

    [Fact]
    public void Faults_of_the_wire_are_what_they_say()
    {
        DnsMessage? With(ReplyFaultKind kind, string name = "ns.lab.", bool isDatagram = true)
        {
            _responder.Faults = [new ReplyFault(DomainName.Parse("lab."), null, kind, IncludesBelow: true)];
            var wire = _responder.Answer(Query(name, RecordType.A, new Edns(1232, 0, true, [])), isDatagram);
            return wire is null ? null : Read(wire);
        }

        Assert.Null(With(ReplyFaultKind.Silence));
        Assert.Equal(7 ^ 1, With(ReplyFaultKind.WrongId)!.Id);
        Assert.Equal(DomainName.Parse("lab."), With(ReplyFaultKind.WrongQuestion)!.Questions[0].Name);
        Assert.Equal([RecordType.A], Types(With(ReplyFaultKind.WithoutSignatures)!.Answers));
        Assert.Equal([RecordType.SOA, RecordType.RRSIG], Types(With(ReplyFaultKind.WithoutDenials, "no.lab.")!.Authorities));
        Assert.True(With(ReplyFaultKind.TruncatedForEver)!.Flags.HasFlag(MessageFlags.Truncated));
        Assert.Null(With(ReplyFaultKind.TruncatedForEver, isDatagram: false));
        _responder.Faults = [new ReplyFault(DomainName.Root, null, ReplyFaultKind.Noise, IncludesBelow: true)];
        Assert.False(DnsMessage.TryRead(_responder.Answer(Query("ns.lab.", RecordType.A, null), true), out _, out _));
    }

    [Fact]
    public void Oddities_change_the_order_within_an_RRset_and_nothing_else()
    {
        var odd = new DnsResponder(World, Oddities.From(3));
        var query = Query("large.lab.", RecordType.TXT, new Edns(1232, 0, true, []));

        var plain = Read(_responder.Answer(query, false)!).Answers;
        var shuffled = Read(odd.Answer(query, false)!).Answers;

        Assert.NotEqual(plain, shuffled);
        Assert.Equal(plain.Order(ByText), shuffled.Order(ByText));
        Assert.Equal(RecordType.RRSIG, shuffled[^1].Type);
    }

    [Fact]
    public void Whatever_octets_come_the_answer_is_readable_or_none() =>
        Gen.Byte.Array[0, 200].Sample(octets =>
        {
            var answer = _responder.Answer(octets, isDatagram: true);
            return answer is null || (DnsMessage.TryRead(answer, out var reply, out _) && reply.Flags.HasFlag(MessageFlags.Response) && reply.Id == BinaryPrimitives.ReadUInt16BigEndian(octets));
        }, iter: 20_000, seed: "0000KOIKQXF4");

    [Fact]
    public void Whatever_name_and_type_are_asked_for_there_is_an_answer()
    {
        var label = Gen.OneOf(Gen.Int[0, 7].Select(index => ((string[])["lab", "ns", "one", "loop", "large", "*", "_tcp", "gone"])[index]), Gen.Char[(char)1, (char)126].Array[1, 63].Select(characters => new string(characters)));
        Gen.Select(label.Array[0, 6], Gen.UShort, Gen.Bool).Sample((labels, type, isDatagram) =>
        {
            var name = DomainName.Parse("lab.");
            foreach (var one in labels)
                if (name.TryPrepend(System.Text.Encoding.ASCII.GetBytes(one), out var longer)) name = longer;
            var query = new DnsMessage { Id = 7, Questions = [new Question(name, (RecordType)type)], Edns = new Edns(1232, 0, true, []) };
            return _responder.Answer(query.Write(), isDatagram) is { } answer && DnsMessage.TryRead(answer, out var reply, out _) && reply.Questions[0].Name.EqualsExactly(name);
        }, iter: 20_000, seed: "0000KOIKQXF4");
    }

    private static Comparer<ResourceRecord> ByText => Comparer<ResourceRecord>.Create((left, right) => string.CompareOrdinal(ZoneWriter.ToLine(left), ZoneWriter.ToLine(right)));

    private static IEnumerable<RecordType> Types(IEnumerable<ResourceRecord> records) => records.Select(record => record.Type);

    private DnsMessage Ask(string name, RecordType type, bool isDnssecOk = true) => Read(_responder.Answer(Query(name, type, new Edns(1232, 0, isDnssecOk, [])), isDatagram: true)!);

    [Fact]
    public void Whoever_wants_no_recursion_is_answered_by_the_zones_own_server()
    {
        var reply = Read(_responder.Answer((Message("lab.", RecordType.SOA) with { Flags = 0 }).Write(), true)!);

        Assert.Equal(MessageFlags.Response | MessageFlags.RecursionAvailable | MessageFlags.AuthoritativeAnswer, reply.Flags);
        Assert.Equal(RecordType.SOA, reply.Answers[0].Type);
    }

    private static DnsMessage Message(string name, RecordType type) => new() { Id = 7, Flags = MessageFlags.RecursionDesired, Questions = [new Question(DomainName.Parse(name), type)] };

    private static byte[] Query(string name, RecordType type, Edns? edns) => (Message(name, type) with { Edns = edns }).Write();

    private static DnsMessage Read(byte[] wire) => DnsMessage.TryRead(wire, out var message, out var fault) ? message : throw new InvalidOperationException(fault.ToString());

    private static LabZone Sign(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions());
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var record, out _)) records.Add(record);
        var validity = new SignatureValidity(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(60));
        return new LabZone(ZoneSigner.Sign(records, [SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning)], new ZoneSigningOptions { Validity = validity }));
    }
}
