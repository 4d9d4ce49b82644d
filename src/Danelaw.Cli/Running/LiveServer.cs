using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;

namespace Danelaw.Cli.Running;

/// <summary>Takes from a server the certificates that it shows, for records to be made from.</summary>
internal static class LiveServer
{
    private const int MostMailHosts = 3;

    private static readonly KeyAlgorithm[] Algorithms = [KeyAlgorithm.Any, KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa, KeyAlgorithm.Eddsa];

    /// <summary>Asks each address of the server for each kind of key.</summary>
    /// <returns>The chains whose first certificates differ; none, and the reason was said, when there are none. And the TLSA base domain, null for a server given by its address.</returns>
    public static async Task<(ImmutableArray<ImmutableArray<Octets>> Chains, DomainName? Base)> AskAsync(DnsSettings settings, Surroundings surroundings, CheckTarget target, DomainName name, Voice voice, CancellationToken cancellationToken)
    {
        (ImmutableArray<IPAddress> addresses, DomainName? tlsaBase) = target.Address is { } address ? ([address], null) : await FindAsync(settings, surroundings, target, voice, cancellationToken).ConfigureAwait(false);

        // RFC 7671 §7: what a client names in the handshake is the base.
        if (tlsaBase is { } named && name.Equals(target.Name)) name = named;
        var (chains, failures) = await ProbeAsync(settings, surroundings, target, name, addresses, voice, cancellationToken).ConfigureAwait(false);
        foreach (var failure in failures)
        {
            if (chains.Length == 0) voice.Error(failure);
            else voice.Hint($"left out: {failure}");
        }

        return (chains, tlsaBase);
    }

    /// <summary>Asks some addresses for each kind of key.</summary>
    /// <returns>The chains whose first certificates differ, and why an address showed none.</returns>
    public static async Task<(ImmutableArray<ImmutableArray<Octets>> Chains, ImmutableArray<string> Failures)> ProbeAsync(DnsSettings settings, Surroundings surroundings, CheckTarget target, DomainName name, ImmutableArray<IPAddress> addresses, Voice voice, CancellationToken cancellationToken)
    {
        var prober = new TlsProber(new(), surroundings.Clock);
        var chains = ImmutableArray.CreateBuilder<ImmutableArray<Octets>>();
        var failures = ImmutableArray.CreateBuilder<string>();
        foreach (var endPoint in addresses.Select(one => new IPEndPoint(one, target.Port)))
        {
            voice.Progress($"asking {endPoint}");
            var probe = new ProbeTarget(endPoint, ConnectToRule.Apply(settings.ConnectTo, target.Name, endPoint), target.Protocol, name);
            foreach (var algorithm in Algorithms)
            {
                var seen = await prober.ProbeAsync(probe with { Algorithm = algorithm }, cancellationToken).ConfigureAwait(false);
                if (seen.HasProvenKey && !seen.Chain.IsEmpty)
                {
                    if (!chains.Any(chain => chain[0].Equals(seen.Chain[0]))) chains.Add(seen.Chain);
                    continue;
                }

                // A kind of key that it does not have is nothing to tell; one that was seen and not proven is.
                if (algorithm != KeyAlgorithm.Any && seen.Outcome != ProbeOutcome.CertificateSeen) continue;
                failures.Add($"{endPoint}: {Kebab.Of(seen.Outcome)}{(seen.Detail.Length > 0 ? $": {seen.Detail}" : "")}");
                if (algorithm == KeyAlgorithm.Any) break;
            }
        }

        return (chains.ToImmutable(), failures.ToImmutable());
    }

    /// <summary>The mail hosts of a name that is a mail domain, the preferred first; none where it is its own.</summary>
    private static async Task<string[]> MailHostsAsync(Resolver resolver, DomainName name, CancellationToken cancellationToken)
    {
        var answer = await resolver.LookupAsync(name, RecordType.MX, cancellationToken).ConfigureAwait(false);
        if (answer is not { IsFailure: false, Records: { } records }) return [];
        MxData[] hosts = [.. records.Data.Select(data => MxData.TryRead(data, out var mx) ? mx : default).Where(mx => !mx.Exchange.IsRoot).OrderBy(mx => mx.Preference).ThenBy(mx => mx.Exchange)];
        return hosts.Any(mx => mx.Exchange == name) ? [] : [.. hosts.Take(MostMailHosts).Select(mx => Words.Of(mx.Exchange))];
    }

    private static async Task<(ImmutableArray<IPAddress> Addresses, DomainName? Base)> FindAsync(DnsSettings settings, Surroundings surroundings, CheckTarget target, Voice voice, CancellationToken cancellationToken)
    {
        var transport = settings.OpenTransport(surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var resolver = new Resolver(transport, settings.ToResolverOptions(), settings.Clock);
            var addresses = ImmutableArray.CreateBuilder<IPAddress>();
            var isAlias = false;
            foreach (var type in settings.Families.ToRecordTypes())
            {
                var answer = await resolver.LookupAsync(target.Name, type, cancellationToken).ConfigureAwait(false);
                isAlias |= answer is { IsFailure: false, IsAlias: true };
                if (answer.IsFailure) voice.Error($"the address lookup of {Words.Of(target.Name)} ({RecordTypes.ToText(type)}) is {Kebab.Of(answer.Security)}: {answer.Explanation}");
                else if (answer.Records is { } records) addresses.AddRange(records.Data.Where(data => data.Length is 4 or 16).Select(data => new IPAddress(data.Span)));
                if (answer.Security == Security.Insecure && answer.Records is not null) voice.Hint($"the address of {Words.Of(target.Name)} is not protected by DNSSEC");
            }

            if (addresses.Count == 0) voice.Error($"no address of {Words.Of(target.Name)} is known");
            if (target is { Protocol: ServiceProtocol.Smtp, Port: 25 } && await MailHostsAsync(resolver, target.Name, cancellationToken).ConfigureAwait(false) is { Length: > 0 } hosts)
                voice.Hint($"mail for {Words.Of(target.Name)} goes to {string.Join(", ", hosts)} (MX), and senders ask for the records there: --live {ShellWord.QuoteName(hosts[0])}:25");
            if (!isAlias) return (addresses.ToImmutable(), target.Name);

            // R22, R24: the records of a secure alias stand under the name at its end, where that has any.
            var host = await new HostDiscovery(resolver, settings.Families).FindHostAsync(new(target.Name, null, null), target.Port, cancellationToken).ConfigureAwait(false);
            return (addresses.ToImmutable(), host.TlsaBase);
        }
    }
}
