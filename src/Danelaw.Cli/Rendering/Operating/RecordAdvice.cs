using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>How a person publishes the records of a plan.</summary>
internal static class RecordAdvice
{
    /// <summary>The command that asks for them to be typed in, and waits until they are everywhere.</summary>
    public static string CommandOf(SetupRecord record)
    {
        var isReplaced = record.Before is { } before && !before.Except(record.After).IsEmpty;
        ImmutableArray<string> words =
        [
            "danelaw", "publish", record.Owner.ToString().TrimEnd('.'),
            .. record.After.Records.Where(one => isReplaced || record.Before?.Records.Contains(one) != true).SelectMany(one => new[] { "--tlsa", one.ToString() }),
            .. isReplaced ? ["--replace"] : Array.Empty<string>(),
            "--ttl", record.TimeToLive.ToString(CultureInfo.InvariantCulture), "--to", "manual",
        ];
        return string.Join(' ', words.Select(ShellWord.Quote));
    }

    /// <summary>The fields of a DNS host's form for each record that is new; empty where its zone is not known.</summary>
    public static IEnumerable<FormFields> FormsOf(SetupRecord record) =>
        record.Zone is { } zone ? record.After.Records.Where(one => record.Before?.Records.Contains(one) != true).Select(one => FormFields.Of(zone, record.Owner, one, record.TimeToLive)) : [];
}
