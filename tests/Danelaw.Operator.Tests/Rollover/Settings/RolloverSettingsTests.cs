using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;

namespace Danelaw.Operator.Tests.Rollover.Settings;

public sealed class RolloverSettingsTests
{
    private const string File = "/etc/danelaw/rollover.toml";

    private const string Small = """
        [[roll]]
        name = "mx"
        owners = ["mx.example.org:25"]
        reload = ["postfix", "reload"]

        [[roll.chain]]
        file = "/var/lib/danelaw/chains/mx.pem"
        offers = ["/etc/letsencrypt/live/mx.example.org"]

        [roll.publisher]
        kind = "update"
        server = "127.0.0.1"
        key-file = "/etc/danelaw/tsig.key"
        """;

    private const string Whole = """
        state = "/srv/danelaw/state.db"

        [[roll]]
        name = "mail"
        owners = ["mx.example.org:25", "smtp://mx.example.org:2525", "imap.example.org:993"]
        endpoints = ["192.0.2.1:25", "smtp://192.0.2.1:2525", "imap.example.org:993"]
        addresses = ["192.0.2.1", "2001:db8::1"]
        records = ["3 1 1", "2 1 1"]
        ttl = 300
        margin = "90s"
        foreign = "remove"
        reload = [["postfix", "reload"], ["doveadm", "reload"]]
        reload-time = "2m"

        [[roll.chain]]
        algorithm = "ecdsa"
        file = "/var/lib/danelaw/chains/mail.ecdsa.pem"
        group = "ssl-cert"
        offers = ["/etc/letsencrypt/live/mail-ecdsa/", { certificate = "/srv/a.crt", key = "/srv/a.key" }]

        [[roll.chain]]
        algorithm = "rsa"
        file = "/var/lib/danelaw/chains/mail.rsa.pem"
        offers = []

        [roll.publisher]
        kind = "powerdns"
        url = "http://127.0.0.1:8081"
        zone = "example.org"
        key-file = "/etc/danelaw/pdns.key"

        [[roll]]
        name = "web"
        owners = ["https://www.example.org"]
        reload = []
        chain = [{ file = "/var/lib/danelaw/chains/web.pem", offers = "/srv/web.pem" }]
        publisher = { kind = "zone-file", file = "/etc/bind/example.org", zone = "example.org", reload = ["rndc", "reload", "example.org"] }
        """;

    private static RolloverSettings Read(string text)
    {
        Assert.True(RolloverSettingsText.TryRead(text, File, out var settings, out var faults), string.Join('\n', faults));
        return settings;
    }

    private static string[] Faults(string text)
    {
        Assert.False(RolloverSettingsText.TryRead(text, File, out var settings, out ImmutableArray<SyntaxFault> faults));
        Assert.Null(settings);
        return [.. faults.Select(fault => $"{fault.Place}: {fault.Text}")];
    }

    [Fact]
    public void The_smallest_settings_have_the_defaults_that_are_documented()
    {
        var settings = Read(Small);
        Assert.Equal("/var/lib/danelaw/rollover.db", settings.StateFile);
        var roll = Assert.Single(settings.Rolls);
        Assert.Equal("mx", roll.Name);
        Assert.Equal(("3 1 1", 3600u, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), true), (Assert.Single(roll.Records).ToString(), roll.TimeToLive, roll.Margin, roll.ReloadTime, roll.KeepsForeign));
        Assert.Equal((25, ServiceProtocol.Smtp), (Assert.Single(roll.Owners).Port, roll.Owners[0].Protocol));
        Assert.Equal(["postfix", "reload"], Assert.Single(roll.Reload));
        Assert.Equal((KeyAlgorithm.Any, "/var/lib/danelaw/chains/mx.pem", null), (roll.Chains[0].Algorithm, roll.Chains[0].File, roll.Chains[0].Group));
        Assert.Equal(new OfferSource("/etc/letsencrypt/live/mx.example.org", null), Assert.Single(roll.Chains[0].Offers));
        Assert.Equal(new PublisherSettings.Update("127.0.0.1", 53, null, "/etc/danelaw/tsig.key"), roll.Publisher);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var settings = Read(Whole);
        Assert.Equal("/srv/danelaw/state.db", settings.StateFile);
        var mail = settings.Rolls[0];
        Assert.Equal([25, 2525, 993], mail.Owners.Select(owner => (int)owner.Port));
        Assert.Equal([25, 2525, 993], mail.Endpoints.Select(endpoint => (int)endpoint.Port));
        Assert.Equal(["192.0.2.1", "2001:db8::1"], mail.Addresses.Select(address => address.ToString()));
        Assert.Equal(["3 1 1", "2 1 1"], mail.Records.Select(kind => kind.ToString()));
        Assert.Equal((300u, TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(2), false), (mail.TimeToLive, mail.Margin, mail.ReloadTime, mail.KeepsForeign));
        Assert.Equal(["postfix reload", "doveadm reload"], mail.Reload.Select(command => string.Join(' ', command)));
        Assert.Equal([KeyAlgorithm.Ecdsa, KeyAlgorithm.Rsa], mail.Chains.Select(chain => chain.Algorithm));
        Assert.Equal("ssl-cert", mail.Chains[0].Group);
        Assert.Equal([new OfferSource("/etc/letsencrypt/live/mail-ecdsa", null), new OfferSource("/srv/a.crt", "/srv/a.key")], mail.Chains[0].Offers);
        Assert.Equal(new PublisherSettings.PowerDns(new("http://127.0.0.1:8081"), "localhost", DomainName.Parse("example.org."), "/etc/danelaw/pdns.key"), mail.Publisher);
        var web = settings.Rolls[1];
        Assert.Equal((443, ServiceProtocol.Https), (web.Owners[0].Port, web.Owners[0].Protocol));
        Assert.Equal(["rndc", "reload", "example.org"], Assert.IsType<PublisherSettings.ZoneFile>(web.Publisher).Reload);
        Assert.Equal(KeyAlgorithm.Any, web.Chains[0].Algorithm);
    }

    [Theory]
    [InlineData("kind = \"hook\"\ncommand = [\"/etc/danelaw/hook\", \"x\"]")]
    [InlineData("kind = \"manual\"")]
    public void A_person_or_a_program_publishes_too(string publisher)
    {
        var settings = Read(Small[..Small.IndexOf("kind", StringComparison.Ordinal)] + publisher);
        if (settings.Rolls[0].Publisher is PublisherSettings.Hook hook) Assert.Equal(["/etc/danelaw/hook", "x"], hook.Command);
        else Assert.Equal(new PublisherSettings.Manual(null), settings.Rolls[0].Publisher);
    }

    [Theory]
    [InlineData("name = \"mx\"", "name = \"m/x\"", 2, "it takes a name of letters")]
    [InlineData("name = \"mx\"", "", 1, "needs name")]
    [InlineData("mx.example.org:25\"]", "mx.example.org\"]", 3, "has no port: write mx.example.org:25")]
    [InlineData("mx.example.org:25\"]", "192.0.2.1:25\"]", 3, "is an address")]
    [InlineData("mx.example.org:25\"]", "mx.example.org:99\"]", 3, "put a scheme before it")]
    [InlineData("mx.example.org:25\"]", "mx.example.org:25\", \"smtp://MX.example.org\"]", 3, "twice")]
    [InlineData("owners = [\"mx.example.org:25\"]", "owners = []", 3, "there is none")]
    [InlineData("owners = [\"mx.example.org:25\"]", "", 1, "needs owners")]
    [InlineData("owners = [\"mx.example.org:25\"]", "endpoints = [\"127.0.0.1:25\"]\nowners = [\"mx.example.org:25\", \"imap.example.org:993\"]", 3, "none of them shows what imap.example.org:993 does")]
    [InlineData("owners = [\"mx.example.org:25\"]", "endpoints = [\"mx.example.org:25\"]\nowners = [\"mx.example.org:25\", \"mx2.example.org:25\"]", 3, "none of them shows what mx2.example.org:25 does")]
    [InlineData("reload = [\"postfix\", \"reload\"]", "reload = \"postfix reload\"", 4, "commands, each a list")]
    [InlineData("reload = [\"postfix\", \"reload\"]", "", 1, "needs reload")]
    [InlineData("reload = [", "ttl = -1\nreload = [", 4, "whole seconds")]
    [InlineData("reload = [", "margin = \"1 year\"\nreload = [", 4, "whole seconds")]
    [InlineData("reload = [", "margin = \"99999999d\"\nreload = [", 4, "whole seconds")]
    [InlineData("reload = [", "records = [\"3 1\"]\nreload = [", 4, "three numbers of a TLSA record")]
    [InlineData("reload = [", "records = [\"4 1 1\"]\nreload = [", 4, "three numbers of a TLSA record")]
    [InlineData("reload = [", "records = []\nreload = [", 4, "at least one kind")]
    [InlineData("reload = [", "records = [\"3 1 2\"]\nreload = [", 4, "RFC 7671")]
    [InlineData("reload = [", "foreign = \"maybe\"\nreload = [", 4, "keep")]
    [InlineData("reload = [", "addresses = [\"x\"]\nreload = [", 4, "x is no address")]
    [InlineData("reload = [", "realod = [", 4, "no setting realod")]
    [InlineData("file = \"/var", "file = \"var", 7, "no absolute path")]
    [InlineData("file = \"/var/lib/danelaw/chains/mx.pem\"", "file = \"/etc/letsencrypt/live/mx.example.org/fullchain.pem\"", 7, "ACME client's own")]
    [InlineData("file = \"/var/lib/danelaw/chains/mx.pem\"", "", 6, "needs file")]
    [InlineData("file = \"/var", "algorithm = \"dsa\"\nfile = \"/var", 7, "ecdsa")]
    [InlineData("offers = [\"/etc", "offers = [\"etc", 8, "absolute path")]
    [InlineData("offers = [\"/etc/letsencrypt/live/mx.example.org\"]", "", 6, "needs offers")]
    [InlineData("kind = \"update\"", "kind = \"magic\"", 11, "none of")]
    [InlineData("server = \"127.0.0.1\"", "", 10, "needs server")]
    [InlineData("server = \"127.0.0.1\"", "server = \"127.0.0.1\"\nport = 0", 13, "a number from 1 to 65535")]
    [InlineData("server = \"127.0.0.1\"", "server = \"127.0.0.1\"\nzone = \"a..b\"", 13, "is no name")]
    [InlineData("server = \"127.0.0.1\"", "server = \"127.0.0.1\"\nsecret = \"x\"", 13, "no setting secret")]
    [InlineData("key-file = \"/etc/danelaw/tsig.key\"", "", 10, "needs key-file")]
    [InlineData("key-file = \"/etc/danelaw/tsig.key\"", "key-file = \"env:A B\"", 13, "the name of a variable")]
    public void What_is_wrong_is_told_with_its_line_and_what_to_do(string from, string to, int line, string told)
    {
        var faults = Faults(Small.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith($"{File}:{line}: ", StringComparison.Ordinal) && fault.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_may_come_from_the_environment() =>
        Assert.Equal("env:TSIG_KEY", Assert.IsType<PublisherSettings.Update>(Read(Small.Replace("/etc/danelaw/tsig.key", "env:TSIG_KEY", StringComparison.Ordinal)).Rolls[0].Publisher).KeyFile);

    [Fact]
    public void What_is_no_TOML_is_told_with_its_line() => Assert.StartsWith($"{File}:2: it is no TOML: ", Assert.Single(Faults("[[roll]]\nname = mx\n")));

    [Theory]
    [InlineData("ttl = 1\n", "ttl = 2\n", "ttl stands there already, on line ")]
    [InlineData("", "[roll.publisher]\n", "[roll.publisher] stands there already, on line 10")]
    [InlineData("", "[[roll.publisher]]\n", "[[roll.publisher]] stands there already, on line 10")]
    public void What_stands_twice_is_told(string first, string second, string told) =>
        Assert.Contains(Faults(Small.Replace("reload =", first + (second[0] == '[' ? "" : second) + "reload =", StringComparison.Ordinal) + "\n" + (second[0] == '[' ? second : "")), fault => fault.Contains(told, StringComparison.Ordinal));

    [Fact]
    public void Settings_without_a_roll_are_refused() => Assert.Contains("nothing is to be rolled", Assert.Single(Faults("state = \"/a\"\n")), StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_told_at_once() => Assert.Equal(3, Faults(Small.Replace("\"mx\"", "\"m x\"", StringComparison.Ordinal).Replace("reload =", "realod =", StringComparison.Ordinal)).Length);

    [Theory]
    [InlineData("name = \"b\"", "name = \"mx\"", "there is a roll mx already")]
    [InlineData("b.example.org:25", "mx.example.org:25", "a TLSA RRset belongs to one roll")]
    [InlineData("/chains/b.pem", "/chains/mx.pem", "services that show one key are one roll")]
    [InlineData("/live/b", "/live/mx.example.org", "every TLSA RRset that pins a key is part of one roll")]
    public void Two_rolls_that_share_a_key_are_refused_with_the_reason(string from, string to, string told)
    {
        var second = Small.Replace("\"mx\"", "\"b\"", StringComparison.Ordinal).Replace("mx.example.org:25", "b.example.org:25", StringComparison.Ordinal).Replace("/chains/mx.pem", "/chains/b.pem", StringComparison.Ordinal).Replace("/live/mx.example.org", "/live/b", StringComparison.Ordinal);
        Assert.Equal(2, Read(Small + "\n\n" + second).Rolls.Length);
        Assert.Contains(Faults(Small + "\n\n" + second.Replace(from, to, StringComparison.Ordinal)), fault => fault.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void Several_chain_files_say_which_is_which()
    {
        const string More = "\n[[roll.chain]]\nfile = \"/b.pem\"\noffers = []\n";
        Assert.Contains(Faults(Small.Replace("\n[roll.publisher]", More + "\n[roll.publisher]", StringComparison.Ordinal)), fault => fault.Contains("of which algorithm its key is", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_cut_at_any_place_never_throws()
    {
        for (var length = 0; length < Whole.Length; length++) RolloverSettingsText.TryRead(Whole[..length], File, out _, out _);
    }
}
