using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Messages;

public sealed class MessageReadingTests
{
    [Fact, Rfc(1035, "4.1.4")]
    public void Names_share_what_stands_before_them_and_are_read_in_full()
    {
        // The example of RFC 1035 §4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root, here as four owners of empty records.
        var message = Wire.Message(answers: 4, Wire.Hex(
            "01 46 03 495349 04 41525041 00", Wire.EmptyRecord,
            "03 464F4F C00C", Wire.EmptyRecord,
            "C012", Wire.EmptyRecord,
            "00", Wire.EmptyRecord));

        Assert.True(DnsMessage.TryRead(message, out var read, out _));

        Assert.Equal(["F.ISI.ARPA.", "FOO.F.ISI.ARPA.", "ARPA.", "."], read.Answers.Select(record => record.Owner.ToString()));
    }

    [Fact, Rfc(1035, "4.1.4"), Rfc(3597, "4")]
    public void Names_in_the_data_of_well_known_types_are_decompressed()
    {
        var message = Wire.Message(answers: 1, Wire.Hex("07 6578616D706C65 00", "000F 0001 00000E10 0007", "000A 02 6D78 C00C"));

        Assert.True(DnsMessage.TryRead(message, out var read, out _));

        Assert.Equal("000a026d78076578616d706c6500", read.Answers[0].Data.ToHex());
        Assert.True(MxData.TryRead(read.Answers[0].Data, out var mx));
        Assert.Equal(new MxData(10, DomainName.Parse("mx.example.")), mx);
    }
}
