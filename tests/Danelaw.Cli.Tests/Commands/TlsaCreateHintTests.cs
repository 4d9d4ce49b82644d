using Danelaw.Cli.Running;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>What tlsa create says beside the records, so that whoever made half of it knows the rest.</summary>
public sealed class TlsaCreateHintTests(LabWorld world, CertificateFiles files) : IClassFixture<LabWorld>, IClassFixture<CertificateFiles>
{
    private Task<CommandRun> MakeAsync(params string[] args) => CommandRun.OfAsync(["tlsa", "create", "leaf.pem", "--name", "mx.example.org", .. args], folder: files.Folder);

    [Fact]
    public async Task Whoever_makes_both_digests_is_not_told_to_make_the_other()
    {
        var run = await MakeAsync("--matching", "1", "--matching", "2");

        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("beside it", run.Error, StringComparison.Ordinal);
        Assert.Contains("for every other key in the RRset too", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_makes_SHA_512_alone_is_told_how_to_make_both()
    {
        Assert.Contains("danelaw: hint: --matching 1 --matching 2 makes both\n", (await MakeAsync("--matching", "2", "--allow")).Error, StringComparison.Ordinal);
        Assert.Contains("danelaw: hint: give it once for each: --matching 1 --matching 2\n", (await MakeAsync("--matching", "1,2")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leaf.pem --name mx.example.org --matching 1 2", "2", "--matching 1 --matching 2")]
    [InlineData("--name mx.example.org --matching 1 2 leaf.pem", "leaf.pem", "--matching 1 --matching 2")]
    [InlineData("leaf.pem --name mx1.example.org mx2.example.org", "mx2.example.org", "--name mx1.example.org --name mx2.example.org")]
    [InlineData("leaf.pem --usage 3 1 --name mx.example.org", "1", null)]
    [InlineData("--name mx.example.org leaf.pem other.pem", "other.pem", null)]
    public async Task A_second_value_behind_an_option_that_is_given_once_for_each_is_told_how_to_write_it(string args, string tooMany, string? option)
    {
        var run = await CommandRun.OfAsync(["tlsa", "create", .. args.Split(' ')], folder: files.Folder);

        var hint = option is null ? "danelaw tlsa create --help lists what it takes" : $"give {option.Split(' ')[0]} once for each: {option}";
        Assert.Equal((2, "", $"danelaw: error: {tooMany} is one argument too many for danelaw tlsa create\ndanelaw: hint: {hint}\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task Where_a_mail_domain_is_given_for_a_server_its_mail_host_is_named()
    {
        var run = await world.RunAsync("tlsa", "create", "--live", "good.lab:25");

        Assert.Equal(3, run.Code);
        Assert.Equal("danelaw: error: no address of good.lab is known\ndanelaw: hint: mail for good.lab goes to mx.good.lab (MX), and senders ask for the records there: --live mx.good.lab:25\n", run.Error);
        Assert.DoesNotContain("mail for", (await world.RunAsync("tlsa", "create", "--live", "mx.good.lab:25")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("setup")]
    [InlineData("publish")]
    [InlineData("tlsa create")]
    public async Task One_TTL_is_proposed_wherever_a_set_is_to_be_made(string verb)
    {
        var help = (await CommandRun.OfAsync([.. verb.Split(' '), "--help"])).Output;
        Assert.Matches(@"--ttl SECONDS[^-]* 3600", System.Text.RegularExpressions.Regex.Replace(help, @"\s+", " "));
        Assert.Contains(" 3600 IN TLSA ", (await MakeAsync("--format", "nsupdate")).Output, StringComparison.Ordinal);
        Assert.Matches(@"_25\._tcp\.mx\.no-tlsa\.lab\. 3600 IN TLSA ", (await world.RunAsync("check", "no-tlsa.lab")).Output);
    }

    [Fact]
    public void A_hint_is_given_once()
    {
        using var error = new StringWriter();
        var voice = new Voice(new() { Input = Stream.Null, Output = Stream.Null, Error = error });

        voice.Hint("the address is not protected");
        voice.Hint("the address is not protected");
        voice.Hint("another");

        Assert.Equal("danelaw: hint: the address is not protected\ndanelaw: hint: another\n", error.ToString());
    }
}
