using Danelaw.Dns.Names;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>
/// Publishes by editing a zone file in place: the RRset's own lines are replaced, the serial is raised in its own style, everything else stays as it was typed; then the
/// server is made to read it.
/// </summary>
/// <param name="settings">Which file, zone and command.</param>
/// <param name="services">Clock and limits.</param>
internal sealed class ZoneFilePublisher(PublisherSettings.ZoneFile settings, PublisherServices services) : IZonePublisher
{
    /// <inheritdoc/>
    public ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(ZoneImage.TryRead(settings.File, settings.Zone, owner, !settings.Reload.IsDefaultOrEmpty, out var image, out var fault) ? SetOf(image) : new(PublishOutcome.Refused, TlsaSet.Empty, null, fault));
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var obstacle = !ZoneImage.TryRead(settings.File, settings.Zone, owner, !settings.Reload.IsDefaultOrEmpty, out var image, out var fault) ? fault
            : FindJournal(image) ?? image.Texts.Keys.Select(ZoneFileStore.FindObstacle).OfType<string>().FirstOrDefault()
            ?? (settings.Reload.IsDefaultOrEmpty ? null : Programs.FindFault(settings.Reload[0]));
        return ValueTask.FromResult(obstacle is null ? new PublishResult(PublishOutcome.Done, "") : new PublishResult(PublishOutcome.Refused, obstacle));
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (!ZoneImage.TryRead(settings.File, settings.Zone, request.Owner, !settings.Reload.IsDefaultOrEmpty, out var image, out var fault)) return new(PublishOutcome.Refused, fault);

        // RFC 2181 §5.2: records with different TTLs are no RRset as it should be, whichever of them is asked for.
        var has = SetOf(image);
        if (image.Records.Exists(entry => entry.Record.TimeToLive != has.TimeToLive)) has = has with { TimeToLive = null };
        if (Comparison.Settle(request, has) is { } settled)
        {
            // Nobody knows whether the server has read the file since: a run may have been broken off between the two.
            return settled.Outcome == PublishOutcome.Unchanged && await ReloadAsync(cancellationToken).ConfigureAwait(false) is { } unread ? new(PublishOutcome.Refused, unread.Detail) : settled;
        }

        if (FindJournal(image) is { } journaled) return new(PublishOutcome.Refused, journaled);

        var now = services.Time.GetUtcNow();
        var drafts = ZoneEdit.Apply(image, request.After, request.TimeToLive, now);
        if (ZoneDraft.FindHarm(image, drafts, request) is { } harm) return new(PublishOutcome.Refused, harm);
        var written = new List<ZoneText>();
        foreach (var draft in drafts)
        {
            services.Faults.Reach("before-zone-rename");
            if (ZoneFileStore.Replace(image.Texts[draft.Path], draft) is { Outcome: not PublishOutcome.Done } failed)
            {
                // A serial that was raised for nothing harms nobody, but it need not stay.
                PutBack(image, written);
                return failed;
            }

            written.Add(draft);
            services.Faults.Reach("zone-renamed");
        }

        if (!ZoneImage.TryRead(settings.File, settings.Zone, request.Owner, !settings.Reload.IsDefaultOrEmpty, out var after, out fault))
        {
            PutBack(image, written);
            return new(PublishOutcome.Unknown, $"the file cannot be read after the edit, and was put back: {fault}");
        }

        if (await Comparison.ConfirmAsync(request, () => ValueTask.FromResult(SetOf(after)), settings.File, services with { ExchangeLimit = TimeSpan.Zero }, cancellationToken).ConfigureAwait(false) is { Outcome: not PublishOutcome.Done } other) return other;
        services.Faults.Reach("before-zone-reload");
        if (await ReloadAsync(cancellationToken).ConfigureAwait(false) is not { } refusal) return new(PublishOutcome.Done, "");

        // The server may have read the file all the same, and secondaries have its serial: what was there before they fetch by a later one only.
        // One that refuses to read the file of a dynamic zone has read nothing.
        var mayBeRead = refusal.HasRun && !refusal.Detail.Contains("dynamic zone", StringComparison.Ordinal);
        if (!PutBack(image, written, mayBeRead ? ZoneEdit.WithSerialAbove(image, now) : null)) return new(PublishOutcome.Refused, $"{refusal.Detail}; {settings.File} was changed by somebody else meanwhile, and is left as it is");
        if (!mayBeRead) return new(PublishOutcome.Refused, $"{refusal.Detail}; {settings.File} is as it was before");
        var isRead = await ReloadAsync(cancellationToken).ConfigureAwait(false) is null;
        return new(PublishOutcome.Refused, $"{refusal.Detail}; {settings.File} has the records of before again, with a later serial{(isRead ? ", and the server has read it" : "")}");
    }

    /// <summary>BIND applies the journal of a dynamic zone to the file that it belongs to, and loads no zone whose file has another serial. A zone that it signs inline has a journal of its own for the file, and may be edited.</summary>
    private string? FindJournal(ZoneImage image) => image.Texts.Keys.FirstOrDefault(path => File.Exists(path + ".jnl") && !IsSignedInline(path)) is { } journaled
        ? $"{journaled} is the file of a zone that takes dynamic updates: {Path.GetFileName(journaled)}.jnl stands beside it, and with the file altered BIND would not load the zone again. Publish by dynamic update (rfc2136); or, if the zone takes none any more, let BIND fold the journal into the file and remove it: rndc sync -clean {settings.Zone}. With ixfr-from-differences BIND keeps such a journal of every zone: set it to no for this one, or publish by dynamic update"
        : null;

    /// <summary>Whether BIND signs the zone of a file beside it: what it makes has a journal of its own, or the raw format (its first four octets say 2). What a person has left there under that name has neither.</summary>
    private static bool IsSignedInline(string path)
    {
        if (File.Exists(path + ".signed.jnl")) return File.Exists(path + ".signed");
        Span<byte> head = stackalloc byte[4];
        try
        {
            using var file = new FileStream(path + ".signed", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head) == 2;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static MasteredSet SetOf(ZoneImage image) => new(PublishOutcome.Done, image.Set, image.Records.Count == 0 ? null : image.Records.Max(entry => entry.Record.TimeToLive), "");

    /// <summary>Why the server did not read the zone, and whether the command ran at all; null when it did, or when no command is given.</summary>
    private async ValueTask<(string Detail, bool HasRun)?> ReloadAsync(CancellationToken cancellationToken)
    {
        if (settings.Reload.IsDefaultOrEmpty) return null;
        var end = await Programs.RunAsync(settings.Reload, ProgramSurroundings.System, "", services.ProgramLimit, services.Time, cancellationToken).ConfigureAwait(false);
        return end.ExitCode switch
        {
            0 => null,
            { } code => ($"the reload command {settings.Reload[0]} ended with {code.ToString(System.Globalization.CultureInfo.InvariantCulture)}{(end.LastWords.Length > 0 ? $": {end.LastWords}" : "")}", true),
            null => ($"the reload command failed: {end.Detail}", end.HasRun),
        };
    }

    private static bool PutBack(ZoneImage image, List<ZoneText> written, ZoneText? raised = null) =>
        written.AsEnumerable().Reverse().All(text => ZoneFileStore.Replace(text, text.Path == raised?.Path ? raised : image.Texts[text.Path]).Outcome == PublishOutcome.Done);
}
