using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Records;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Cli.Options;

/// <summary>The options that say how made records are written.</summary>
internal sealed class RecordOutput
{
    private static readonly string[] Forms = [.. Enum.GetValues<RecordFormat>().Select(format => Kebab.Of(format))];

    private static readonly string Names = string.Join(", ", Forms);

    private readonly Option<string> _format = Flag.Value("--format", "FORM", $"{Names}; default zone. dnscontrol, octodns and terraform are written by the documentation of those programs, and not tried with them", Forms);
    private readonly Option<string> _zone = Flag.Value("--zone", "ZONE", "the zone that the records go to: needed with dnscontrol, octodns and terraform-azure, taken with nsupdate and form");
    private readonly Option<string> _ttl = Flag.Value("--ttl", "SECONDS", "the TTL; default 3600 where the form needs one, else the zone's own");
    private readonly Option<bool> _replace = Flag.Of("--replace", "with nsupdate: take away the records of the type that each owner has, in the same update");

    public IReadOnlyList<Option> All => [_format, _zone, _ttl, _replace];

    /// <summary>Reads all of them, and sees that they fit each other and the records.</summary>
    /// <param name="call">The call.</param>
    /// <param name="type">The type of the records.</param>
    /// <param name="owners">Where they are to stand.</param>
    /// <exception cref="MisuseException">One makes no sense.</exception>
    public RecordTelling Read(Call call, RecordType type, ImmutableArray<DomainName> owners)
    {
        var parsed = call.Parsed;
        var format = Format(call, type);
        var isReplacing = parsed.GetValue(_replace);
        if (isReplacing && format != RecordFormat.Nsupdate) throw new MisuseException("--replace has a meaning with --format nsupdate only", "danelaw publish --replace changes a zone by itself");
        return new(format, Zone(parsed, format, owners), TimeToLive(parsed, format), isReplacing);
    }

    private static bool NeedsZone(RecordFormat format) => format is RecordFormat.Dnscontrol or RecordFormat.Octodns or RecordFormat.TerraformAzure;

    /// <summary>Which forms have a type at all, by the documentation of the programs.</summary>
    private static string? Lack(RecordFormat format, RecordType type) => (format, type) switch
    {
        (_, RecordType.TLSA) => null,
        (RecordFormat.TerraformRoute53, _) => "Route 53 has no such records",
        (RecordFormat.TerraformAzure, _) => "Azure DNS has no such records",
        (RecordFormat.Octodns, RecordType.SMIMEA) => "OctoDNS has no such records",
        (RecordFormat.Form, RecordType.OPENPGPKEY) => "the record is one field, which --format zone shows",
        _ => null,
    };

    private int? TimeToLive(ParseResult parsed, RecordFormat format)
    {
        if (parsed.GetValue(_ttl) is not { } text) return null;
        var seconds = Quantity.Number("--ttl", text, 0, int.MaxValue);

        // By the documentation of cloudflare_dns_record.
        if (format == RecordFormat.TerraformCloudflare && seconds is not (1 or (>= 30 and <= 86400))) throw new MisuseException($"--ttl {text}: Cloudflare takes 60 to 86400 seconds, 30 for Enterprise zones, and 1 for its own choice");
        return seconds;
    }

    private RecordFormat Format(Call call, RecordType type)
    {
        var text = call.Parsed.GetValue(_format);
        if (text is null) return call.Output.IsJson ? RecordFormat.Json : RecordFormat.Zone;
        foreach (var format in Enum.GetValues<RecordFormat>())
        {
            if (!Kebab.Of(format).Equals(text, StringComparison.OrdinalIgnoreCase)) continue;
            if (call.Output.IsJson && format != RecordFormat.Json) throw new MisuseException($"--json and --format {text} cannot be given together");
            if (Lack(format, type) is { } lack) throw new MisuseException($"--format {text} cannot hold {RecordTypes.ToText(type)}: {lack}");
            return format;
        }

        throw new MisuseException($"--format takes {Names}, not '{text}'");
    }

    private DomainName? Zone(ParseResult parsed, RecordFormat format, ImmutableArray<DomainName> owners)
    {
        if (parsed.GetValue(_zone) is not { } text)
            return NeedsZone(format) ? throw new MisuseException($"--format {Kebab.Of(format)} needs --zone", "names are relative to the zone there: --zone example.org") : null;
        if (!NeedsZone(format) && format is not (RecordFormat.Nsupdate or RecordFormat.Form)) throw new MisuseException($"--zone has no meaning with --format {Kebab.Of(format)}", "names are whole there");
        var zone = KeyOptions.ReadZone("--zone", text);
        foreach (var owner in owners)
            if (!owner.IsAtOrBelow(zone)) throw new MisuseException($"{Words.Of(owner)} does not lie in the zone {Words.Of(zone)}");
        return zone;
    }
}

/// <summary>How made records are written.</summary>
/// <param name="Format">The form.</param>
/// <param name="Zone">Their zone; null where it does not matter or is not known.</param>
/// <param name="TimeToLive">The TTL in seconds; null leaves it to the form.</param>
/// <param name="IsReplacing">Whether those that are there go.</param>
internal sealed record RecordTelling(RecordFormat Format, DomainName? Zone, int? TimeToLive, bool IsReplacing)
{
    /// <summary>The records as they are written.</summary>
    public byte[] Write(IReadOnlyList<MadeRecord> records) => RecordForms.Write(Format, records, Zone, IsReplacing);
}
