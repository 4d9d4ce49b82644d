using System.Globalization;
using System.Text;
using Danelaw.Checks;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Probes;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary><c>docs/matrix.md</c> is the tables whose cells the tests assert, written out.</summary>
public sealed class MatrixDocumentTests
{
    [Fact]
    public void The_page_of_the_matrix_is_what_the_tests_assert()
    {
        var file = Path.Combine(Repository.Root, "docs", "matrix.md");
        var page = Build();
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_DOCS") == "1") File.WriteAllText(file, page);
        Assert.True(File.Exists(file) && page == File.ReadAllText(file), "docs/matrix.md is not what the tests assert; write it anew with: ./test --update-docs");
    }

    [Fact]
    public void Every_service_is_met_and_every_difference_names_its_section()
    {
        Assert.Equal(ServiceProtocols.Names.Select(name => ProtocolOf($"{name}://host:1")).Distinct().Order(), ServiceMatrix.All.Select(row => ProtocolOf(row.Target)).Distinct().Order());
        Assert.All(ServiceMatrix.All.Select(row => row.Difference).Concat(MailTable.Rows.Select(row => row.Difference)).OfType<string>(), difference => Assert.Contains("(RFC ", difference, StringComparison.Ordinal));

        // Whoever differs from our verdict is told.
        Assert.All(ServiceMatrix.All.Where(row => row.Difference is null), row =>
            Assert.All(((DaneSays?[])[row.Danetool, row.SClient, row.LdnsDane, row.Finger]).Where(says => says is not null), says => Assert.Equal(row.Danelaw == "verified", says == DaneSays.Verified)));
    }

    private static string Build()
    {
        var page = new StringBuilder();
        page.Append("# What Danelaw and others say of real servers\n\n");
        page.Append("Made by `./test --update-docs` from the tables of `tests/Danelaw.Interop.Tests` (`Services/ServiceMatrix.cs`, `Mail/MailTable.cs`, `Mail/PkixRow.cs`); never edited by hand. ");
        page.Append("The tests raise each server, in a signed world of BIND and NSD behind unbound, ask every tool, and fail where one of these cells is not what is said.\n\n");
        page.Append("Beside `danelaw check`: `danetool --check` (GnuTLS 3.7), `openssl s_client -dane_tlsa_rrdata` (3.0; it is given the records, and asks the DNS nothing), `ldns-dane verify` (1.8), `posttls-finger -l dane` (Postfix 3.7); all as Debian 12 has them. ");
        page.Append("An empty cell: that tool does not speak the protocol. \"-\": it comes to no verdict.\n\n");
        page.Append("*Right*: 3 1 1 of the key that is shown. *Wrong*: 3 1 1 of another. *Expired*: the certificate is no longer valid, which matters to 2 1 1 and not to 3 1 1 (RFC 7671 §5.1). *Dual*: an RSA and an ECDSA key, and records of both or of one: Danelaw asks for each, every other tool is shown one (RFC 7672 §8.1). ");
        page.Append("*STARTTLS missing*: records, and no TLS. Rows with * are met by `./test --long` alone.\n");
        foreach (var peer in ServicePeer.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {peer.Name}\n\n");
            if (peer.Note is { } note) page.Append(note + "\n\n");
            if (peer.ClosesUnasked) page.Append("It closes the connection without an alert when it is asked for a kind of key that it has not: a note ([TLS-KEY-NOT-ASKED](findings/TLS-KEY-NOT-ASKED.md)) tells that beside the verdict.\n\n");
            if (peer.OneKey is { } oneKey) page.Append(CultureInfo.InvariantCulture, $"No dual keys: {oneKey}.\n\n");
            page.Append("| service | condition | danelaw | finding | danetool | s_client | ldns-dane | posttls-finger | where a tool differs |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
            foreach (var row in ServiceMatrix.All.Where(row => row.Peer == peer))
                page.Append(CultureInfo.InvariantCulture, $"| {row.Service.Scheme} | {row.Condition.Text()}{(row.IsLong ? " \\*" : "")} | **{row.Danelaw}** | {Code(row.Finding)} | {row.Danetool?.Text()} | {row.SClient?.Text()} | {row.LdnsDane?.Text()} | {row.Finger?.Text()} | {row.Difference} |\n");
        }

        page.Append("\n## Usages that need a trust store\n\nDovecot and nginx, with 1 1 1 (https) and 0 0 1 (imaps).\n\n| service | root | danelaw | danetool | s_client | where a tool differs |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in PkixRow.All)
            page.Append(CultureInfo.InvariantCulture, $"| {row.Target[..row.Target.IndexOf(':', StringComparison.Ordinal)]} | {(row.Trusted ? "trusted" : "not trusted")} | **{row.Danelaw}** | {row.Danetool.Text()} | {row.SClient.Text()} | {row.Difference} |\n");

        page.Append("\n## Mail domains\n\nPostfix at port 25, by the mail domain: what the name of each says is tried in `Mail/MailPlan.cs`. \"either\": as the order of the addresses falls.\n\n| mail domain | danelaw | finding | posttls-finger | danetool | s_client | where a tool differs |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in MailTable.Rows)
            page.Append(CultureInfo.InvariantCulture, $"| {row.Domain} | **{row.Danelaw}** | {Code(row.Finding)} | {row.Finger?.Text() ?? "either"} | {row.Danetool?.Text() ?? "either"} | {row.SClient.Text()} | {row.Difference} |\n");
        return page.ToString();
    }

    private static ServiceProtocol ProtocolOf(string target) => CheckTarget.TryParse(target, out var parsed, out var fault) ? parsed.Protocol : throw new FormatException($"{target}: {fault}");

    private static string Code(string? finding) => finding is null ? "" : $"[{finding}](findings/{finding}.md)";
}
