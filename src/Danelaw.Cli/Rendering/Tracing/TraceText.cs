using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Rendering.Tracing;

/// <summary>
/// A chain of trust as text: zone by zone from the anchor down, then the answer, then where it breaks. Each line begins with a mark that needs no colour:
/// <c>ok</c> for what stands, <c>!!</c> for what is broken, <c>--</c> for what nothing protects.
/// </summary>
internal sealed class TraceText(Page page, ChainTrace trace, Output output)
{
    private const int Label = 6;
    private const int Column = 14;

    /// <summary>Signatures, keys and DS records that are told of one set.</summary>
    private const int Told = 8;

    private static readonly Ink Good = new("ok", Tone.Good);
    private static readonly Ink Broken = new("!!", Tone.Bad);
    private static readonly Ink Open = new("--", Tone.Doubt);
    private static readonly Ink Neutral = new("  ");

    public static void Write(Page page, ChainTrace trace, Output output) => new TraceText(page, trace, output).Write();

    private void Write()
    {
        page.Gap();
        page.Line(0, new Ink("The chain of trust, from the anchor down", Tone.Strong));
        if (trace.Zones.IsEmpty) Row(Open, "", "no zone of it could be judged");
        foreach (var zone in trace.Zones)
        {
            page.Gap();
            Write(zone);
        }

        foreach (var step in trace.Steps)
        {
            page.Gap();
            Write(step);
        }

        WriteEnd();
        if (output.IsVerbose) WriteReplies();
    }

    private void Write(TracedZone zone)
    {
        page.Line(0, new Ink(Words.Of(zone.Zone), Tone.Strong), zone.Zone.IsRoot ? " (the root zone): " : " (zone): ", Words.Of(zone.Security));
        if (zone.IsAnchor)
        {
            foreach (var signer in zone.DelegationSigners.Take(Told)) Row(MarkOf(signer.State), "anchor", $"DS {TraceWords.Of(signer)}: ", StateOf(signer));
            foreach (var tag in zone.AnchorKeys.Take(Told)) Row(zone.Keys.Any(key => key.Tag == tag && key.IsTrusted) ? Good : Neutral, "anchor", $"DNSKEY {tag}");
        }
        else
        {
            foreach (var signer in zone.DelegationSigners.Take(Told)) Row(MarkOf(signer.State), "DS", $"{TraceWords.Of(signer)}: ", StateOf(signer));
            if (zone.DelegationSet is { } set) WriteSignatures(set, zone.Parent, zone.Zone);
            else if (zone.Denial is { } denial) Write(denial, "no DS");
            else if (ReplyFault(new(zone.Zone, RecordType.DS)) is { } fault) Row(Broken, "DS", fault);
        }

        WriteMore(zone.DelegationSigners.Length + zone.DelegationSignersLeftOut);
        // Where not all are told, those that the chain rests on are.
        var keysToTell = zone.Keys.Length <= Told ? zone.Keys : [.. zone.Keys.OrderByDescending(key => key.IsTrusted).ThenByDescending(key => key.SignsKeys).Take(Told)];
        foreach (var key in keysToTell)
        {
            var uses = new List<string>();
            if (key.IsTrusted) uses.Add("vouched for");
            if (key.SignsKeys) uses.Add("signs the keys");
            if (key.IsRevoked) uses.Add("revoked");
            else if (!key.IsUsable) uses.Add("no zone key");
            Row(key is { IsTrusted: true, SignsKeys: true } ? Good : Neutral, "key", TraceWords.Of(key), uses.Count > 0 ? ": " + string.Join(", ", uses) : "");
        }

        WriteMore(zone.Keys.Length + zone.KeysLeftOut);
        if (zone.KeySet is { } keys) WriteSignatures(keys, zone.Zone, zone.Zone, zone.Keys);
        else if (ReplyFault(new(zone.Zone, RecordType.DNSKEY)) is { } fault) Row(zone.Security == Security.Insecure ? Neutral : Broken, "keys", fault);
        WriteServers(new(zone.Zone, RecordType.DS), new(zone.Zone, RecordType.DNSKEY));
        if (zone.Security == Security.Insecure) Row(Open, "", "from here on nothing is protected", zone.IsAnchor || zone.Why is null || trace.End is not null ? "" : $": {zone.Why}");
    }

    /// <summary>Why a question that the chain needs brought no records; null when it was not asked.</summary>
    private string? ReplyFault(Question question) => trace.ReplyTo(question) is not { } reply
        ? null
        : reply.Failure ?? (question.Type == RecordType.DNSKEY ? "missing: the zone has no DNSKEY set" : null);

    private void Write(TracedStep step)
    {
        var what = step.Set is { } shown ? new Question(shown.Owner, shown.Records.Type) : step.Question;
        page.Line(0, new Ink(TraceWords.Of(what), Tone.Strong), step.Zone is { } zone ? $" in {Words.Of(zone)}: " : ": ", Words.Of(step.Security));
        var mark = step.Security switch
        {
            Security.Secure => Good,
            Security.Insecure => Open,
            Security.Bogus or Security.Indeterminate => Broken,
        };
        if (step.Failure is { } failure) Row(Broken, "", failure);
        if (step.Set is { } set)
        {
            if (step.Target is { } target) Row(mark, "alias", $"{RecordTypes.ToText(set.Records.Type)} to {Words.Of(target)}");
            else Row(mark, "records", string.Create(CultureInfo.InvariantCulture, $"{set.Records.Data.Length}, TTL {set.Records.TimeToLive}"));
            if (trace.Answer.IsFailure)
                foreach (var record in set.Records.Records.Take(output.IsVerbose ? int.MaxValue : 3)) Row(Neutral, "", TraceWords.Cut(ZoneWriter.ToLine(record), output.IsVerbose ? int.MaxValue : 200));
            WriteSignatures(set, step.Zone, step.Zone);
        }

        if (step.Denial is { } denial) Write(denial, step.Set is null ? "denial" : "wildcard");
        WriteServers(step.Asked);
    }

    private void Write(TracedDenial denial, string label)
    {
        var isExpected = denial.IsProven || trace.Answer.Security != Security.Bogus;
        var mark = denial is { IsProven: true, IsOptOut: false } ? Good : isExpected ? Open : Broken;
        if (denial is { Type: RecordType.None, ClosestEncloser: { } above }) Row(Neutral, label, $"made from *.{Words.Of(above)}, as far as no closer name exists");
        Row(mark, label, denial.IsProven ? $"proven: {TraceWords.What(denial)}" : denial.Records.IsEmpty ? $"{TraceWords.What(denial)}: no proof came with it" : $"{TraceWords.What(denial)}: not proven", denial.IsOptOut ? ", by opt-out" : "");
        foreach (var record in denial.Records)
        {
            Row(record.Set.IsSigned ? Good : isExpected ? Open : Broken, TraceWords.Kind(record),
                $"{TraceWords.Span(record.Owner, record.IsHashed && !output.IsVerbose)} -> {TraceWords.Span(record.Next, record.IsHashed && !output.IsVerbose)} {TraceWords.Shows(record)}", Details(record));
            if (record.Set.IsSigned && !output.IsVerbose) continue;
            WriteSignatures(record.Set, denial.Zone, denial.Zone);
        }

        if (denial.ClosestEncloser is { } encloser) Row(Neutral, "", $"closest encloser: {Words.Of(encloser)}");
        if (denial is { IsProven: true, IsNameError: false } && denial.Records.FirstOrDefault(record => record.Matches is { IsWildcard: true }) is { Matches: { } wildcard } && !wildcard.Equals(denial.Name))
            Row(Neutral, "", $"the wildcard {Words.Of(wildcard)}, which the name falls under, has no {RecordTypes.ToText(denial.Type)} either");
        if (denial is { IsProven: false, Why: { } why } && !denial.Records.IsEmpty) Row(mark, "", why);
    }

    private string Details(TracedDenialRecord record)
    {
        var details = new List<string>();
        if (record.IsOptOut) details.Add("opt-out");
        if (record.Iterations > 0) details.Add(string.Create(CultureInfo.InvariantCulture, $"{record.Iterations} iterations"));
        if (output.IsVerbose) details.Add($"types {record.Types}");
        return details.Count > 0 ? $" ({string.Join(", ", details)})" : "";
    }

    /// <summary>The signatures of a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="zone">Whose signature it needs.</param>
    /// <param name="heading">The zone that it is told under.</param>
    /// <param name="keys">For a key set, the keys: only those that are vouched for bind it to the chain.</param>
    private void WriteSignatures(TracedSet set, DomainName? zone, DomainName? heading, ImmutableArray<TracedKey> keys = default)
    {
        var security = zone is { } its && trace.Zones.FirstOrDefault(one => one.Zone.Equals(its)) is { } known ? known.Security : Security.Indeterminate;
        if (set.Signatures.IsEmpty)
        {
            Row(zone is null || security == Security.Insecure ? Open : Broken, "signed", "not at all: no RRSIG record came with it");
            return;
        }

        foreach (var signature in set.Signatures.Take(Told))
        {
            var by = heading is { } under && signature.Signer.Equals(under) ? $"by {signature.KeyTag}" : $"by {signature.KeyTag} of {Words.Of(signature.Signer)}";
            var isBelieved = keys.IsDefault ? security == Security.Secure : keys.Any(key => key.IsTrusted && key.Tag == signature.KeyTag && key.Algorithm == signature.Algorithm);
            var mark = signature.IsValid
                ? isBelieved ? Good : Neutral
                : set.IsSigned || zone is null || security == Security.Insecure || signature.State == LookupReason.None ? Neutral : Broken;
            Row(mark, "signed", $"{by} {TraceWords.Of(signature.Algorithm)}: ",
                signature.IsValid ? isBelieved ? "" : "fits, but nobody vouches for the key; " : new Ink($"{TraceWords.Fault(signature.State)}, ", mark == Broken ? Tone.Bad : Tone.Plain),
                TraceWords.Validity(signature, trace.Now, output.IsVerbose));
        }

        WriteMore(set.Signatures.Length + set.SignaturesLeftOut);
    }

    private void WriteMore(int count)
    {
        if (count > Told) Row(Neutral, "", string.Create(CultureInfo.InvariantCulture, $"… and {count - Told} more"));
    }

    /// <summary>Who answered; where one server answered several questions, once.</summary>
    private void WriteServers(params ReadOnlySpan<Question> questions)
    {
        var served = new List<(string Server, List<string> Types)>();
        foreach (var question in questions)
        {
            if (trace.ReplyTo(question) is not { Server: { } server } reply) continue;
            var who = reply.Zone is { } zone ? $"{server}, a server of {Words.Of(zone)}" : server;
            var at = served.FindIndex(one => one.Server == who);
            if (at < 0) served.Add((who, [RecordTypes.ToText(question.Type)]));
            else served[at].Types.Add(RecordTypes.ToText(question.Type));
        }

        foreach (var (server, types) in served) Row(Neutral, "from", new Ink($"{server} ({string.Join(", ", types)})", Tone.Faint));
    }

    private void WriteEnd()
    {
        if (trace.End is not { } end) return;
        page.Gap();
        var head = end.IsBreak ? "The chain breaks at " : "The chain ends at ";
        page.Paragraph(0, 3, end.IsBreak ? Broken : Open, " ", new Ink(head + $"{Words.Of(end.Name)} {RecordTypes.ToText(end.Type)}", Tone.Strong), $": {Kebab.Of(end.Reason)}");
        page.Paragraph(3, 3, end.Text + ".");
        page.Column(3, "rule", Column, end.Rule);
        if (end.Code is { } code) page.Column(3, "error", Column, $"extended error {TraceWords.ExtendedError(code)}");
        if (end.KeyTag is { } tag) page.Column(3, "key", Column, $"{tag}{(end.Algorithm is { } algorithm ? $" {TraceWords.Of(algorithm)}" : "")}");
        if (end.Server is { } server) page.Column(3, "server", Column, server);
        if (end.Mend.Length > 0) page.Column(3, end.IsBreak ? "what to do" : "to secure", Column, end.Mend);
        page.Column(3, "more", Column, $"danelaw explain {Kebab.Of(end.Reason)}");
    }

    private void WriteReplies()
    {
        page.Gap();
        page.Line(0, new Ink("Questions asked", Tone.Strong));
        foreach (var reply in trace.Replies)
        {
            var what = reply.Failure is { } failure ? failure : $"{(reply.Code is { } code ? ResponseCodes.ToText(code) : "")} from {reply.Server}{(reply.Zone is { } zone ? $", a server of {Words.Of(zone)}" : "")}{(reply.HasSignatures ? "" : ", without signatures")}";
            page.Paragraph(2, 6, $"{TraceWords.Of(reply.Question)}: ", what);
        }
    }

    private void Row(Ink mark, string label, params ReadOnlySpan<Ink> inks) => page.Row(2, mark, Label, label, Column, inks);

    private static Ink MarkOf(DelegationSignerState state) => state switch
    {
        DelegationSignerState.Matches => Good,
        DelegationSignerState.WrongDigest or DelegationSignerState.NoKey => Broken,
        DelegationSignerState.Unsupported => Open,
        DelegationSignerState.Passed or DelegationSignerState.NotCompared => Neutral,
    };

    private static Ink StateOf(TracedDelegationSigner signer) => signer.State switch
    {
        DelegationSignerState.Matches => $"matches key {signer.KeyTag}",
        DelegationSignerState.WrongDigest => new Ink($"key {signer.KeyTag} has another digest", Tone.Bad),
        DelegationSignerState.NoKey => new Ink("the zone has no such key", Tone.Bad),
        DelegationSignerState.Unsupported or DelegationSignerState.Passed or DelegationSignerState.NotCompared => TraceWords.Of(signer.State),
    };
}
