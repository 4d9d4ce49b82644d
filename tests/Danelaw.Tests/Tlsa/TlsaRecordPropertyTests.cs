using CsCheck;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Tlsa;

public sealed class TlsaRecordPropertyTests
{
    private static readonly Gen<TlsaRecord> Records =
        Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, Gen.Byte.Array[1, 80], (usage, selector, matching, data) => new TlsaRecord((TlsaUsage)usage, (TlsaSelector)selector, (TlsaMatching)matching, new(data)));

    [Fact, Rule("R02"), Rfc(6698, "2.2")]
    public void Text_and_record_data_say_the_same() => Records.Sample(record =>
    {
        Assert.True(TlsaRecord.TryParse(record.ToString(), out var fromText, out _));
        Assert.True(TlsaRecord.TryFromRecordData(record.ToRecordData(), out var fromData));
        Assert.Equal((record, record), (fromText, fromData));
    }, seed: "0000KOIPe036", iter: 2000);

    [Fact]
    public void Any_text_is_a_record_or_a_fault() => Gen.String[Gen.Char[" \t\n0123456789abcdefABCDEFgx+-.\u0660"], 0, 40].Sample(text =>
    {
        var read = TlsaRecord.TryParse(text, out var record, out var fault);
        Assert.Equal(read, fault.Length == 0);
        if (read) Assert.True(TlsaRecord.TryParse(record.ToString(), out var again, out _) && again == record);
    }, seed: "0000KOIPe036", iter: 5000);

    [Fact, Rule("R35")]
    public void Any_record_is_usable_or_not_and_never_throws() => Records.Sample(record =>
    {
        var everywhere = record.UsabilityFor(ServiceKind.Other);
        var mail = record.UsabilityFor(ServiceKind.Smtp);
        Assert.True(mail == everywhere || (everywhere == Usability.Usable && mail == Usability.UsageNotForSmtp));
    }, seed: "0000KOIPe036", iter: 2000);
}
