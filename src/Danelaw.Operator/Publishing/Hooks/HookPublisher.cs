using Danelaw.Dns.Names;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing.Hooks;

/// <summary>Publishes by a program of the operator's, which knows the DNS host's own API (docs/hooks.md).</summary>
/// <param name="settings">The program and the zone.</param>
/// <param name="services">Clock and limits.</param>
internal sealed class HookPublisher(PublisherSettings.Hook settings, PublisherServices services) : IZonePublisher
{
    private const int Refused = 1, TryLater = 3, Changed = 4, Unknown = 5;

    /// <inheritdoc/>
    public async ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        if (settings.Zone is { } zone && !owner.IsAtOrBelow(zone)) return Failed(PublishOutcome.Refused, $"{owner} is not in {zone}: give the zone that holds it");
        var own = await ReadOwnAsync(owner, cancellationToken).ConfigureAwait(false);
        return own.Outcome == PublishOutcome.Done && own.Records.IsEmpty ? await FindWildcardAsync(owner, cancellationToken).ConfigureAwait(false) ?? own : own;
    }

    private async ValueTask<MasteredSet> ReadOwnAsync(DomainName owner, CancellationToken cancellationToken)
    {
        var (end, outcome, detail) = await RunAsync(HookText.Read(owner, settings.Zone), cancellationToken).ConfigureAwait(false);
        if (outcome != PublishOutcome.Done) return Failed(outcome, detail);
        return HookText.TryReadSet(end.Output, out var set, out var timeToLive, out var fault)
            ? new(PublishOutcome.Done, set, set.IsEmpty ? null : timeToLive, "")
            : Failed(PublishOutcome.Refused, $"{settings.Command[0]} does not keep to docs/hooks.md: {fault}");
    }

    /// <summary>What a wildcard gives an owner that has no records of its own: those would hide it, and are to begin with it. Null when none does.</summary>
    private async ValueTask<MasteredSet?> FindWildcardAsync(DomainName owner, CancellationToken cancellationToken)
    {
        // Without a zone nobody knows how far up the program's names go: as a rule not above the host's domain.
        for (var above = owner.Parent; (settings.Zone is { } zone ? above.IsAtOrBelow(zone) : above.LabelCount > 1) && DomainName.TryParseRelative("*", above, out var wildcard, out _); above = above.Parent)
        {
            // A program that takes no such names has none.
            var set = await ReadOwnAsync(wildcard, cancellationToken).ConfigureAwait(false);
            if (set.Outcome == PublishOutcome.Refused) return null;
            if (set.Outcome != PublishOutcome.Done) return set;
            if (!set.Records.IsEmpty) return await IsHiddenAsync(owner, cancellationToken).ConfigureAwait(false) ? null : set with { IsFromWildcard = true };
        }

        return null;
    }

    /// <summary>Whether another name keeps the wildcard away (RFC 4592 §2.2.1). Only the servers know: where all that answer have nothing for the owner it is so, and without an answer it is not taken to be.</summary>
    private async ValueTask<bool> IsHiddenAsync(DomainName owner, CancellationToken cancellationToken)
    {
        if (services.Servers is not { } servers) return false;
        var answers = (await servers.AskAsync([owner], cancellationToken).ConfigureAwait(false)).Where(view => view.Records is not null).ToArray();
        return answers.Length > 0 && answers.All(view => view.Records!.IsEmpty);
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        // The protocol's "read" changes nothing, and needs program, token and zone as "publish" does.
        var own = await ReadOwnAsync(owner, cancellationToken).ConfigureAwait(false);
        return new(own.Outcome, own.Detail);
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var has = await ReadAsync(request.Owner, cancellationToken).ConfigureAwait(false);
        if (Comparison.Settle(request, has) is { } settled) return settled;
        var (_, outcome, detail) = await RunAsync(HookText.Publish(request, has.IsFromWildcard ? TlsaSet.Empty : has.Records, settings.Zone), cancellationToken).ConfigureAwait(false);
        if (outcome != PublishOutcome.Done) return new(outcome, detail);
        return await Comparison.ConfirmAsync(request, () => ReadAsync(request.Owner, cancellationToken), settings.Command[0], services, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<(ProgramEnd End, PublishOutcome Outcome, string Detail)> RunAsync(string input, CancellationToken cancellationToken)
    {
        var end = await Programs.RunAsync(settings.Command, ProgramSurroundings.Own, input, services.ProgramLimit, services.Time, cancellationToken).ConfigureAwait(false);
        var said = end.Detail.Length > 0 ? $": {end.Detail}" : "";
        return end.ExitCode switch
        {
            0 => (end, PublishOutcome.Done, ""),
            Refused => (end, PublishOutcome.Refused, $"{settings.Command[0]} refuses{said}"),
            TryLater => (end, PublishOutcome.Unreachable, $"{settings.Command[0]} could not reach the DNS host{said}"),
            Changed => (end, PublishOutcome.Changed, $"{settings.Command[0]} found other records than before{said}"),
            Unknown => (end, PublishOutcome.Unknown, $"{settings.Command[0]} does not know whether it was done{said}"),
            { } code => (end, PublishOutcome.Unknown, $"{settings.Command[0]} ended with {code.ToString(System.Globalization.CultureInfo.InvariantCulture)}, which docs/hooks.md does not know{said}"),
            null => (end, PublishOutcome.Unknown, end.Detail),
        };
    }

    private static MasteredSet Failed(PublishOutcome outcome, string detail) => new(outcome, TlsaSet.Empty, null, detail);
}
