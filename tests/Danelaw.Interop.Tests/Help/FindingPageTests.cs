using System.Text.RegularExpressions;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Help;

/// <summary>The commands of the pages of findings, each tried with the program that it is for: a page must not send anybody to type what is not understood.</summary>
[Peer("bind"), Peer("knot"), Peer("nsd"), Peer("pdns"), Peer("postfix"), Peer("dovecot")]
public sealed partial class FindingPageTests(ITestOutputHelper output)
{
    /// <summary>What is not tried, and why.</summary>
    private static readonly (string Pattern, string Reason)[] NotTried =
    [
        ("^(sudo )?danelaw( |$)", "our own; the tests of the command have its calls"),
        ("^(dig|delv|curl|whois|openssl s_client|gnutls-cli|posttls-finger|danelaw|ldapsearch)( |$)", "asks servers that do not stand here"),
        ("^(certbot|lego)( |$)", "asks an authority; AcmeRolloverTests run both"),
        ("^(postfix|doveadm|systemctl|journalctl|pdns_control|nginx)( |$)", "acts on the servers of the host that it is typed on"),
        ("^(apt-get|install|cp|cat|chmod|chown|mv|umask|echo|printf|grep|openssl|postmap|dnssec-dsfromkey|ldns-verify-zone|ldns-signzone|named-checkzone|nsd-checkzone|kzonecheck)( |$)", "works on files of the host; other tests call these programs"),
        ("^pdnsutil edit-zone", "opens an editor"),
        ("^(nsupdate( -l)?|send|update (delete|add)( …)?)$", "a part of what stands beside it, which is tried"),
        ("^(knotc zone-(un)?set|always|none|delete|delete-dnssec|dnssec-policy|policy|pdnsutil (publish|deactivate|remove)-zone-key)$", "named alone, without what belongs to it"),
        ("^(\\$TTL|zonefile:|ip-address:|[a-z_]+)$", "the name of a setting"),
        ("^(local-address=|medium|smtpd_[a-z_]+ = |ssl_protocols|local_name |[a-z_]+:( |$)|mx: |version: |mode: |server:| {4}[a-z-]+: |owners = )", "a line of a file, read by its own program in other tests, or of a file that no program checks"),
        ("^(submissions?|tlsproxy|  -o) ", "lines of master.cf; SetupTests and PostconfTests have Postfix read such"),
        (@"^[\w.-]+\.? +(\d+ +)?(IN +)?(A|MX|NS|SRV|TXT|CNAME|TLSA) ", "a record; the tests of zone files have them read by every server"),
        ("^ssl_(cert|key) = <", "names a file that is not here"),
        ("^postconf (NAME$|-d )", "has a placeholder, or asks for what Debian 12's has not"),
        ("…", "has something left out"),
    ];

    /// <summary>What a program answers that has understood, and would do it where the zone is in another state.</summary>
    private static readonly string[] Understood =
    [
        "such record already exists in zone", "no such record in zone found", "no such node in zone found", "no key ready for submission", "already secure", "not actively secured", "Duplicate record found",
        "inappropriate zone type: primary", "(operation not supported)", "zone not slave",
    ];

    [Fact]
    public async Task Every_command_is_understood_by_the_program_that_it_is_for()
    {
        Peer.RequireOwnNetwork();
        await using var world = await PageWorld.StartAsync(TestContext.Current.CancellationToken);
        var (tried, left, wrong) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var commands in PageCommand.All().GroupBy(command => (command.Program, command.Text)))
        {
            var command = commands.First();
            if (await world.TryAsync(command, TestContext.Current.CancellationToken) is { } result)
            {
                tried++;
                if (result.ExitCode != 0 && !Understood.Any(words => result.Everything.Contains(words, StringComparison.Ordinal)) || Complaint().IsMatch(result.Everything))
                    wrong.Add($"{string.Join(", ", commands.Select(one => one.Page).Distinct())}: {command.Text}\n  {result.Everything.Trim()}");
                continue;
            }

            if (Array.Find(NotTried, one => Regex.IsMatch(command.Text, one.Pattern)) is { Reason: { } reason }) left[reason] = left.GetValueOrDefault(reason) + 1;
            else wrong.Add($"{command.Page}: {command.Text}\n  is neither tried nor named among what is not");
        }

        output.WriteLine($"TELL: {tried} commands of the pages of findings were tried; not: {string.Join("; ", left.Select(pair => $"{pair.Value} ({pair.Key})"))}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 80, $"only {tried} commands were tried");
    }

    [GeneratedRegex("warning: .*(unused parameter|unknown)|syntax error|Unknown command|unknown option", RegexOptions.IgnoreCase)]
    private static partial Regex Complaint();
}
