using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Records;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;

namespace Danelaw.Cli.Options;

/// <summary>The options that say how made records are written.</summary>
internal sealed class RecordOutput
{
    private readonly Option<string> _format = Flag.Value("--format", "FORM", "zone (default), rfc3597, nsupdate, json, form, tinydns");
    private readonly Option<string> _zone = Flag.Value("--zone", "ZONE", "with nsupdate and form: the zone that the records go to");
    private readonly Option<string> _ttl = Flag.Value("--ttl", "SECONDS", "the TTL; default 3600 where the form needs one, else the zone's own");

    public IReadOnlyList<Option> All => [_format, _zone, _ttl];

    /// <summary>The TTL in seconds; null leaves it to the form.</summary>
    /// <exception cref="MisuseException">It is none.</exception>
    public int? TimeToLive(ParseResult parsed) => parsed.GetValue(_ttl) is { } seconds ? Quantity.Number("--ttl", seconds, 0, int.MaxValue) : null;

    /// <summary>The form.</summary>
    /// <exception cref="MisuseException">There is no such form.</exception>
    public RecordFormat Format(Call call)
    {
        var text = call.Parsed.GetValue(_format);
        RecordFormat? format = text?.ToLowerInvariant() switch
        {
            null => call.Output.IsJson ? RecordFormat.Json : RecordFormat.Zone,
            "zone" => RecordFormat.Zone,
            "rfc3597" => RecordFormat.Rfc3597,
            "nsupdate" => RecordFormat.Nsupdate,
            "json" => RecordFormat.Json,
            "form" => RecordFormat.Form,
            "tinydns" => RecordFormat.Tinydns,
            _ => null,
        };
        if (format is null) throw new MisuseException($"--format takes zone, rfc3597, nsupdate, json, form or tinydns, not '{text}'");
        if (call.Output.IsJson && format != RecordFormat.Json) throw new MisuseException($"--json and --format {text} cannot be given together");
        return format.Value;
    }

    /// <summary>The zone; null when none was given.</summary>
    /// <exception cref="MisuseException">It has no meaning, or an owner lies outside of it.</exception>
    public DomainName? Zone(ParseResult parsed, RecordFormat format, ImmutableArray<DomainName> owners)
    {
        if (parsed.GetValue(_zone) is not { } text) return null;
        if (format is not (RecordFormat.Nsupdate or RecordFormat.Form)) throw new MisuseException("--zone has a meaning with --format nsupdate and form only");
        var zone = KeyOptions.ReadZone("--zone", text);
        foreach (var owner in owners)
            if (!owner.IsAtOrBelow(zone)) throw new MisuseException($"{Words.Of(owner)} does not lie in the zone {Words.Of(zone)}");
        return zone;
    }
}
