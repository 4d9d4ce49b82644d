using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>How a person publishes the records of a plan.</summary>
internal static class RecordAdvice
{
    /// <summary>The command that publishes them, and waits until they are everywhere.</summary>
    /// <param name="record">The RRset.</param>
    /// <param name="publisher">Where; null for asking that they be typed in.</param>
    public static string CommandOf(SetupRecord record, PublisherSettings? publisher = null)
    {
        var isReplaced = record.Before is { } before && !before.Except(record.After).IsEmpty;
        ImmutableArray<string> words =
        [
            "danelaw", "publish", record.Owner.ToString().TrimEnd('.'),
            .. record.After.Records.Where(one => isReplaced || record.Before?.Records.Contains(one) != true).SelectMany(one => new[] { "--tlsa", one.ToString() }),
            .. isReplaced ? ["--replace"] : Array.Empty<string>(),
            "--ttl", record.TimeToLive.ToString(CultureInfo.InvariantCulture), "--to", .. WayOf(publisher),
        ];
        return string.Join(' ', words.Select(ShellWord.Quote));
    }

    /// <summary>The way with its options, as <c>danelaw publish</c> takes them.</summary>
    private static ImmutableArray<string> WayOf(PublisherSettings? publisher) => publisher switch
    {
        PublisherSettings.Update update => ["rfc2136", "--server", update.Port == 53 ? update.Server : update.Server.Contains(':', StringComparison.Ordinal) ? $"[{update.Server}]:{update.Port}" : $"{update.Server}:{update.Port}", .. update.KeyFile is { } key ? ["--key", key] : Array.Empty<string>(), .. Zone(update.Zone)],
        PublisherSettings.PowerDns server => ["powerdns", "--url", server.Url.ToString().TrimEnd('/'), .. server.ServerId == "localhost" ? Array.Empty<string>() : ["--server-id", server.ServerId], "--key", server.KeyFile, .. Zone(server.Zone)],
        PublisherSettings.ZoneFile file => ["zone-file", "--file", file.File, .. Zone(file.Zone), .. file.Reload.IsEmpty ? Array.Empty<string>() : ["--reload", string.Join(' ', file.Reload)]],
        PublisherSettings.Hook hook => ["hook", "--command", string.Join(' ', hook.Command), .. Zone(hook.Zone)],
        _ => ["manual"],
    };

    private static string[] Zone(DomainName? zone) => zone is { } name ? ["--zone", name.ToString().TrimEnd('.')] : [];

    /// <summary>The fields of a DNS host's form for each record that is new; empty where its zone is not known.</summary>
    public static IEnumerable<FormFields> FormsOf(SetupRecord record) =>
        record.Zone is { } zone ? record.After.Records.Where(one => record.Before?.Records.Contains(one) != true).Select(one => FormFields.Of(zone, record.Owner, one, record.TimeToLive)) : [];
}
