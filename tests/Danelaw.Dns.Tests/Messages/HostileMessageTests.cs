using CsCheck;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Messages;

/// <summary>Octets from strangers: nothing throws, nothing hangs, and reader and walker agree.</summary>
public sealed class HostileMessageTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    [Fact]
    public void Noise_of_up_to_64_KiB_is_an_ordinary_result()
    {
        var random = new Random(20261126);
        for (var i = 0; i < LongRun.Times(300); i++)
        {
            var noise = new byte[random.Next(70_000)];
            random.NextBytes(noise);
            Judge(noise);
        }
    }

    [Fact]
    public void Noise_of_few_different_octets_which_makes_names_and_pointers_is_an_ordinary_result()
    {
        byte[] octets = [0, 0, 0, 1, 1, 2, 12, 13, 63, 64, 0xC0, 0xC0, 0xC1, 0xFF, 15, 41, 250];
        var random = new Random(20261126);
        for (var i = 0; i < LongRun.Times(2000); i++)
        {
            var noise = new byte[random.Next(2000)];
            for (var at = 0; at < noise.Length; at++) noise[at] = octets[random.Next(octets.Length)];
            Judge(noise);
        }
    }

    [Fact]
    public void Real_responses_with_any_octet_altered_are_read_or_refused()
    {
        var random = new Random(20261126);
        for (var i = 0; i < LongRun.Times(1) * MessageCorpus.All.Count; i++)
        {
            var entry = MessageCorpus.All[i % MessageCorpus.All.Count];
            for (var at = 0; at < entry.Response.Length; at++)
            {
                var altered = entry.Response.ToArray();
                altered[at] = (byte)random.Next(256);
                Judge(altered);
                altered[at] = 0xC0;
                Judge(altered);
            }
        }
    }

    [Fact]
    public void Many_long_names_by_pointer_take_time_and_memory_in_proportion_to_the_message()
    {
        // One name of 253 octets, then as many records as fit, each owned by one label more: the longest copies that a message can ask for.
        var body = new List<byte>(Wire.Hex(string.Concat(Enumerable.Repeat("0161", 125)), "0161 00", Wire.EmptyRecord));
        var record = Wire.Hex("C00C", Wire.EmptyRecord);
        var count = 1;
        while (body.Count + record.Length + 2 < 65000)
        {
            body.AddRange([1, (byte)'b', .. record]);
            count++;
        }

        var message = Wire.Message(answers: count, [.. body]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        DnsMessage.TryRead(message, out var read, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal([255], read!.Answers.Skip(1).Select(answer => answer.Owner.Length).Distinct());
        Assert.InRange(allocated, 0, 30 * message.Length);
    }

    [Fact]
    public void Any_message_that_can_be_made_is_read_back_the_same()
    {
        var label = Gen.Byte.Array[1, 12];
        var suffixes = new[] { "example.", "Example.", "a.example.", "." }.Select(DomainName.Parse).ToArray();
        var name = Gen.Select(label.Array[0, 3], Gen.Int[0, 3], (labels, suffix) => labels.Aggregate(suffixes[suffix], (longer, octets) => longer.TryPrepend(octets, out var result) ? result : longer));
        var nameData = name.Select(target => (RecordType.NS, new NameData(target).ToOctets()));
        var mxData = Gen.Select(Gen.UShort, name, (preference, host) => (RecordType.MX, new MxData(preference, host).ToOctets()));
        var soaData = Gen.Select(name, name, Gen.UInt, (primary, person, number) => (RecordType.SOA, new SoaData(primary, person, number, 1, 2, 3, number).ToOctets()));
        var srvData = Gen.Select(Gen.UShort, name, (number, host) => (RecordType.SRV, new SrvData(number, 1, 2, host).ToOctets()));
        var otherData = Gen.Byte.Array[0, 40].Select(octets => ((RecordType)65280, new Octets(octets)));
        var data = Gen.OneOf(nameData, mxData, soaData, srvData, otherData);
        var record = Gen.Select(name, data, Gen.UInt[0, int.MaxValue], (owner, typed, timeToLive) => new ResourceRecord(owner, typed.Item1, RecordClass.IN, timeToLive, typed.Item2));
        var edns = Gen.Select(Gen.UShort, Gen.Bool, Gen.Byte.Array[0, 20], (size, isOk, option) => new Edns(size, 0, isOk, [new(10, new(option))]));
        var message = Gen.Select(record.Array[0, 12], record.Array[0, 6], record.Array[0, 6], edns, name, (answers, authorities, additionals, said, asked) => new DnsMessage
        {
            Id = 1,
            ResponseCode = ResponseCode.BadCookie,
            Questions = [new(asked, RecordType.MX)],
            Answers = [.. answers],
            Authorities = [.. authorities],
            Additionals = [.. additionals],
            Edns = said,
        });

        message.Sample(
            made => DnsMessage.TryRead(made.Write(), out var read, out _)
                && made.Equals(read)
                && made.Answers.Zip(read.Answers).All(pair => pair.First.Owner.EqualsExactly(pair.Second.Owner)),
            iter: LongRun.Times(3_000),
            seed: Seed);
    }

    private static void Judge(byte[] octets)
    {
        var isMessage = DnsMessage.TryRead(octets, out var message, out var fault);
        var walker = new MessageWalker(octets);
        while (walker.MoveNext())
        {
            Assert.InRange(walker.Current.DataOffset + walker.Current.DataLength, 12, octets.Length);
        }

        Assert.Equal(isMessage, fault.Kind == MessageFaultKind.None);
        if (!isMessage)
        {
            Assert.InRange(fault.Offset, 0, octets.Length);
            return;
        }

        Assert.True(walker.IsComplete);
        Assert.True(DnsMessage.TryRead(message!.Write(), out var again, out _));
        Assert.Equal(message, again);
    }
}
