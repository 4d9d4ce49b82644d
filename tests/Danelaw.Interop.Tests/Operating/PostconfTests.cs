using System.Collections.Immutable;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Changes;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating;

/// <summary>main.cf and master.cf as we read them, beside what Postfix's own postconf says of the same files.</summary>
[Peer("postfix")]
public sealed class PostconfTests : IDisposable
{
    private static readonly string[] Names = ["relayhost", "myorigin", "mydomain", "smtp_helo_name", "smtp_tls_security_level", "smtp_tls_policy_maps", "smtpd_tls_chain_files", "mydestination", "transport_maps", "smtp_host_lookup", "smtpd_banner", "mynetworks", "smtp_bind_address", "virtual_alias_maps"];

    private readonly TestFolder _folder = new("postconf");

    public void Dispose() => _folder.Dispose();

    private async Task<Dictionary<string, string>> AskAsync(params string[] arguments)
    {
        var result = await PeerProcess.RunAsync(Peer.Require("postconf"), ["-c", _folder.Root, .. arguments], cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Everything);
        return result.Output.Split('\n').Where(line => line.Length > 0).Select(line => line.Split(" =", 2)).ToDictionary(parts => parts[0], parts => Fold(parts[1]));
    }

    private Task<Dictionary<string, string>> DefaultsAsync() => AskAsync("-d");

    private PostfixInstance Read(Dictionary<string, string>? defaults = null) => new(_folder.Root, MainText.Read(File.ReadAllText(_folder.Root + "/main.cf"), "main.cf"), MasterText.Read(File.ReadAllText(_folder.Root + "/master.cf"), "master.cf"))
    {
        Defaults = defaults?.ToImmutableDictionary(StringComparer.Ordinal) ?? ImmutableDictionary<string, string>.Empty,
    };

    /// <summary>postconf prints one blank for any number of them.</summary>
    private static string Fold(string text) => string.Join(' ', text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private async Task AssertAgreesAsync(string main)
    {
        _folder.Write("main.cf", main);
        _folder.Write("master.cf", "");
        var instance = Read(await DefaultsAsync());
        var raw = await AskAsync(Names);
        var expanded = await AskAsync(["-x", .. Names]);
        foreach (var name in Names.Where(name => instance.Get(name).IsSet))
        {
            Assert.True(raw[name] == Fold(instance.Get(name).Raw), $"{name}: '{raw[name]}' by postconf, '{instance.Get(name).Raw}' by us, of\n{main}");
            Assert.True(expanded[name] == Fold(instance.Get(name).Value), $"{name}: '{expanded[name]}' by postconf -x, '{instance.Get(name).Value}' by us, of\n{main}");
        }
    }

    [Theory]
    [InlineData("relayhost = a\nrelayhost = b\n")]
    [InlineData("relayhost=a\n   b,\n\tc\n\n# x\n  d\nmyorigin = e\n")]
    [InlineData("mydomain = example.org\nmyorigin = $mydomain\nrelayhost = ${myorigin}x$(mydomain)\n")]
    [InlineData("mydomain = example.org\nmyorigin =\nrelayhost = ${mydomain?yes}${myorigin?no}${myorigin:empty}${mydomain:full}\n")]
    [InlineData("mydomain = example.org\nmyorigin =\nrelayhost = ${mydomain?{a $myorigin}:{b}} ${myorigin?{a}:{b $mydomain}}\n")]
    [InlineData("mydomain = 10\nrelayhost = ${{$mydomain} < {9} ? {less} : {more}} ${{a} == {a} ? {same}} ${{x} != {x} ? {other}:{same}}\n")]
    [InlineData("relayhost = $$mydomain $$$$\n")]
    [InlineData("myhostname = mx.example.org\nmydestination = $mydomain, $myhostname\n")]
    [InlineData("myhostname = mx\nmydestination = $mydomain\n")]
    [InlineData("mydomain = 3.10\nrelayhost = ${{$mydomain} >=level {3.9} ? {new} : {old}}\n")]
    [InlineData("smtp_tls_policy_maps = inline:{ a=may, { b.example = dane-only } }\n")]
    public async Task A_file_by_hand_is_read_as_postconf_reads_it(string main) => await AssertAgreesAsync(main);

    [Fact]
    public async Task What_Postfix_takes_as_it_is_written_is_not_expanded()
    {
        var names = (await DefaultsAsync()).Keys.Where(name => name is not ("config_directory" or "mail_version" or "compatibility_level" or "process_name" or "process_id" or "service_name")).ToArray();
        _folder.Write("main.cf", "compatibility_level = 3.6\n" + string.Concat(names.Select(name => $"{name} = a$mail_version\n")));
        _folder.Write("master.cf", "");
        var instance = Read(new() { ["mail_version"] = "X" });
        var unexpanded = (await AskAsync(["-x", .. names])).Where(setting => setting.Value == "a$mail_version").Select(setting => setting.Key).Order(StringComparer.Ordinal);
        Assert.Equal(unexpanded, names.Where(name => instance.Get(name).Value == "a$mail_version").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("smtp inet n - y - - smtpd\n  -o smtpd_tls_security_level=may -o { smtpd_banner = a b }\n# x\n  -o relayhost=\nsmtp unix - - n - - smtp\n")]
    [InlineData("127.0.0.1:10025 inet n - n - 5 smtpd -o mynetworks=127.0.0.0/8,::1 -v\nother unix-dgram - - n - 1 postlogd\n")]
    public async Task Services_and_their_settings_are_those_of_postconf(string master)
    {
        _folder.Write("main.cf", "");
        _folder.Write("master.cf", master);
        var services = Read().Master.Services;
        var listed = await PeerProcess.RunAsync(Peer.Require("postconf"), ["-c", _folder.Root, "-M"], cancellationToken: TestContext.Current.CancellationToken);
        var columns = listed.Output.Split('\n').Where(line => line.Length > 0 && line[0] != ' ').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(columns.Select(words => string.Join(' ', words[0], words[1], words[4], words[7])), services.Select(one => string.Join(' ', one.Name, one.Type, one.Chroot, one.Command)));
        var told = await AskAsync("-P");
        Assert.Equal(told.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal), services.SelectMany(one => one.Options.Select(option => $"{one.Name}/{one.Type}/{option.Name}={option.Value}")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("main.cf", "relayhost\n")]
    [InlineData("main.cf", "relay host = a\n")]
    [InlineData("master.cf", "smtp inet n - y - smtpd\n")]
    [InlineData("master.cf", "smtp tcp n - y - - smtpd\n")]
    public async Task What_postconf_refuses_is_a_fault(string file, string text)
    {
        _folder.Write("main.cf", file == "main.cf" ? text : "");
        _folder.Write("master.cf", file == "master.cf" ? text : "");
        var result = await PeerProcess.RunAsync(Peer.Require("postconf"), ["-c", _folder.Root, file == "main.cf" ? "-n" : "-M"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Matches("fatal|warning", result.Everything);
        var instance = Read();
        Assert.Contains(instance.Main.Faults.Concat(instance.Master.Faults), fault => fault.IsFatal);
    }

    [Fact]
    public async Task What_the_editor_writes_is_what_postconf_reads_back()
    {
        _folder.Write("main.cf", PostfixEditor.SetParameter("# kept\nrelayhost = a,\n  # within\n  b\nmyorigin = c\n", "relayhost", "[mx.example.net]:587"));
        _folder.Write("master.cf", PostfixEditor.SetServiceOption("smtp inet n - y - - smtpd\n  -o smtpd_banner=x\n", "smtp/inet", "smtpd_tls_protocols", "!TLSv1, !TLSv1.1"));
        Assert.Equal("[mx.example.net]:587", (await AskAsync("relayhost"))["relayhost"]);
        Assert.Equal("c", (await AskAsync("myorigin"))["myorigin"]);
        var services = await AskAsync("-P");
        Assert.Equal("!TLSv1, !TLSv1.1", services["smtp/inet/smtpd_tls_protocols"]);
        Assert.Equal("x", services["smtp/inet/smtpd_banner"]);
    }
}
