using System.Collections.Immutable;
using System.Net.Sockets;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Running;

/// <summary>Says which of the records that were published no server matches yet: right ahead of a new key, and otherwise a mistake.</summary>
internal static class UnshownRecords
{
    public static async Task TellAsync(Call call, DnsSettings settings, Resolver resolver, ImmutableArray<DomainName> owners, TlsaSet given, CancellationToken cancellationToken)
    {
        foreach (var owner in owners)
        {
            if (!TlsaOwner.TryRead(owner, out var port, out var transport, out var host) || transport != TlsaTransport.Tcp || !CheckTarget.TryParse($"{Words.Of(host)}:{port}", out var target, out _)) continue;
            var addresses = (await HostAddresses.FindAsync(resolver, host.ToString(), cancellationToken).ConfigureAwait(false)).Where(address => settings.Families.ToRecordTypes().Contains(address.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.AAAA));
            var (chains, failures) = await LiveServer.ProbeAsync(settings, call.Surroundings, target, host, [.. addresses], call.Voice, cancellationToken).ConfigureAwait(false);
            call.Voice.EndProgress();
            var unshown = chains.IsEmpty ? [] : given.Records.Where(record => !chains.Any(chain => Means(record, chain))).ToArray();
            if (chains.IsEmpty) call.Voice.Hint($"whether {target.Text} shows what was published could not be seen{(failures.IsEmpty ? "" : $" ({failures[0]})")}");
            foreach (var record in unshown) call.Voice.Hint($"nothing that {target.Text} shows is meant by {record}: so it should be ahead of a new key only; otherwise the record is of another key");
            if (chains.IsEmpty || unshown.Length > 0) call.Voice.Hint($"danelaw check {target.Text}");
        }
    }

    /// <summary>Whether a record means something that was shown; a server that shows a chain shows its issuers as far as it sends them.</summary>
    private static bool Means(TlsaRecord record, ImmutableArray<Octets> chain) => (record.Usage is TlsaUsage.DaneEe or TlsaUsage.PkixEe ? chain[..1] : chain)
        .Any(certificate => TlsaRecord.TryCreate(certificate, record.Usage, record.Selector, record.Matching, out var made, out _) && made == record);
}
