using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Rollover.Standby;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>All that was seen of a roll at one moment: evidence, immutable.</summary>
internal sealed record RollSight
{
    /// <summary>What the plan takes.</summary>
    internal required RolloverObservation Observation { get; init; }

    /// <summary>Every chain that was found, offered or installed, by what it holds.</summary>
    internal required ImmutableDictionary<Octets, ChainFile> Chains { get; init; }

    /// <summary>For each chain file what a roll may begin with.</summary>
    internal required ImmutableArray<(string Slot, ImmutableArray<Chain> Chains)> Candidates { get; init; }

    /// <summary>What was brought, and where it lies.</summary>
    internal ImmutableArray<BroughtChain> Brought { get; init; } = [];

    /// <summary>Where the records of each owner stand.</summary>
    internal required ImmutableDictionary<DomainName, DomainName> Places { get; init; }

    /// <summary>What is wrong with offers and chain files, a sentence each: it does not pass by itself.</summary>
    internal ImmutableArray<string> Faults { get; init; } = [];

    /// <summary>Servers and endpoints that were not seen, a sentence each: that may pass.</summary>
    internal ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Why the roll cannot be done from this machine, or by this user; null when it can.</summary>
    internal string? Refusal { get; init; }
}

/// <summary>Looks: at the servers, the endpoints, the chain files and the offers.</summary>
/// <param name="network">What is asked of the network.</param>
/// <param name="files">This machine's files.</param>
/// <param name="standby">Keys made ahead; null for none.</param>
/// <param name="rolls">All rolls of the settings.</param>
/// <param name="uptime">The time since boot.</param>
/// <param name="clock">The time.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class RollLook(IRolloverNetwork network, HostFiles files, StandbyKeys? standby, ImmutableArray<RollSettings> rolls, Func<Uptime> uptime, TimeProvider clock)
{
    /// <summary>Looks at a roll.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="state">What is known of it; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async Task<RollSight> LookAsync(RollSettings roll, RolloverState? state, CancellationToken cancellationToken)
    {
        ImmutableArray<DomainName> former = [.. (state?.Owners ?? []).Select(DomainName.Parse).Except(roll.TlsaOwners)];
        var reader = new OfferReader(files, standby);
        var certified = roll.Chains.SelectMany(settings => reader.ReadInstalled(roll, settings, clock.GetUtcNow(), out _, out _)?.Leaf.DnsNames ?? []);
        var asking = network.AskServersAsync(roll with { Former = former, Beside = [.. OwnersBeside.Of(roll, certified, rolls).Except(former)] }, cancellationToken);
        var endpoints = await network.AskEndpointsAsync(roll, cancellationToken).ConfigureAwait(false);
        var servers = await asking.ConfigureAwait(false);

        bool IsFormer(ServerView view) => former.Any(name => name.ToString() == view.Owner);

        // The moment comes after the answers: a wait that begins here begins when every server has been seen, not before.
        var moment = uptime();
        var now = clock.GetUtcNow();
        var (faults, access) = (new List<string>(), new List<string>());
        var brought = reader.Read(roll, now, faults);
        var installed = ImmutableDictionary.CreateBuilder<string, Octets>(StringComparer.Ordinal);
        var chains = brought.Select(one => one.Chain).ToList();
        var offers = ImmutableArray.CreateBuilder<Offer>();
        var candidates = ImmutableArray.CreateBuilder<(string, ImmutableArray<Chain>)>();
        var ahead = ImmutableDictionary.CreateBuilder<string, TlsaSet>(StringComparer.Ordinal);
        var (unread, keyFault) = ((string?)null, "");
        foreach (var settings in roll.Chains)
        {
            var slot = EndpointSurvey.SlotOf(settings.Algorithm);
            offers.AddRange(brought.Where(one => one.Slot == settings).Select(one => new Offer(slot, one.Chain.Chain)));
            var made = standby?.RecordsOf(roll, slot, out keyFault) ?? TlsaSet.Empty;
            if (keyFault.Length > 0) faults.Add(keyFault);
            if (!made.IsEmpty && (state is null || state.Slots.Any(one => one.Algorithm == slot && one.Standby.Records.Any(made.Records.Contains)))) ahead[slot] = made;
            var own = reader.ReadInstalled(roll, settings, now, out var found, out var fault);
            if (found is FileState.Unseen or FileState.TooLarge)
            {
                // It may hold what belongs there, and a server reads it: nothing is put into its place unseen.
                unread ??= fault;
            }
            else if (own is not null)
            {
                installed[slot] = own.Chain.Content;
                chains.Add(own);

                // The chain that is shown, as the settings mean it now: when they come to mean it by other records, those are announced.
                if (state?.Slots.FirstOrDefault(one => one.Algorithm == slot) is { } known && known.Current.Content == own.Chain.Content) offers.Add(new(slot, own.Chain));
            }
            else if (found != FileState.Missing)
            {
                // What stands there may be what belongs there, even if the settings want records that cannot mean it.
                if (reader.ReadInstalled(roll with { Records = [RecordKind.Default] }, settings, now, out _, out _) is { } plain)
                {
                    installed[slot] = plain.Chain.Content;
                    chains.Add(plain);
                    if (!faults.Contains(fault)) faults.Add(fault);
                }
                else if (state is null)
                {
                    faults.Add(fault);
                }
                else
                {
                    // It is neither; the plan puts it right.
                    installed[slot] = ChainFile.Digest([]);
                }
            }

            if (settings.Group is { } name && Posix.FindGroup(name) is { } group && files.Look(settings.File) is { IsRead: true, Owner: { } owner } there)
            {
                if (owner.GroupId != group || (owner.Mode & UnixFileMode.GroupRead) == 0) access.Add($"the group {name} may not read {settings.File}, which has been given another since, or was written before group stood in the settings: chgrp {name} {settings.File} && chmod g+r {settings.File}");
                if (files.ClosedFolder(there.RealPath, group) is { } closed) access.Add($"the group {name} is to read {settings.File}, and may not pass {closed}: chmod 711 {closed}");
            }

            candidates.Add((slot, own is not null ? [own.Chain] : found != FileState.Missing ? [] : [.. brought.Where(one => one.Slot == settings).Select(one => one.Chain.Chain)]));
        }

        return new()
        {
            Observation = new()
            {
                Uptime = moment,
                Now = now,
                Servers = [.. servers.Views.Where(view => !IsFormer(view))],
                Former = [.. servers.Views.Where(IsFormer)],
                Beside = servers.Beside,
                Endpoints = endpoints.Views,
                Installed = installed.ToImmutable(),
                Offers = offers.ToImmutable(),
                Standby = ahead.ToImmutable(),
            },
            Chains = chains.DistinctBy(chain => chain.Chain.Content).ToImmutableDictionary(chain => chain.Chain.Content),
            Candidates = candidates.ToImmutable(),
            Brought = brought,
            Places = servers.Places,
            Faults = [.. faults],
            Problems = [.. servers.Problems, .. endpoints.Problems, .. access],
            Refusal = endpoints.Refusal ?? unread,
        };
    }
}
