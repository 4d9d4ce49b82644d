using System.Globalization;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Operator;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>What was published, as text: each owner with its records before and after, then the servers.</summary>
internal static class PublishText
{
    /// <summary>What a person is to type in, told before the wait for it begins.</summary>
    public static void TellForms(Call call, PublishReport report)
    {
        var page = new Page(call.Output.Style);
        foreach (var owner in report.Owners) WriteOwner(page, owner);
        page.Gap();
        page.Paragraph(0, 0, new Ink("At your DNS host", Tone.Strong), report.Forms.IsEmpty ? " delete the TLSA records named above." : " make these TLSA records; delete those marked - above. Host as most forms want it, which append the zone, and in brackets with the closing dot for those that do not.");
        foreach (var form in report.Forms)
        {
            page.Gap();
            WriteForm(page, form);
        }

        page.Gap();
        call.Voice.Result(page.ToUtf8());
    }

    /// <summary>The fields of one record, in the words of most forms.</summary>
    public static void WriteForm(Page page, FormFields form)
    {
        if (form is { Port: { } port, Protocol: { } protocol })
        {
            page.Column(2, "Port", 20, port.ToString(CultureInfo.InvariantCulture));
            page.Column(2, "Protocol", 20, protocol);
            page.Column(2, "Host", 20, $"{form.Host}  ({form.AbsoluteHost})");
        }

        page.Column(2, form.Port is null ? "Name" : "or Name", 20, $"{form.Name}  ({form.AbsoluteName})");
        page.Column(2, "Usage", 20, ((byte)form.Record.Usage).ToString(CultureInfo.InvariantCulture));
        page.Column(2, "Selector", 20, ((byte)form.Record.Selector).ToString(CultureInfo.InvariantCulture));
        page.Column(2, "Matching type", 20, ((byte)form.Record.Matching).ToString(CultureInfo.InvariantCulture));
        page.Column(2, "Association", 20, form.Record.Data.ToHex());
        page.Column(2, "TTL", 20, form.TimeToLive.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What becomes of a set: what stays, what comes and what goes.</summary>
    public static void WriteSet(Page page, int indent, TlsaSet before, TlsaSet after)
    {
        foreach (var record in before.Records.Concat(after.Records).Distinct())
        {
            var (was, will) = (before.Records.Contains(record), after.Records.Contains(record));
            page.Line(indent, was && will ? new Ink("  ") : will ? new Ink("+ ", Tone.Good) : new Ink("- ", Tone.Bad), new Ink(record.ToString(), was && will ? Tone.Faint : will ? Tone.Good : Tone.Bad));
        }
    }

    public static void Tell(Call call, PublishReport report)
    {
        var page = new Page(call.Output.Style);
        foreach (var failed in report.Owners.Where(owner => owner.Outcome is not null && !owner.IsDone && owner.Detail.Length > 0)) call.Voice.Error(failed.Detail);
        foreach (var back in report.Owners.Where(owner => (owner.Outcome is null || owner.IsDone) && owner.Detail.Length > 0)) call.Voice.Hint($"{Words.Of(back.Owner)}: {back.Detail}");
        var isShown = report.Forms.IsEmpty && report.Owners.All(owner => owner.IsDone || (report.IsDryRun && owner.Outcome is null));
        if (isShown && !call.Output.IsQuiet)
            foreach (var owner in report.Owners) WriteOwner(page, owner);
        WriteVerdict(page, report);
        if (report.Propagation is { Gate.IsOpen: false } || (report.Propagation is not null && call.Output.IsVerbose)) WriteServers(page, report.Propagation);
        if (!page.IsEmpty) call.Voice.Result(page.ToUtf8());
        if (report.State == PublishState.Waiting && report.Propagation is not null) call.Voice.Hint("run the same command again to go on waiting; what is done is not done twice");
    }

    private static void WriteOwner(Page page, PublishedOwner owner)
    {
        page.Line(0, new Ink(Words.Of(owner.Owner), Tone.Strong), owner.IsChange ? "" : "  nothing to do");
        WriteSet(page, 2, owner.Before.Records, owner.After);
        if (owner.Before.Records.IsEmpty && owner.After.IsEmpty) page.Line(2, new Ink("  no TLSA records", Tone.Faint));
        if (owner.After.IsEmpty) return;
        var before = owner.Before.TimeToLive;
        page.Line(2, new Ink(string.Create(CultureInfo.InvariantCulture, $"  TTL {(before is { } was2 && was2 != owner.TimeToLive ? $"{was2} -> " : "")}{owner.TimeToLive}"), Tone.Faint));
    }

    private static void WriteVerdict(Page page, PublishReport report)
    {
        var servers = report.Propagation?.Gate.Servers.Length ?? 0;
        var have = report.Propagation?.Gate.Servers.Count(server => server.Standing == ServerStanding.Current) ?? 0;
        var signed = report.Propagation?.Views.All(view => view.IsSecure) == true ? ", validly signed" : ", in a zone that is not signed";
        switch (report.State)
        {
            case PublishState.WouldPublish:
                page.Line(0, "This is what would be published; nothing was changed.");
                break;
            case PublishState.Unchanged:
                page.Line(0, new Ink("Nothing was to be done", Tone.Good), report.Propagation is null ? "." : $": every authoritative server has it{signed}.");
                break;
            case PublishState.Accepted:
                page.Line(0, new Ink("Published", Tone.Good), "; the authoritative servers were not waited for.");
                break;
            case PublishState.Published:
                var needed = report.Propagation!.CachesNeed is { } left && left > TimeSpan.Zero ? $" Caches may keep what was there before for another {Duration.Say(left)}." : "";
                page.Paragraph(0, 0, new Ink("Published", Tone.Good), string.Create(CultureInfo.InvariantCulture, $": {(servers == 1 ? "the authoritative server has" : $"all {servers} authoritative servers have")} it{signed}.{needed}"));
                break;
            case PublishState.Waiting when report.Propagation is not null:
                page.Line(0, new Ink("Waiting", Tone.Doubt), string.Create(CultureInfo.InvariantCulture, $": {have} of {servers} authoritative servers have it."));
                break;
            case PublishState.Waiting:
                page.Line(0, new Ink("Waiting", Tone.Doubt), " for a person to do it.");
                break;
            case PublishState.Unknown or PublishState.Unreachable or PublishState.Refused or PublishState.Changed:
                break;
        }
    }

    private static void WriteServers(Page page, Propagation propagation)
    {
        foreach (var (server, view) in propagation.Gate.Servers.Zip(propagation.Views))
        {
            var mark = server.Standing switch
            {
                ServerStanding.Current => new Ink("ok ", Tone.Good),
                ServerStanding.Other => new Ink("old", Tone.Doubt),
                ServerStanding.Unseen => new Ink("-- ", Tone.Bad),
            };
            page.Paragraph(2, 6, mark, $" {server.Server} {server.Owner}", view.Detail.Length > 0 ? new Ink($": {view.Detail}", Tone.Faint) : "");
        }
    }
}
