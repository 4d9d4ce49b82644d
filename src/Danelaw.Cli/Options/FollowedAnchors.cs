using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Cli.Options;

/// <summary>The anchors of a call whose rollovers are followed in a file (<c>--anchor-state</c>).</summary>
internal sealed class FollowedAnchors
{
    private const string Anew = "a state belongs to the anchors that it was begun from; give another FILE, or take this one away to begin anew";

    private readonly AnchorStateFile? _file;
    private readonly DnsSettings _settings;
    private readonly Call _call;
    private readonly string _path;

    private FollowedAnchors(AnchorStateFile? file, string path, DnsSettings settings, Call call, AnchorState state) =>
        (_file, _path, _settings, _call, State) = (file, path, settings, call, state);

    /// <summary>The state, under the anchors that are configured now.</summary>
    public AnchorState State { get; private set; }

    /// <summary>Reads the file, or begins where there is none.</summary>
    /// <param name="path">The file; null to follow nothing.</param>
    /// <param name="settings">With the configured anchors.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="MisuseException">It cannot be read, is damaged or something else, or belongs to other anchors.</exception>
    public static async ValueTask<FollowedAnchors> OpenAsync(string? path, DnsSettings settings, Call call, CancellationToken cancellationToken)
    {
        if (path is null) return new(null, "", settings, call, AnchorState.Begin(settings.Anchors, settings.Clock.GetUtcNow()));
        if (path == "-") throw new MisuseException("--anchor-state needs a file: it is read and written");
        FileText.RequirePlace(call.Surroundings, path);
        var file = new AnchorStateFile(Path.GetFullPath(path, call.Surroundings.Folder), call.Surroundings.Clock);
        var now = settings.Clock.GetUtcNow();
        try
        {
            if (!file.TryRead(out var kept, out var fault)) throw Unusable(path, fault!);
            var state = Bind(kept, settings.Anchors, now, path);
            var followed = new FollowedAnchors(file, path, settings, call, state);
            if (settings.IsClockSet) call.Voice.Hint($"with --now nothing is written to {path}: what is seen of the trust anchors counts for this call alone");
            if (kept is null) await followed.KeepAsync([], cancellationToken).ConfigureAwait(false);
            return followed;
        }
        catch (Exception exception) when (exception is IOException and not BrokenPipeException or UnauthorizedAccessException)
        {
            throw new MisuseException($"cannot use {path}: {FileText.Reason(exception)}");
        }
    }

    /// <summary>Asks the zones whose time has come, keeps what that changes, and gives the anchors that are trusted then.</summary>
    /// <exception cref="MisuseException">The file was replaced by something else meanwhile.</exception>
    public async ValueTask<TrustAnchors> UseAsync(CancellationToken cancellationToken)
    {
        var now = _settings.Clock.GetUtcNow();
        var due = State.Points.Where(point => IsConfigured(point) && point.IsDue(now)).ToArray();
        if (due.Length > 0)
        {
            var served = await AskAsync(due, cancellationToken).ConfigureAwait(false);
            try
            {
                await KeepAsync(served, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException and not BrokenPipeException or UnauthorizedAccessException)
            {
                // Whoever may only read the state still judges by what it says.
                _call.Voice.Hint($"the trust anchors cannot be followed: {_path} cannot be written: {FileText.Reason(exception)}");
            }
        }

        foreach (var point in State.Points)
            if (IsConfigured(point) && point.IsDeleted) _call.Voice.Hint($"every trust anchor of {point.Zone} was revoked, so it has none (RFC 5011); {string.Join(' ', _settings.AskedWith.Prepend("anchors").Prepend("danelaw").Select(ShellWord.Quote))} tells more");
        return State.ToAnchors(_settings.Anchors);
    }

    /// <summary>What the zones of these trust points serve now. What is followed is judged without leeway: a set of keys whose signature is over may come from somebody who has an old key (RFC 5011 §2).</summary>
    public async ValueTask<ServedKeys[]> AskAsync(IEnumerable<TrustPoint> points, CancellationToken cancellationToken)
    {
        var transport = _settings.OpenTransport(_call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var options = _settings.ToResolverOptions();
            var resolver = new Resolver(transport, _file is null ? options : options with { ClockSkew = TimeSpan.Zero }, _settings.Clock);
            return await Task.WhenAll(points.Select(point => resolver.ObserveKeysAsync(point.ToAnchor(), cancellationToken).AsTask())).ConfigureAwait(false);
        }
    }

    /// <summary>Applies what was seen to the state as the file has it then, and writes it if that changes anything. Under a set clock (<c>--now</c>) nothing is written: a time that is tried out must not shorten the hold-down of RFC 5011 §2.4.1.</summary>
    /// <exception cref="MisuseException">The file was replaced by something else meanwhile.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read or written.</exception>
    public async ValueTask KeepAsync(IReadOnlyList<ServedKeys> served, CancellationToken cancellationToken)
    {
        if (_file is null) return;
        var now = _settings.Clock.GetUtcNow();
        if (_settings.IsClockSet)
        {
            State = Apply(State, served, now);
            return;
        }

        var fault = await _file.UpdateAsync(kept => State = Apply(Bind(kept, _settings.Anchors, now, _path), served, now), cancellationToken).ConfigureAwait(false);
        if (fault is not null) throw Unusable(_path, fault);
    }

    private static AnchorState Apply(AnchorState state, IReadOnlyList<ServedKeys> served, DateTimeOffset now)
    {
        foreach (var one in served)
            if (state.TryGet(one.Zone, out var point)) state = state.With(point.Next(one, now));
        return state;
    }

    /// <summary>Whether its zone has configured anchors in this call.</summary>
    public bool IsConfigured(TrustPoint point) => _settings.Anchors.Zones.Any(zone => zone.Zone.Equals(point.Zone));

    private static AnchorState Bind(AnchorState? kept, TrustAnchors anchors, DateTimeOffset now, string path)
    {
        if (kept is null) return AnchorState.Begin(anchors, now);
        return kept.TryBind(anchors, now, out var bound, out var fault) ? bound : throw new MisuseException($"cannot use {path}: {fault}", Anew);
    }

    private static MisuseException Unusable(string path, string fault) => new($"cannot use {path}: {fault}", "nothing was changed in it; give another FILE, or take this one away to begin anew from the configured anchors");
}
