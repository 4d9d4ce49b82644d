using System.Net;
using System.Text;
using System.Text.Json;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>A failing lookup, as text and as JSON, says zone, RRset, key, server, rule, extended error and what to do, whatever the reason; and the reason is explained.</summary>
public sealed class FailureTests
{
    private static readonly DnsServer Server = new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53));

    public static TheoryData<LookupReason> Reasons() => [.. Enum.GetValues<LookupReason>()];

    [Theory, MemberData(nameof(Reasons)), Rfc(8914, "2"), Rfc(4033, "5")]
    public async Task Text_and_JSON_tell_the_whole_failure(LookupReason reason)
    {
        var name = DomainName.Parse("www.example.org.");
        var answer = new Answer
        {
            Question = new(name, RecordType.TLSA),
            Security = Security.Bogus,
            ResponseCode = ResponseCode.NoError,
            Reason = reason,
            Explanation = "the sentence",
            ExtendedError = new ExtendedError(6, "the sentence"),
            Failure = new(DomainName.Parse("example.org."), name, RecordType.TLSA, 12345, SecurityAlgorithm.EcdsaP256Sha256, Server, "RFC 4035 §5.3.1", "Sign it anew."),
            FinalName = name,
        };

        var page = new Page(PageStyle.Pipe);
        LookupText.Write(page, answer, "www.example.org", new Output(false, false, false, PageStyle.Pipe));
        foreach (var part in (string[])["the sentence", "extended error 6", "www.example.org. TLSA", "zone example.org.", "key 12345 (ECDSAP256SHA256)", "server 192.0.2.53", "RFC 4035 §5.3.1", "what to do: Sign it anew.", Kebab.Of(reason)])
            Assert.Contains(part, page.ToString(), StringComparison.Ordinal);

        var json = Encoding.UTF8.GetString(AnswerJson.Document(answer, "www.example.org"));
        await SchemaTests.AssertValidAsync("lookup", json);
        using var document = JsonDocument.Parse(json);
        var failure = document.RootElement.GetProperty("failure");
        Assert.Equal(
            ("example.org.", "www.example.org.", "TLSA", 12345, 13, "RFC 4035 §5.3.1", "Sign it anew."),
            (failure.GetProperty("zone").GetString(), failure.GetProperty("owner").GetString(), failure.GetProperty("type").GetString(), failure.GetProperty("keyTag").GetInt32(), failure.GetProperty("algorithm").GetInt32(), failure.GetProperty("rule").GetString(), failure.GetProperty("mend").GetString()));
        Assert.StartsWith("192.0.2.53", failure.GetProperty("server").GetString(), StringComparison.Ordinal);
        Assert.Equal(6, document.RootElement.GetProperty("ede").GetProperty("code").GetInt32());
        Assert.Contains(Explanations.Find(Kebab.Of(reason)), one => one.Kind == "reasons of lookups");
    }

    [Fact, Rfc(8914, "2")]
    public async Task Where_no_zone_is_known_none_is_named()
    {
        var name = DomainName.Parse("www.example.org.");
        var answer = new Answer
        {
            Question = new(name, RecordType.A),
            Reason = LookupReason.ServerFailed,
            Explanation = "the sentence",
            Failure = new(null, name, RecordType.A, null, null, Server, "RFC 1035 §4.1.1", "Ask another."),
            FinalName = name,
        };

        var page = new Page(PageStyle.Pipe);
        LookupText.Write(page, answer, "www.example.org", new Output(false, false, false, PageStyle.Pipe));
        var json = Encoding.UTF8.GetString(AnswerJson.Document(answer, "www.example.org"));

        Assert.Contains("at www.example.org. A, server 192.0.2.53:53; RFC 1035 §4.1.1", page.ToString(), StringComparison.Ordinal);
        await SchemaTests.AssertValidAsync("lookup", json);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("failure").GetProperty("zone").ValueKind);
    }
}
