using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Audit;

/// <summary>A host, or a domain by its MX records, that all mail is handed to, as Postfix writes it: <c>example.org</c>, <c>[mx.example.org]:587</c>, or several in turn.</summary>
/// <param name="Text">As it is written.</param>
internal sealed record NextHop(string Text)
{
    /// <summary>The hosts that were found, each with what the DNS says of it.</summary>
    internal ImmutableArray<HostReport> Hosts { get; private init; } = [];

    /// <summary>Why it is not known which TLSA records stand there, as a phrase; null where it is.</summary>
    internal string? Doubt { get; private init; }

    /// <summary>The hosts without a TLSA record that a sender would go by: mail goes to them without DANE.</summary>
    internal IEnumerable<HostReport> Bare => Hosts.Where(host => host.TlsaAnswer is not { Security: Security.Secure, Records: not null } || host.Records.All(record => record.Usability != Usability.Usable));

    /// <summary>Looks it up.</summary>
    /// <param name="text">As it is written.</param>
    /// <param name="checker">Checks without connecting to anybody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<NextHop> AskAsync(string text, DaneChecker checker, CancellationToken cancellationToken)
    {
        var hosts = ImmutableArray.CreateBuilder<HostReport>();
        string? doubt = null;
        foreach (var word in Words.OfList(text))
        {
            if (!TryRead(word, out var name, out var port, out var isHost))
            {
                doubt ??= $"{word} is no name that has TLSA records";
                continue;
            }

            var reports = new List<CheckReport>();
            if (!isHost) reports.Add(await checker.CheckAsync(CheckTarget.MailDomain(name), null, cancellationToken).ConfigureAwait(false));
            var hostNames = isHost ? [name] : reports[0].Hosts.Select(host => host.Name).ToArray();
            if (isHost || port != 25)
            {
                // The records stand at the port that is spoken to.
                foreach (var host in hostNames) reports.Add(await checker.CheckAsync(CheckTarget.Service(host, port, ServiceProtocols.AtPort(port) ?? ServiceProtocol.Smtp), null, cancellationToken).ConfigureAwait(false));
                hosts.AddRange(reports.Skip(isHost ? 0 : 1).SelectMany(report => report.Hosts));
            }
            else
            {
                hosts.AddRange(reports[0].Hosts);
            }

            doubt ??= reports.SelectMany(report => report.Lookups).FirstOrDefault(answer => answer.IsFailure) is { } failed ? $"{failed.Question.Name} {failed.Question.Type} could not be looked up ({failed.Explanation.TrimEnd('.')})" : null;
        }

        return new(text) { Hosts = hosts.ToImmutable(), Doubt = doubt ?? (hosts.Count == 0 ? "no host was found" : null) };
    }

    private static bool TryRead(string word, out DomainName name, out ushort port, out bool isHost)
    {
        isHost = word is ['[', ..];
        var end = isHost ? word.IndexOf(']', StringComparison.Ordinal) : word.IndexOf(':', StringComparison.Ordinal);
        var text = isHost ? word[1..Math.Max(end, 1)] : end < 0 ? word : word[..end];
        var rest = end < 0 ? "" : word[(isHost ? end + 1 : end)..].TrimStart(':');
        (name, port) = (DomainName.Root, rest switch
        {
            "" or "smtp" => 25,
            "submission" => 587,
            "smtps" or "submissions" => 465,
            _ => ushort.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (ushort)0,
        });
        return port > 0 && !IPAddress.TryParse(text, out _) && DomainName.TryFromUserInput(text, out name, out _);
    }
}
