using System.Globalization;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Checks.Findings;

/// <summary>TLSA records that stand where no client asks for them.</summary>
internal static class StrayFindings
{
    /// <summary>Records at a mail domain whose mail goes to other hosts (RFC 7671 §6, RFC 7672 §2.2.3).</summary>
    internal static IEnumerable<Finding> Of(TargetSubject subject)
    {
        foreach (var stray in subject.Evidence.Strays)
        {
            var domain = Say.Name(subject.Evidence.Target.Name);
            var hosts = Say.List(subject.MailReports.Select(host => Say.Name(host.Name)));
            var isInstead = subject.MailReports.All(host => host.Records.IsEmpty);
            yield return new(FindingCodes.TlsaOwnerUnused, isInstead ? Severity.Warning : Severity.Note, Say.Name(stray.Owner.Owner),
                $"There are TLSA records at {Say.Name(stray.Owner.Owner)}, where no sender looks: mail for {domain} goes to {hosts}, and senders look there (RFC 7672 §2.2.3).{(isInstead ? $" {(subject.MailReports.Length == 1 ? "That host has" : "Those hosts have")} none." : "")}",
                isInstead ? $"Publish the records at the name of the mail host; if others run it, only they can (RFC 7671 §6). Take these out." : "Take them out; what counts stands at the name of the mail host.");
        }
    }

    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        var dns = subject.Facts.Dns;
        foreach (var stray in subject.Facts.Strays.Where(stray => stray.Owner.Kind == StrayKind.Mistyped))
        {
            var owner = Say.Name(stray.Owner.Owner);
            var isInstead = dns.TlsaState == TlsaState.None;
            var lines = subject.LinesForServedKeys();
            yield return new(FindingCodes.TlsaOwnerTypo, isInstead ? Severity.Error : Severity.Warning, owner,
                $"There are TLSA records at {owner}, where no client looks: {stray.Owner.What}. The name is {Say.Owner(dns)}{(isInstead ? ", and there are none" : "")} (RFC 6698 §3).",
                isInstead
                    ? (lines.Length > 0 ? $"Take them out, and publish, for what is served now:\n{lines}" : $"Move them to {Say.Owner(dns)}:\n{string.Join('\n', Records(stray).Take(MostLines).Select(record => Say.Line(dns, record)))}")
                    : "Take them out: at the next change of key somebody may change these and not the others.");
        }

        var others = subject.Facts.Strays.Where(stray => stray.Owner.Kind == StrayKind.OtherPort).Select(stray => TlsaOwner.TryRead(stray.Owner.Owner, out var port, out _, out _) ? port : 0).Where(port => !subject.Evidence.LooksAt(dns.TlsaBase, port) && !subject.Options.CheckedApart.Contains(port)).ToArray();
        if (others.Length == 0) yield break;
        var ports = Say.List(others.Select(port => port.ToString(CultureInfo.InvariantCulture)), others.Length);
        yield return new(FindingCodes.ServiceRecordUnchecked, Severity.Note, Say.Name(dns.TlsaBase),
            $"{Say.Name(dns.TlsaBase)} has TLSA records for {(others.Length == 1 ? "port" : "the ports")} {ports} too. Hardly any mail program asks for them, and this check does not look at what is served there; a wrong one is worse than none.",
            $"Check them, let them change with the key, or take them out:\ndanelaw check {string.Join(' ', others.Select(port => ShellWord.Quote($"{ServiceTable.AtPort(port)!.Schemes[0]}://{Say.Name(dns.TlsaBase)}")))}{string.Concat(subject.Options.AskedWith.Select(word => " " + ShellWord.Quote(word)))}");
    }

    private const int MostLines = 8;

    private static IEnumerable<TlsaRecord> Records(Stray stray)
    {
        foreach (var data in stray.Answer.Records!.Data)
            if (TlsaRecord.TryFromRecordData(data, out var record)) yield return record;
    }
}
