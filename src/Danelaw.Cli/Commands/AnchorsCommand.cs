using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Commands;

/// <summary><c>anchors</c>: the trust anchors in use, what their zones serve now, and the state of RFC 5011.</summary>
internal sealed class AnchorsCommand : Verb
{
    private readonly DnsOptions _dns = new();

    public override string Name => "anchors";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "the trust anchors, and the state of their rollovers";

    public override IReadOnlyList<string> Usage => ["[OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Shows what danelaw trusts to begin with, asks each of those zones for its keys, and says whether a trust anchor has signed them. Without --trust-anchor these are the root's keys as IANA published them when this danelaw was made; each is told with the day from which IANA has it valid.",
        "With --anchor-state FILE danelaw follows the zones' own rollovers (RFC 5011): a new key that a trusted one has signed is trusted after it was there for 30 days, and a key that revokes itself never again. What is seen now goes into FILE, unless --now tries another time out; lookup and check with the same option look in by themselves whenever that is due.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "every zone serves keys that its trust anchors vouch for"),
        (1, "one of them could not be asked, or serves others"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw anchors",
        "danelaw anchors --anchor-state /var/lib/danelaw/anchors",
        "danelaw anchors --trust-anchor island.key --resolver 192.0.2.53 --json",
    ];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("asking the DNS", _dns.All)];

    public override IReadOnlyList<Option> Unused => _dns.ForCertificates;

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = _dns.Read(call.Parsed, call.Surroundings);
        var file = settings.AnchorState;
        var followed = await FollowedAnchors.OpenAsync(file, settings, call, cancellationToken).ConfigureAwait(false);
        var points = followed.State.Points.Where(followed.IsConfigured).ToArray();
        var served = await followed.AskAsync(points, cancellationToken).ConfigureAwait(false);
        if (file is not null)
        {
            try
            {
                await followed.KeepAsync(served, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException and not BrokenPipeException or UnauthorizedAccessException)
            {
                throw new MisuseException($"cannot write {file}: {FileText.Reason(exception)}");
            }
        }

        var zones = points.Select((before, i) => new AnchoredZone(
            before.Zone,
            settings.AnchorSource,
            before,
            file is null ? null : followed.State.Points.First(point => point.Zone.Equals(before.Zone)),
            served[i])).ToArray();
        var unused = followed.State.Points.Where(point => !followed.IsConfigured(point)).Select(point => point.Zone).ToArray();
        Tell(call, zones, file, unused, settings.Clock.GetUtcNow());
        return zones.All(zone => zone.Served.Security is Security.Secure or Security.Insecure) ? ExitCode.Good : ExitCode.Bad;
    }

    private static void Tell(Call call, AnchoredZone[] zones, string? file, IReadOnlyList<Dns.Names.DomainName> unused, DateTimeOffset now)
    {
        if (call.Output.IsJson)
        {
            call.Voice.Result(AnchorsJson.Document(zones, file));
            return;
        }

        var page = new Page(call.Output.Style);
        foreach (var zone in zones)
        {
            if (!page.IsEmpty) page.Gap();
            AnchorsText.Write(page, zone, file, now, call.Output);
        }

        if (zones.Length == 0) page.Line(0, "there are no trust anchors");
        if (zones.Any(zone => zone.Source is null)) AnchorsText.WriteAge(page, file);
        foreach (var zone in unused) page.Paragraph(0, 2, $"{Words.Of(zone)} is kept in {file}, but no trust anchor is configured for it: it is not used.");
        call.Voice.Result(page.ToUtf8());
    }
}

/// <summary>One zone with trust anchors, as <c>anchors</c> tells of it.</summary>
/// <param name="Zone">Its apex.</param>
/// <param name="Source">The files that the anchors came from; null for the built-in ones.</param>
/// <param name="Used">What was trusted when it was asked.</param>
/// <param name="Followed">What its state is now; null when nothing is followed.</param>
/// <param name="Served">What it serves.</param>
internal sealed record AnchoredZone(Dns.Names.DomainName Zone, string? Source, TrustPoint Used, TrustPoint? Followed, ServedKeys Served)
{
    /// <summary>The trust point to tell of: after what was seen now, where it is followed.</summary>
    public TrustPoint Point => Followed ?? Used;
}
