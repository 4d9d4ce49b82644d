using System.Globalization;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>Settings of TLS put together at random: whatever they are, the mends of one round agree with one another, mend port 25, and weaken nothing else.</summary>
public sealed class RandomMendTests
{
    private const int Rounds = 500;

    private static readonly string[][] Main =
    [
        ["", "", "smtpd_use_tls = yes", "smtpd_use_tls = no"], ["", "", "smtpd_enforce_tls = yes", "smtpd_enforce_tls = no"],
        ["", "smtpd_tls_security_level =", "smtpd_tls_security_level = none", "smtpd_tls_security_level = may", "smtpd_tls_security_level = encrypt"],
        ["", "", "postscreen_tls_security_level = may", "postscreen_use_tls = yes", "postscreen_enforce_tls = yes"], ["", "", "smtpd_tls_wrappermode = yes"],
        ["", "", "smtpd_client_restrictions = permit_mynetworks, reject_plaintext_session"], ["", "", "smtp_use_tls = yes", "smtp_use_tls = no"],
        ["", "", "smtp_enforce_tls = yes", "smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no"],
        ["", "smtp_tls_security_level = none", "smtp_tls_security_level = may", "smtp_tls_security_level = dane", "smtp_tls_security_level = dane-only"],
        ["", "smtp_dns_support_level = dnssec"], ["", "", "relayhost = [relay.example.net]"], ["", "", "smtp_tls_policy_maps = static:may", "smtp_tls_policy_maps = static:dane-only"],
        ["", "", "smtp_host_lookup = native"],
    ];

    private static readonly string[] Server = ["", "", "", " -o smtpd_use_tls=yes", " -o smtpd_use_tls=no", " -o smtpd_enforce_tls=yes", " -o smtpd_tls_security_level=may", " -o smtpd_tls_security_level=encrypt", " -o smtpd_use_tls=yes -o smtpd_enforce_tls=yes"];

    private static readonly string[] Client = ["", "", "", " -o smtp_use_tls=yes", " -o smtp_use_tls=no", " -o smtp_enforce_tls=yes", " -o smtp_tls_security_level=verify", " -o smtp_tls_policy_maps=static:may"];

    [Fact]
    public async Task Mends_agree_with_one_another_and_weaken_nothing()
    {
        using var host = new HostFolder();
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var main = $"compatibility_level = 3.6\nmyhostname = mx.example.org\nmydestination = example.org\nsmtpd_tls_chain_files = {HostFolder.ChainFile}\n" + string.Concat(Main.Select(Of).Where(line => line.Length > 0).Select(line => line + "\n"));
            var screen = random.Next(3) == 0;
            var master = (screen ? $"smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd{Of(Server)}\n" : $"smtp inet n - n - - smtpd{Of(Server)}\n")
                + $"submission inet n - n - - smtpd{Of(Server)}\n127.0.0.1:10025 inet n - n - - smtpd{Of(Server)}\nsmtp unix - - n - - smtp{Of(Client)}\npartner unix - - n - - smtp{Of(Client)}\n";
            host.Write("/etc/postfix/main.cf", main).Write("/etc/postfix/master.cf", master);
            var before = Read(host);
            var changes = (await host.ExamineAsync()).Findings.Where(finding => finding.Severity != Severity.Note).SelectMany(finding => finding.Mend.Changes).Distinct().ToArray();
            var name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}\n{main}---\n{master}---\n{string.Join('\n', changes.Select(change => change.ToString()))}");
            Assert.True(changes.OfType<Change.SetParameter>().GroupBy(change => change.Name).All(group => group.Count() == 1), "one value for each parameter, " + name);
            Assert.True(changes.OfType<Change.SetServiceOption>().GroupBy(change => (change.Service, change.Name)).All(group => group.Count() == 1), "one value for each parameter of a service, " + name);
            foreach (var group in changes.GroupBy(change => change.Path)) host.Write(group.Key, group.Aggregate(File.ReadAllText(host.Here(group.Key)), Edit.Apply));
            var after = Read(host);
            foreach (var (service, level) in before)
            {
                var isPublic = service is "smtp/inet" or "smtpd/pass";
                var now = after[service];
                if (isPublic) Assert.True(now.Value == "may", $"{service} is {now.Value}, {name}");
                else if (level.IsDemanding && level.Value != "dane-only") Assert.True(now.Value == level.Value, $"{service} was {level.Value} and is {now.Value}, {name}");
                else Assert.True(Rank(now.Value) >= Rank(level.Value) || level.Value == "dane-only", $"{service} was {level.Value} and is {now.Value}, {name}");
            }

            var instance = Instance(host);
            foreach (var listener in Listener.Of(instance)) Assert.True(!instance.Get("smtpd_tls_wrappermode", listener.Smtpd).IsYes || listener.IsLoopback, $"TLS at once at port {listener.Port}, {name}");
            Assert.DoesNotContain("use_tls", File.ReadAllText(host.Here("/etc/postfix/main.cf")) + File.ReadAllText(host.Here("/etc/postfix/master.cf")), StringComparison.Ordinal);

            string Of(string[] choices) => choices[random.Next(choices.Length)];
        }
    }

    private static Dictionary<string, SecurityLevel> Read(HostFolder host)
    {
        var instance = Instance(host);
        return instance.Services.ToDictionary(service => $"{service.Name}/{service.Type}", service => service.Command == "postscreen" && SecurityLevel.Of(instance, "postscreen", service) is { Source.IsSet: true } own ? own : SecurityLevel.Of(instance, service.Command == "smtp" ? "smtp" : "smtpd", service));
    }

    private static PostfixInstance Instance(HostFolder host) =>
        new("/etc/postfix", MainText.Read(File.ReadAllText(host.Here("/etc/postfix/main.cf")), "/etc/postfix/main.cf"), MasterText.Read(File.ReadAllText(host.Here("/etc/postfix/master.cf")), "/etc/postfix/master.cf"));

    private static int Rank(string level) => Array.IndexOf(["none", "may", "encrypt", "dane", "dane-only", "verify"], level);
}
