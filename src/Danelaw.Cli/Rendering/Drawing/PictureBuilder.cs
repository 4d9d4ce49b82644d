using System.Globalization;
using Danelaw.Cli.Rendering.Tracing;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>Makes shapes of a chain of trust: a zone a box; in it keys, the DS sets and denials for the zones below, and the answer's records. A pure function of the trace.</summary>
internal sealed partial class PictureBuilder
{
    /// <summary>Nodes of one kind in a zone; the others are counted.</summary>
    private const int MostKeys = 6;

    /// <summary>Zones and steps that are drawn.</summary>
    private const int MostZones = 24;

    private readonly ChainTrace _trace;
    private readonly Picture _picture;
    private readonly Dictionary<DomainName, ZoneBox> _zones = [];
    private readonly Dictionary<DomainName, List<(TracedKey Key, Node Node)>> _keys = [];

    private PictureBuilder(ChainTrace trace, string name)
    {
        _trace = trace;
        var answer = trace.Answer;
        var title = $"{name} {RecordTypes.ToText(answer.Question.Type)}";
        _picture = new()
        {
            Title = Measures.Plain(TraceWords.Cut(title, 62)) + ": " + Kebab.Of(answer.Security),
            Tint = TintOf(answer.Security),
            Summary = Summary(trace),
            Description = Describe(trace, title),
        };
    }

    /// <summary>Draws.</summary>
    /// <param name="trace">The chain.</param>
    /// <param name="name">The name as it was asked.</param>
    public static Picture Build(ChainTrace trace, string name)
    {
        var builder = new PictureBuilder(trace, name);
        foreach (var zone in trace.Zones.Take(MostZones)) builder.Add(zone);
        foreach (var zone in trace.Zones.Take(MostZones)) builder.Delegate(zone);
        builder.AddSteps();
        PictureLayout.Arrange(builder._picture);
        return builder._picture;
    }

    private static Tint TintOf(Security security) => security switch
    {
        Security.Secure => Tint.Secure,
        Security.Insecure => Tint.Insecure,
        Security.Bogus => Tint.Broken,
        Security.Indeterminate => Tint.Unknown,
    };

    private static List<string> Summary(ChainTrace trace)
    {
        var lines = new List<string>();
        if (trace.End is not { } end)
        {
            lines.Add("Every link of the chain of trust holds.");
            lines.AddRange(Measures.Wrap(trace.Answer.Explanation, Measures.PageColumns, 3));
            return lines;
        }

        var place = $"{TraceWords.Name(end.Name)} {RecordTypes.ToText(end.Type)}";
        lines.Add(end.IsBreak ? $"The chain breaks at {Measures.Plain(place)}: {Kebab.Of(end.Reason)}" : $"Nothing is protected from {Measures.Plain(place)} on: {Kebab.Of(end.Reason)}");
        lines.AddRange(Measures.Wrap(end.Text, Measures.PageColumns, 4));
        lines.Add($"Rule: {end.Rule}{(end.Code is { } code ? $"; extended error {TraceWords.ExtendedError(code)}" : "")}");
        if (end.Mend.Length > 0) lines.AddRange(Measures.Wrap("→ " + end.Mend, Measures.PageColumns, 3));
        return lines;
    }

    private static string Describe(ChainTrace trace, string title)
    {
        var zones = string.Join(", ", trace.Zones.Take(MostZones).Select(zone => $"{(zone.Zone.IsRoot ? "the root zone" : TraceWords.Name(zone.Zone))} {Kebab.Of(zone.Security)}"));
        var end = trace.End is { } its ? $" {(its.IsBreak ? "It breaks" : "It ends")} at {TraceWords.Name(its.Name)} {RecordTypes.ToText(its.Type)}: {its.Text}. {its.Mend}" : "";
        return Measures.Plain($"The chain of trust of {TraceWords.Cut(title, 200)}, which is {Kebab.Of(trace.Answer.Security)}. Zones from the anchor down: {(zones.Length > 0 ? zones : "none")}.{TraceWords.Cut(end, 1200)}");
    }

    private void Add(TracedZone zone)
    {
        var depth = zone.Parent is { } parent && _zones.TryGetValue(parent, out var above) ? above.Depth + 1 : 0;
        var box = new ZoneBox(zone.Zone.IsRoot ? ". (root)" : Measures.Plain(TraceWords.Name(zone.Zone, 40)), TintOf(zone.Security), Kebab.Of(zone.Security), depth);
        _zones[zone.Zone] = box;
        _picture.Zones.Add(box);
        var keys = AddKeys(zone, box);
        _keys[zone.Zone] = keys;
        if (keys.Count == 0 && _trace.ReplyTo(new(zone.Zone, RecordType.DNSKEY)) is { } reply && zone.Security is not Security.Insecure)
        {
            var what = reply.Failure is null ? "the zone has none" : "could not be had";
            box.Rows.Add([new(ShapeKind.Missing, zone.Security == Security.Bogus ? Tint.Broken : Tint.Unknown, [zone.Security == Security.Bogus ? "✗ DNSKEY missing" : "? DNSKEY not known", .. Measures.Wrap(what, Measures.NodeColumns, 2)], Measures.Plain($"The DNSKEY set of {zone.Zone}: {TraceWords.Cut(reply.Failure ?? what, 300)}"))]);
        }

        if (zone.IsAnchor) AddAnchor(zone, box);
    }

    private List<(TracedKey Key, Node Node)> AddKeys(TracedZone zone, ZoneBox box)
    {
        var drawn = new List<(TracedKey Key, Node Node)>();
        foreach (var isTop in new[] { true, false })
        {
            var row = new List<Node>();
            var keys = zone.Keys.Where(key => (key.Role is KeyRole.KeySigning or KeyRole.Combined || key.IsTrusted) == isTop).OrderByDescending(key => key.IsTrusted).ThenByDescending(key => key.SignsKeys).ToList();
            foreach (var key in keys.Take(MostKeys))
            {
                var node = KeyNode(zone, key);
                row.Add(node);
                drawn.Add((key, node));
            }

            var left = Math.Max(0, keys.Count - MostKeys) + (isTop ? 0 : zone.KeysLeftOut);
            if (left > 0) row.Add(More(left, "keys"));
            if (row.Count > 0) box.Rows.Add(row);
        }

        // Who is vouched for signs the others.
        if (zone.KeySet is not { } set) return drawn;
        foreach (var (key, node) in drawn.Where(one => one.Key.Role == KeyRole.ZoneSigning))
            foreach (var signature in set.Signatures)
                if (NodeOf(drawn, signature) is { } signer && signer != node && drawn.First(one => one.Node == signer).Key.Role is not KeyRole.ZoneSigning) Sign(signer, node, signature, $"the key {key.Tag}");
        return drawn;
    }

    private Node KeyNode(TracedZone zone, TracedKey key)
    {
        var signature = zone.KeySet?.Signatures.Where(one => one.KeyTag == key.Tag && one.Algorithm == key.Algorithm).OrderByDescending(one => one.IsValid).Cast<TracedSignature?>().FirstOrDefault();
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{TraceWords.Of(key.Role)} {key.Tag}"), string.Create(CultureInfo.InvariantCulture, $"{TraceWords.Of(key.Algorithm)} {key.Bits} bits") };
        var tint = key.IsTrusted || zone.Security == Security.Secure ? Tint.Secure : Tint.Plain;
        if (key.IsRevoked || !key.IsUsable)
        {
            lines.Add(key.IsRevoked ? "✗ revoked" : "✗ no zone key");
            tint = key.IsTrusted ? Tint.Broken : Tint.Plain;
        }

        if (signature is { } its)
        {
            lines.Add(its.IsValid ? "signs the keys," : $"✗ keys: {TraceWords.Fault(its.State)},");
            lines.Add(TraceWords.Validity(its, _trace.Now, withDates: false));
            if (!its.IsValid && its.State != LookupReason.None && !zone.KeySet!.IsSigned) tint = Tint.Broken;
        }
        else if (key.IsTrusted)
        {
            lines.Add("✗ does not sign the keys");
            if (zone.Security == Security.Bogus) tint = Tint.Broken;
        }

        return new(ShapeKind.Key, tint, Fit(lines), $"{TraceWords.Of(key)} of {zone.Zone}{(key.IsTrusted ? ", vouched for" : "")}: {string.Join(' ', lines.Skip(2))}");
    }

    private void AddAnchor(TracedZone zone, ZoneBox box)
    {
        var lines = new List<string> { "trust anchor" };
        var isFit = zone.Keys.Any(key => key.IsTrusted);
        foreach (var signer in zone.DelegationSigners.Take(3)) lines.Add(string.Create(CultureInfo.InvariantCulture, $"DS {signer.KeyTag} {TraceWords.Of(signer.DigestType)} {Mark(signer.State, isFit)}"));
        foreach (var tag in zone.AnchorKeys.Take(3)) lines.Add(string.Create(CultureInfo.InvariantCulture, $"DNSKEY {tag}"));
        var rest = zone.DelegationSigners.Length + zone.DelegationSignersLeftOut + zone.AnchorKeys.Length - (lines.Count - 1);
        if (rest > 0) lines.Add(string.Create(CultureInfo.InvariantCulture, $"… and {rest} more"));
        var isBroken = zone.Security == Security.Bogus && !zone.Keys.Any(key => key.IsTrusted);
        var node = new Node(ShapeKind.Anchor, isBroken ? Tint.Broken : Tint.Secure, Fit(lines), $"The trust anchor of {zone.Zone}: {string.Join(", ", lines.Skip(1))}");
        _picture.Anchors.Add(node);
        Vouch(node, zone, box);
    }

    /// <summary>The DS set or its denial in the zone above, and the arrows that lead from there down.</summary>
    private void Delegate(TracedZone zone)
    {
        if (zone.Parent is not { } parent || !_zones.TryGetValue(parent, out var above)) return;
        var box = _zones[zone.Zone];
        var name = TraceWords.Name(zone.Zone, 40);
        if (zone.DelegationSet is { } set)
        {
            var lines = Measures.Wrap($"DS of {name}", Measures.NodeColumns, 3);
            var isFit = zone.DelegationSigners.Any(signer => signer.State == DelegationSignerState.Matches);
            foreach (var signer in zone.DelegationSigners.Take(3))
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{signer.KeyTag} {TraceWords.Of(signer.DigestType)} {Mark(signer.State, isFit)}"));
            if (zone.DelegationSigners.Length + zone.DelegationSignersLeftOut > 3) lines.Add(string.Create(CultureInfo.InvariantCulture, $"… and {zone.DelegationSigners.Length + zone.DelegationSignersLeftOut - 3} more"));
            var tint = !set.IsSigned || zone.DelegationSigners.Any(signer => signer.State is DelegationSignerState.NoKey or DelegationSignerState.WrongDigest) && !isFit ? Tint.Broken : isFit ? Tint.Secure : zone.Security == Security.Insecure ? Tint.Insecure : Tint.Plain;
            var node = new Node(ShapeKind.Delegation, tint, Fit([.. lines, .. SignatureLines(set, parent, tint)]), $"The DS set of {zone.Zone} in {parent}: {string.Join(", ", zone.DelegationSigners.Take(MostKeys).Select(signer => $"{TraceWords.Of(signer)} {TraceWords.Of(signer.State)}"))}") { Title = Measures.Plain($"DS of {name}") };
            Place(above, node);
            SignBy(parent, set, node);
            Vouch(node, zone, box);
        }
        else if (zone.Denial is { } denial)
        {
            var node = DenialNode(denial, $"no DS for {name}");
            Place(above, node);
            foreach (var record in denial.Records.Take(1)) SignBy(parent, record.Set, node);
            var isBroken = !denial.IsProven && _trace.Answer.Security == Security.Bogus;
            _picture.Arrows.Add(new(node, box, isBroken ? Tint.Broken : Tint.Insecure, isBroken ? "✗ not proven" : "not signed", $"{zone.Zone} is {(isBroken ? "not proven to be unsigned" : "not signed, as " + parent + " proves")}"));
        }
        else if (_trace.ReplyTo(new(zone.Zone, RecordType.DS)) is { Failure: not null })
        {
            var node = new Node(ShapeKind.Missing, Tint.Unknown, ["? DS not known", .. Measures.Wrap($"of {name}: could not be had", Measures.NodeColumns, 3)], $"The DS set of {zone.Zone} could not be had");
            Place(above, node);
            _picture.Arrows.Add(new(node, box, Tint.Unknown, "? not known", $"Whether {zone.Zone} is signed is not known"));
        }
    }

    /// <summary>Arrows from DS records to keys: to those that match, or else one that says why none does.</summary>
    private void Vouch(Node from, TracedZone zone, ZoneBox box)
    {
        var keys = _keys[zone.Zone];
        var vouched = keys.Where(one => one.Key.IsTrusted).ToList();
        foreach (var (key, node) in vouched) _picture.Arrows.Add(new(from, node, Tint.Secure, "", $"{(zone.IsAnchor ? "The trust anchor" : "The DS set")} vouches for key {key.Tag} of {zone.Zone}"));
        if (vouched.Count > 0) return;
        Placed target = keys.Count > 0 ? keys[0].Node : box.Rows.Count > 0 ? box.Rows[0][0] : box;
        var (tint, label) = zone.Security switch
        {
            Security.Insecure => (Tint.Insecure, "not supported"),
            _ when zone.DelegationSigners.Any(signer => signer.State == DelegationSignerState.WrongDigest) => (Tint.Broken, "✗ wrong digest"),
            _ when keys.Count > 0 => (Tint.Broken, "✗ no such key"),
            Security.Indeterminate => (Tint.Unknown, "? not known"),
            _ => (Tint.Broken, "✗ missing"),
        };
        _picture.Arrows.Add(new(from, target, tint, label, $"{(zone.IsAnchor ? "The trust anchor" : "The DS set")} vouches for no key of {zone.Zone}: {label.TrimStart('✗', '?', ' ')}"));
    }

    private static void Place(ZoneBox zone, Node node)
    {
        // Keys stand above, what they sign below.
        if (zone.Rows.Count == 0 || zone.Rows[^1].Exists(one => one.Kind is ShapeKind.Key or ShapeKind.More or ShapeKind.Missing)) zone.Rows.Add([]);
        zone.Rows[^1].Add(node);
    }

    private static Node More(int count, string what) =>
        new(ShapeKind.More, Tint.Plain, [string.Create(CultureInfo.InvariantCulture, $"… and {count} more")], string.Create(CultureInfo.InvariantCulture, $"{count} more {what}"));

    /// <summary>What a DS record is worth; where another one matches, one without its key is a stage of a rollover and breaks nothing.</summary>
    private static string Mark(DelegationSignerState state, bool isFit) => state switch
    {
        DelegationSignerState.Matches => "✓",
        DelegationSignerState.WrongDigest => isFit ? "- no match" : "✗ no match",
        DelegationSignerState.NoKey => isFit ? "- no key" : "✗ no key",
        DelegationSignerState.Unsupported => "- unknown",
        DelegationSignerState.Passed or DelegationSignerState.NotCompared => "-",
    };

    private static List<string> Fit(IEnumerable<string> lines) => [.. lines.Select(line => TraceWords.Cut(Measures.Plain(line), Measures.NodeColumns))];

    private static Node? NodeOf(List<(TracedKey Key, Node Node)> keys, TracedSignature signature)
    {
        foreach (var (key, node) in keys)
            if (key.Tag == signature.KeyTag && key.Algorithm == signature.Algorithm) return node;
        return null;
    }
}
