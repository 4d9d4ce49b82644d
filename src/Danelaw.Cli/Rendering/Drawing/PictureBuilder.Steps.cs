using System.Globalization;
using Danelaw.Cli.Rendering.Tracing;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Rendering.Drawing;

internal sealed partial class PictureBuilder
{
    private const int MostSteps = 12;

    /// <summary>The way from the name asked for to the answer, each step in its zone.</summary>
    private void AddSteps()
    {
        Node? alias = null;
        foreach (var step in _trace.Steps.Take(MostSteps))
        {
            var zone = step.Zone is { } its && _zones.TryGetValue(its, out var known) ? known : Elsewhere();
            var node = StepNode(step);
            Place(zone, node);
            if (step.Set is { } set) SignBy(step.Zone, set, node);
            if (step.Denial is { } denial)
            {
                var proof = step.Set is null ? node : DenialNode(denial, $"no closer name than {TraceWords.Name(denial.Name, 40)}");
                if (step.Set is not null) Place(zone, proof);
                foreach (var record in denial.Records.Take(1)) SignBy(step.Zone, record.Set, proof);
                if (step.Set is not null) _picture.Arrows.Add(new(proof, node, denial.IsProven ? Tint.Plain : Tint.Broken, "", "The proof that the wildcard applies"));
                else if (denial.Records.IsEmpty && step.Security == Security.Bogus) Lacks(step.Zone, node, "✗ proof missing");
            }

            if (alias is not null) _picture.Arrows.Add(new(alias, node, Tint.Plain, "alias", $"The alias leads to {step.Question.Name}"));
            alias = step.Target is null ? null : node;
        }

        if (_trace.Steps.Length > MostSteps) Place(_picture.Zones[^1], More(_trace.Steps.Length - MostSteps, "aliases"));
    }

    private Node StepNode(TracedStep step)
    {
        var tint = TintOf(step.Security);
        if (step.Set is not { } set)
        {
            if (step.Denial is { } denial) return DenialNode(denial, TraceWords.What(denial));
            return new(ShapeKind.Missing, Tint.Unknown, Fit([.. Measures.Wrap($"? {TraceWords.Of(step.Question)}", Measures.NodeColumns, 3), .. Measures.Wrap(Short(_trace.Answer.Reason), Measures.NodeColumns, 2)]), Measures.Plain(TraceWords.Cut(step.Failure ?? "", 300))) { Title = Measures.Plain(TraceWords.Of(step.Question)) };
        }

        var lines = Measures.Wrap($"{TraceWords.Name(set.Owner, 60)} {RecordTypes.ToText(set.Records.Type)}", Measures.NodeColumns, 4);
        foreach (var record in set.Records.Records.Take(2))
        {
            var text = ZoneWriter.ToLine(record);
            var data = text[(text.IndexOf(" IN ", StringComparison.Ordinal) + 4)..];
            lines.AddRange(Measures.Wrap(data[(data.IndexOf(' ', StringComparison.Ordinal) + 1)..], Measures.NodeColumns, 2));
        }

        if (set.Records.Data.Length > 2) lines.Add(string.Create(CultureInfo.InvariantCulture, $"… and {set.Records.Data.Length - 2} more"));
        lines.AddRange(SignatureLines(set, step.Zone, tint));
        return new(ShapeKind.Records, tint, Fit(lines), Measures.Plain(TraceWords.Cut($"{step.Question.Name} {RecordTypes.ToText(set.Records.Type)}, {Kebab.Of(step.Security)}: {string.Join("; ", set.Records.Records.Take(4).Select(ZoneWriter.ToLine))}", 600))) { Title = Measures.Plain($"{TraceWords.Name(set.Owner, 200)} {RecordTypes.ToText(set.Records.Type)}") };
    }

    private static string Short(LookupReason reason) => reason switch
    {
        LookupReason.TimedOut => "no reply in time",
        LookupReason.Unreachable => "could not be reached",
        LookupReason.ServerFailed => "answered with an error",
        LookupReason.MalformedReply => "unreadable reply",
        _ => Kebab.Of(reason),
    };

    private Node DenialNode(TracedDenial denial, string title)
    {
        var lines = Measures.Wrap(title, Measures.NodeColumns, 4);
        foreach (var record in denial.Records.Take(3))
        {
            lines.Add($"{TraceWords.Kind(record)}{(record.IsOptOut ? " (opt-out)" : "")}{(record.Set.IsSigned ? "" : " ✗")}");
            lines.Add(Pair(record));
        }

        if (denial.Records.Length > 3) lines.Add(string.Create(CultureInfo.InvariantCulture, $"… and {denial.Records.Length - 3} more"));
        if (denial.Records.IsEmpty) lines.Add("✗ no proof came with it");
        else if (!denial.IsProven) lines.Add("✗ not proven");
        var isBroken = !denial.IsProven && _trace.Answer.Security == Security.Bogus;
        var tint = isBroken ? Tint.Broken : !denial.IsProven || denial.IsOptOut ? Tint.Insecure : Tint.Secure;
        return new(ShapeKind.Denial, tint, Fit(lines), Measures.Plain(TraceWords.Cut($"Denial by {denial.Zone}: {title}, {(denial.IsProven ? "proven" : "not proven")}. {string.Join("; ", denial.Records.Select(record => $"{TraceWords.Kind(record)} {record.Owner} to {record.Next} {TraceWords.Shows(record)}"))}", 900))) { Title = Measures.Plain(title) };
    }

    private static string Pair(TracedDenialRecord record)
    {
        const int half = (Measures.NodeColumns - 1) / 2;
        var (from, to) = (TraceWords.Span(record.Owner, record.IsHashed), TraceWords.Span(record.Next, record.IsHashed));
        return from.Length + to.Length + 1 <= Measures.NodeColumns ? $"{from}→{to}" : $"{TraceWords.Cut(from, half)}→{TraceWords.Cut(to, half)}";
    }

    /// <summary>A signature that stands is marked as good only where its set is believed: in a broken box it says who signed, and whether anybody vouches for him.</summary>
    private IEnumerable<string> SignatureLines(TracedSet set, DomainName? zone, Tint tint)
    {
        if (set.Signatures.IsEmpty)
        {
            yield return zone is { } its && _trace.Zones.Any(one => one.Zone.Equals(its) && one.Security == Security.Insecure) || zone is null ? "not signed" : "✗ no signature";
            yield break;
        }

        // The one that stands, or else the first that does not.
        var shown = set.Signatures.OrderByDescending(signature => signature.IsValid).First();
        yield return shown.IsValid
            ? string.Create(CultureInfo.InvariantCulture, $"{(tint == Tint.Secure ? "✓ by" : IsBelieved(shown.Signer) ? "signed by" : "by")} {shown.KeyTag}{(IsBelieved(shown.Signer) ? "" : ", not trusted")}")
            : string.Create(CultureInfo.InvariantCulture, $"{(shown.State == LookupReason.None ? "-" : "✗")} by {shown.KeyTag} {Brief(shown.State)}");
        yield return TraceWords.Validity(shown, _trace.Now, withDates: false);
        if (set.Signatures.Length > 1) yield return string.Create(CultureInfo.InvariantCulture, $"… and {set.Signatures.Length - 1 + set.SignaturesLeftOut} more");
    }

    /// <summary>A fault in words that fit into a node.</summary>
    private static string Brief(LookupReason state) => state == LookupReason.SignatureInvalid ? "does not fit" : TraceWords.Fault(state);

    /// <summary>Arrows from the keys to what they signed.</summary>
    private void SignBy(DomainName? zone, TracedSet set, Node node)
    {
        if (zone is not { } name || !_keys.TryGetValue(name, out var keys)) return;
        if (set.Signatures.IsEmpty)
        {
            if (_trace.Zones.Any(one => one.Zone.Equals(name) && one.Security != Security.Insecure)) Lacks(zone, node, "✗ signature missing");
            return;
        }

        var drawn = new HashSet<Node>();
        foreach (var signature in set.Signatures.OrderByDescending(signature => signature.IsValid))
        {
            if (NodeOf(keys, signature) is { } signer && drawn.Add(signer)) Sign(signer, node, signature, node.Title);
        }

        if (drawn.Count == 0 && keys.Count > 0 && !set.IsSigned) Lacks(zone, node, $"✗ {TraceWords.Fault(set.Signatures[0].State)}");
    }

    private void Sign(Node signer, Node node, TracedSignature signature, string what)
    {
        var isBroken = !signature.IsValid && signature.State != LookupReason.None;
        _picture.Arrows.Add(new(
            signer,
            node,
            signature.IsValid ? IsBelieved(signature.Signer) ? Tint.Secure : Tint.Plain : isBroken ? Tint.Broken : Tint.Unknown,
            signature.IsValid ? "" : isBroken ? $"✗ {TraceWords.Fault(signature.State)}" : "? not checked",
            Measures.Plain(string.Create(CultureInfo.InvariantCulture, $"Key {signature.KeyTag} of {signature.Signer} signs {what}: {TraceWords.Fault(signature.State)}, {TraceWords.Validity(signature, _trace.Now, withDates: true)}"))));
    }

    private bool IsBelieved(DomainName zone) => _trace.Zones.Any(one => one.Zone.Equals(zone) && one.Security == Security.Secure);

    private void Lacks(DomainName? zone, Node node, string label)
    {
        if (zone is { } its && _keys.TryGetValue(its, out var keys) && keys.Count > 0)
            _picture.Arrows.Add(new(keys[^1].Node, node, Tint.Broken, label, $"{node.Title}: {label.TrimStart('✗', ' ')}"));
    }

    /// <summary>A place for what no zone of the chain holds.</summary>
    private ZoneBox Elsewhere()
    {
        if (_picture.Zones.Find(zone => zone.State.Length == 0) is { } there) return there;
        var box = new ZoneBox(_picture.Zones.Count == 0 ? "the zone is not known" : "beyond the chain", Tint.Unknown, "", _picture.Zones.Count == 0 ? 0 : _picture.Zones.Max(zone => zone.Depth) + 1);
        _picture.Zones.Add(box);
        return box;
    }
}
