using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>Documents and texts as a person has looked at them, in <c>Golden/</c>. <c>DANELAW_UPDATE_DOCS=1</c> writes them anew; look at the difference before you commit it.</summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void AssertGolden(string name, string actual)
    {
        var path = Path.Combine(Repository.Root, "tests", "Danelaw.Cli.Tests", "Golden", name);
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_DOCS") == "1") File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static void AssertGoldenJson(string name, byte[] line)
    {
        var text = Encoding.UTF8.GetString(line);
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        AssertGolden(name, JsonNode.Parse(text)!.ToJsonString(Indented) + "\n");
    }

    private static string Text(Action<Page> write, PageStyle style)
    {
        var page = new Page(style);
        write(page);
        return page.ToString();
    }

    private static readonly Answer Aliased = new()
    {
        Question = new(Dns.Names.DomainName.Parse("_25._tcp.mail.example.org"), RecordType.TLSA),
        FinalName = Dns.Names.DomainName.Parse("dane.example.net"),
        Security = Security.Secure,
        Reason = LookupReason.ValidSignature,
        ResponseCode = Dns.Messages.ResponseCode.NoError,
        Explanation = "signed by key 12345 (ECDSAP256SHA256) of example.net.; the chain of trust begins at .",
        Chain =
        [
            new(new(Dns.Names.DomainName.Parse("_25._tcp.mail.example.org"), RecordType.CNAME, RecordClass.IN, 3600, [new(Dns.Names.DomainName.Parse("dane.example.net").Wire.ToArray())]), Security.Secure),
            new(new(Dns.Names.DomainName.Parse("dane.example.net"), RecordType.TLSA, RecordClass.IN, 300, [Reports.Record.ToRecordData(), Reports.Cut.ToRecordData()]), Security.Secure),
        ],
    };

    private static readonly Answer Bogus = Aliased with
    {
        Security = Security.Bogus,
        Reason = LookupReason.SignatureExpired,
        Explanation = "the signature by key 12345 of example.org. ended on 2026-11-01 00:00:00Z",
        ExtendedError = new(7, "the signature by key 12345 of example.org. ended on 2026-11-01 00:00:00Z"),
    };

    [Fact]
    public void A_check_in_JSON() => AssertGoldenJson("check-failing.json", CheckJson.Document(Reports.Failing));

    [Fact]
    public void A_check_as_text_in_a_pipe() =>
        AssertGolden("check-failing.txt", Text(page => CheckText.Write(page, Reports.Failing, new Output(false, false, false, PageStyle.Pipe)), PageStyle.Pipe));

    [Fact]
    public void A_check_as_text_on_a_terminal() =>
        AssertGolden("check-failing-80.txt", Text(page => CheckText.Write(page, Reports.Failing, new Output(false, false, false, PageStyle.Pipe)), new(false, 80)));

    [Fact]
    public void A_lookup_through_an_alias_in_JSON() => AssertGoldenJson("lookup-alias.json", AnswerJson.Document(Aliased, "_25._TCP.mail.example.org"));

    [Fact]
    public void A_bogus_lookup_in_JSON_shows_no_records() => AssertGoldenJson("lookup-bogus.json", AnswerJson.Document(Bogus, "_25._tcp.mail.example.org."));

    [Fact]
    public void Lookups_as_text() =>
        AssertGolden("lookup.txt", Text(
            page =>
            {
                LookupText.Write(page, Aliased, "_25._TCP.mail.example.org", new Output(false, false, false, PageStyle.Pipe));
                LookupText.Write(page, Bogus, "_25._tcp.mail.example.org.", new Output(false, false, false, PageStyle.Pipe));
            },
            PageStyle.Pipe));
}
