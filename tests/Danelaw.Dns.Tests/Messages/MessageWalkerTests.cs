using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Messages;

public sealed class MessageWalkerTests
{
    [Fact, Rfc(1035, "4.1.1")]
    public void It_reads_the_header_and_the_counts()
    {
        var walker = new MessageWalker(Wire.Hex("1267 AFF7 0001 0002 0003 0004"));

        Assert.True(walker.HasHeader);
        Assert.Equal((4711, Opcode.Update, ResponseCode.YXRRSet), ((int)walker.Id, walker.Opcode, walker.ResponseCode));
        Assert.Equal(
            (1, 2, 3, 4),
            (walker.Count(MessageSection.Question), walker.Count(MessageSection.Answer), walker.Count(MessageSection.Authority), walker.Count(MessageSection.Additional)));
        Assert.True(walker.Flags.HasFlag(MessageFlags.Truncated));
    }

    [Fact]
    public void It_says_where_each_thing_stands()
    {
        var message = Wire.Message(Wire.Hex("0161 00 000F 0001", "C00C 000F 0001 00000E10 0005 000A 0162 00"), questions: 1, answers: 1);
        var walker = new MessageWalker(message);

        Assert.True(walker.MoveNext());
        Assert.Equal(new WalkedRecord(MessageSection.Question, 12, 3, RecordType.MX, RecordClass.IN, 0, 19, 0), walker.Current);
        Assert.True(walker.MoveNext());
        Assert.Equal(new WalkedRecord(MessageSection.Answer, 19, 3, RecordType.MX, RecordClass.IN, 3600, 31, 5), walker.Current);
        Assert.False(walker.MoveNext());
        Assert.True(walker.IsComplete);
        Assert.False(walker.MoveNext());
    }

    [Fact]
    public void It_allocates_nothing()
    {
        var response = MessageCorpus.Get("+dnssec hashed.example MX").Response;
        Walk(response);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var walked = Walk(response);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(21, walked);
    }

    [Theory]
    [InlineData("00", MessageFaultKind.Cut)]
    [InlineData("00 0001 00", MessageFaultKind.Cut)]
    [InlineData("C00C 0001 0001", MessageFaultKind.BadPointer)]
    [InlineData("40 0001 0001", MessageFaultKind.ReservedLabel)]
    [InlineData("00 0001 0001 00", MessageFaultKind.TrailingOctets)]
    public void It_stops_at_the_first_fault_and_names_it(string body, MessageFaultKind expected)
    {
        var walker = new MessageWalker(Wire.Message(Wire.Hex(body), questions: 1));
        while (walker.MoveNext()) Assert.Equal(MessageSection.Question, walker.Current.Section);

        Assert.False(walker.IsComplete);
        Assert.False(walker.MoveNext());
        Assert.Equal(expected, walker.Fault.Kind);
    }

    [Fact]
    public void Without_a_whole_header_there_is_nothing_to_walk()
    {
        var walker = new MessageWalker(new byte[11]);

        Assert.False(walker.HasHeader);
        Assert.False(walker.MoveNext());
        Assert.Equal(MessageFaultKind.Cut, walker.Fault.Kind);
        Assert.Equal(0, walker.Id);
    }

    private static int Walk(ReadOnlySpan<byte> message)
    {
        var walker = new MessageWalker(message);
        var walked = 0;
        while (walker.MoveNext()) walked++;
        return walked;
    }
}
