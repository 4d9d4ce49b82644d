using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Probes;

namespace Danelaw.Operator.Rollover.Settings;

/// <summary>Writes settings of rollovers as <see cref="RolloverSettingsText"/> reads them. What is as it is by default is left out.</summary>
internal static class RolloverSettingsWriter
{
    /// <summary>The text.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="head">Lines of comment to begin with, each without its mark.</param>
    internal static string Write(RolloverSettings settings, params ReadOnlySpan<string> head)
    {
        var text = new StringBuilder();
        foreach (var line in head) text.Append("# ").Append(line).Append('\n');
        if (settings.StateFile != RolloverSettings.DefaultStateFile) text.Append("state = ").Append(Quoted(settings.StateFile)).Append('\n');
        foreach (var roll in settings.Rolls) Write(text, roll);
        return text.ToString();
    }

    private static void Write(StringBuilder text, RollSettings roll)
    {
        text.Append("\n[[roll]]\n");
        Set("name", Quoted(roll.Name));
        Set("owners", List(roll.Owners.Select(owner => Quoted(owner.Text))));
        Set("reload", List(roll.Reload.Select(command => List(command.Select(Quoted)))));
        if (!roll.Records.SequenceEqual([RecordKind.Default])) Set("records", List(roll.Records.Select(kind => Quoted(kind.ToString()))));
        Set("ttl", roll.TimeToLive.ToString(CultureInfo.InvariantCulture));
        if (roll.Margin != RollSettings.DefaultMargin) Set("margin", ((long)roll.Margin.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        if (!roll.KeepsForeign) Set("foreign", "\"remove\"");
        if (!roll.Addresses.IsEmpty) Set("addresses", List(roll.Addresses.Select(address => Quoted(address.ToString()))));
        if (!roll.Endpoints.IsEmpty) Set("endpoints", List(roll.Endpoints.Select(target => Quoted(target.Text))));
        if (roll.ReloadTime != RollSettings.DefaultReloadTime) Set("reload-time", ((long)roll.ReloadTime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        foreach (var chain in roll.Chains)
        {
            text.Append("\n[[roll.chain]]\n");
            if (chain.Algorithm != KeyAlgorithm.Any) Set("algorithm", Quoted(chain.Algorithm.ToString().ToLowerInvariant()));
            Set("file", Quoted(chain.File));
            if (chain.Group is { } group) Set("group", Quoted(group));
            Set("offers", List(chain.Offers.Select(offer => offer.KeyFile is { } key ? $"{{ certificate = {Quoted(offer.Path)}, key = {Quoted(key)} }}" : Quoted(offer.Path))));
        }

        text.Append("\n[roll.publisher]\n");
        switch (roll.Publisher)
        {
            case PublisherSettings.Update update:
                Set("kind", "\"update\"");
                Set("server", Quoted(update.Server));
                if (update.Port != 53) Set("port", update.Port.ToString(CultureInfo.InvariantCulture));
                SetZone(update.Zone);
                if (update.KeyFile is { } key) Set("key-file", Quoted(key));
                break;
            case PublisherSettings.PowerDns server:
                Set("kind", "\"powerdns\"");
                Set("url", Quoted(server.Url.ToString().TrimEnd('/')));
                Set("server-id", Quoted(server.ServerId));
                SetZone(server.Zone);
                Set("key-file", Quoted(server.KeyFile));
                break;
            case PublisherSettings.ZoneFile file:
                Set("kind", "\"zone-file\"");
                Set("file", Quoted(file.File));
                SetZone(file.Zone);
                if (!file.Reload.IsEmpty) Set("reload", List(file.Reload.Select(Quoted)));
                break;
            case PublisherSettings.Hook hook:
                Set("kind", "\"hook\"");
                Set("command", List(hook.Command.Select(Quoted)));
                SetZone(hook.Zone);
                break;
            case PublisherSettings.Manual manual:
                Set("kind", "\"manual\"");
                SetZone(manual.Zone);
                break;
        }

        void Set(string name, string value) => text.Append(name).Append(" = ").Append(value).Append('\n');

        void SetZone(DomainName? zone)
        {
            if (zone is { } name) Set("zone", Quoted(name.ToString()));
        }
    }

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>A basic string of TOML.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '\\') quoted.Append('\\').Append(letter);
            else if (char.IsControl(letter)) quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
            else quoted.Append(letter);
        }

        return quoted.Append('"').ToString();
    }
}
