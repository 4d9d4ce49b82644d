using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Servers;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>What is told of a zone's servers.</summary>
public sealed class ServersTextTests
{
    private static readonly DomainName Zone = DomainName.Parse("example.org.");

    [Theory]
    [InlineData("www.example.net.", true)]
    [InlineData("www.example.org.", false)]
    [InlineData("org.", false)]
    public void Behind_an_alias_it_is_said_whose_servers_were_not_asked(string owner, bool isElsewhere)
    {
        var answer = new Answer { Question = new(DomainName.Parse("alias.example.org."), RecordType.A), Security = Security.Bogus, Reason = LookupReason.SignatureInvalid, Failure = new(DomainName.Root, DomainName.Parse(owner), RecordType.A, null, null, null, "", "") };

        var text = Write(new(new(answer.Question, answer) { Zone = Zone, NameServers = answer }, [], []));

        Assert.Contains("All servers of example.org answer alike.", text, StringComparison.Ordinal);
        Assert.Equal(isElsewhere, text.Contains("danelaw lookup www.example.net A --all-servers", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_code_that_was_found_can_be_explained()
    {
        var answer = new Answer { Question = new(Zone, RecordType.A), Security = Security.Secure };
        Finding Of(string code) => new(code, Severity.Error, "ns.example.org", "It is so.", "Do this.");

        var text = Write(new(new(answer.Question, answer) { Zone = Zone, NameServers = answer }, [], [Of(FindingCodes.ServerUnreachable), Of(FindingCodes.ServerLame), Of(FindingCodes.ServerLame)]));

        Assert.Contains("More: danelaw explain SERVER-UNREACHABLE SERVER-LAME\n", text, StringComparison.Ordinal);
    }

    private static string Write(ServerReport report)
    {
        var page = new Page(PageStyle.Pipe);
        ServersText.Write(page, report, new Output(false, false, false, PageStyle.Pipe));
        return page.ToString();
    }
}
