using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>
/// Looks at every address of every owner's host, for every algorithm of a roll, with a handshake that is completed: only that proves possession of a key.
/// An endpoint that cannot be seen is a view without a key, so that whoever waits for all of them waits.
/// </summary>
/// <param name="lookup">Finds addresses.</param>
/// <param name="prober">Looks at one endpoint.</param>
/// <param name="connectTo">Where connections are led instead.</param>
/// <param name="here">The addresses of this machine.</param>
internal sealed class EndpointSurvey(ILookup lookup, IProber prober, ImmutableArray<ConnectToRule> connectTo, Func<IReadOnlyCollection<IPAddress>> here)
{
    /// <summary>The addresses of this machine's interfaces.</summary>
    internal static IReadOnlyCollection<IPAddress> OfInterfaces() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => Plain(one.Address))];

    /// <summary>The name of a chain file's slot in the plan.</summary>
    internal static string SlotOf(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Any => "any",
        KeyAlgorithm.Rsa => "rsa",
        KeyAlgorithm.Ecdsa => "ecdsa",
        KeyAlgorithm.Eddsa => "eddsa",
    };

    internal async Task<EndpointSight> LookAsync(RollSettings roll, CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var places = new List<(CheckTarget Service, DomainName Host, IPAddress Address)>();
        var unseen = new List<string>();
        foreach (var owner in roll.Owners)
        {
            var (addresses, failed) = await AddressesAsync(owner.Name, cancellationToken).ConfigureAwait(false);
            if (failed is not null || addresses.Count == 0)
            {
                problems.Add($"the addresses of {owner.Name} {(failed is null ? "are not there" : $"could not be looked up: {failed.Explanation.TrimEnd('.')}")}");
                unseen.Add(owner.Text);
            }

            // A key that another machine shows as well cannot be exchanged from here: it would be retired while that one still shows it.
            var mine = here();
            if (addresses.FirstOrDefault(address => !IPAddress.IsLoopback(address) && !mine.Contains(address) && !roll.Addresses.Contains(address)) is { } other)
                return new([], [], $"{owner.Name} has the address {other}, which is none of this machine's: several hosts that share one key cannot be rolled from one of them; give each host a name, a key and records of its own. An address that leads here all the same (address translation) is named in addresses");
            places.AddRange(addresses.Select(address => (owner, owner.Name, address)));
        }

        if (!roll.Endpoints.IsEmpty)
        {
            places.Clear();
            unseen.Clear();
            foreach (var endpoint in roll.Endpoints) await AddAsync(roll, endpoint, places, unseen, problems, cancellationToken).ConfigureAwait(false);
        }

        // A server with one chain file of ours may have another key beside it, which senders of the other algorithm see.
        KeyAlgorithm[] others = roll.Chains.Length == 1 ? [.. new[] { KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa, KeyAlgorithm.Eddsa }.Where(other => other != roll.Chains[0].Algorithm)] : [];
        var tasks = places.SelectMany(place => roll.Chains.Select(chain => ProbeAsync(place.Service, place.Host, place.Address, chain.Algorithm, cancellationToken)));
        var besides = places.SelectMany(place => others.Select(other => ProbeAsync(place.Service, place.Host, place.Address, other, cancellationToken)));
        var seen = await Task.WhenAll(tasks).ConfigureAwait(false);
        var beside = (await Task.WhenAll(besides).ConfigureAwait(false)).Where(one => one.View.Key is { } key && seen.All(own => own.View.Key != key));
        problems.AddRange(seen.Where(one => one.Problem.Length > 0).Select(one => one.Problem));
        var lost = unseen.SelectMany(text => roll.Chains.Select(chain => new EndpointView(text, SlotOf(chain.Algorithm), null) { HasNoAddress = true }));
        return new([.. seen.Select(one => one.View), .. beside.Select(one => one.View), .. lost], problems.ToImmutable(), null);
    }

    /// <summary>An endpoint that the settings name: shown to it is the name in it, or those of the owners.</summary>
    private async Task AddAsync(RollSettings roll, CheckTarget endpoint, List<(CheckTarget, DomainName, IPAddress)> places, List<string> unseen, ImmutableArray<string>.Builder problems, CancellationToken cancellationToken)
    {
        if (endpoint.Address is { } address)
        {
            var owners = roll.Owners.Any(owner => owner.Port == endpoint.Port) ? roll.Owners.Where(owner => owner.Port == endpoint.Port) : roll.Owners;
            places.AddRange(owners.Select(owner => owner.Name).Distinct().Select(name => (endpoint, name, address)));
            return;
        }

        var (addresses, failed) = await AddressesAsync(endpoint.Name, cancellationToken).ConfigureAwait(false);
        if (failed is not null || addresses.Count == 0)
        {
            problems.Add($"the addresses of {endpoint.Name} {(failed is null ? "are not there" : $"could not be looked up: {failed.Explanation.TrimEnd('.')}")}");
            unseen.Add(endpoint.Text);
        }

        places.AddRange(addresses.Select(each => (endpoint, endpoint.Name, each)));
    }

    private async Task<(List<IPAddress> Addresses, Answer? Failed)> AddressesAsync(DomainName host, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(lookup.LookupAsync(host, RecordType.A, cancellationToken).AsTask(), lookup.LookupAsync(host, RecordType.AAAA, cancellationToken).AsTask()).ConfigureAwait(false);
        var addresses = new List<IPAddress>();
        foreach (var answer in answers)
        {
            if (answer.IsFailure || answer.Records is not { } records) continue;
            foreach (var data in records.Data.Where(data => data.Length is 4 or 16)) addresses.Add(Plain(new(data.Span)));
        }

        return ([.. addresses.Distinct()], answers.FirstOrDefault(answer => answer.IsFailure));
    }

    private async Task<(EndpointView View, string Problem)> ProbeAsync(CheckTarget service, DomainName host, IPAddress address, KeyAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var endPoint = new IPEndPoint(address, service.Port);
        var seen = await prober.ProbeAsync(new(endPoint, ConnectToRule.Apply(connectTo, host, endPoint), service.Protocol, host, algorithm), cancellationToken).ConfigureAwait(false);
        var view = new EndpointView($"{endPoint} ({host.ToString().TrimEnd('.')})", SlotOf(algorithm), null);

        // A server that demands a certificate of its clients shows its key to us all the same.
        if (!seen.HasProvenKey || seen.Chain.IsDefaultOrEmpty)
        {
            return (view, seen.Outcome switch
            {
                ProbeOutcome.AlgorithmNotOffered => $"{view.Endpoint} shows no {SlotOf(algorithm)} key: the server does not read that chain file",
                ProbeOutcome.AlgorithmNotAsked => $"{view.Endpoint} cannot be asked for its {SlotOf(algorithm)} key: {seen.Detail}",
                _ => $"{$"{view.Endpoint} completed no handshake: {seen.Outcome} {seen.Detail}".TrimEnd()}{(IPAddress.IsLoopback(address) || here().Contains(address) ? "" : "; none of this machine's interfaces has that address, and from here it may lead nowhere: name where the servers listen, endpoints = [\"127.0.0.1:25\"], in the settings")}",
            });
        }

        if (!CertificateSummary.TryRead(seen.Chain[0], out var leaf)) return (view, $"{view.Endpoint} shows a certificate that cannot be read");
        if (algorithm != KeyAlgorithm.Any && ChainFile.AlgorithmOf(leaf.KeyAlgorithm) != algorithm) return (view, $"{view.Endpoint} shows a key of {leaf.KeyAlgorithm} when it is asked for {SlotOf(algorithm)}");
        return (view with { Key = ChainFile.Digest(leaf.PublicKey.Span), Leaf = ChainFile.Digest(seen.Chain[0].Span), Meaning = ChainFile.MeaningOf(seen.Chain[0]) }, "");
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new(address.GetAddressBytes());
}
