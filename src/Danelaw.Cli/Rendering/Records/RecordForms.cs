using System.Text;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>Records in the form in which they go where they belong.</summary>
internal static class RecordForms
{
    /// <summary>Seconds, where a form has to name a TTL and none was given.</summary>
    internal const int DefaultTimeToLive = 3600;

    /// <summary>All of them.</summary>
    /// <param name="format">The form.</param>
    /// <param name="records">The records, in order.</param>
    /// <param name="zone">Their zone; null when it is not known.</param>
    /// <param name="isReplacing">Whether nsupdate is to take away the records of the type that are there.</param>
    public static byte[] Write(RecordFormat format, IReadOnlyList<MadeRecord> records, DomainName? zone, bool isReplacing) => format switch
    {
        RecordFormat.Zone => Lines(records.Select(record => record.Line)),
        RecordFormat.Rfc3597 => Lines(records.Select(record => record.GenericLine)),
        RecordFormat.Nsupdate => Lines(NsupdateScript.Of(records, zone, isReplacing)),
        RecordFormat.Json => [.. records.SelectMany(record => record.ToJson())],
        RecordFormat.Form => Form(records, zone ?? DomainName.Root),
        RecordFormat.Tinydns => Lines(records.Select(TinydnsData.Of)),
        RecordFormat.Dnscontrol => Lines(DnscontrolCall.Of(records, zone ?? DomainName.Root)),
        RecordFormat.Octodns => Lines(OctodnsYaml.Of(records, zone ?? DomainName.Root)),
        RecordFormat.TerraformCloudflare => Lines(TerraformResources.OfCloudflare(records)),
        RecordFormat.TerraformRoute53 => Lines(TerraformResources.OfRoute53(records)),
        RecordFormat.TerraformAzure => Lines(TerraformResources.OfAzure(records, zone ?? DomainName.Root)),
    };

    /// <summary>The records of each owner, in the order of the owners.</summary>
    internal static IEnumerable<IReadOnlyList<MadeRecord>> Sets(IReadOnlyList<MadeRecord> records) => records.GroupBy(record => record.Owner).Select(set => set.ToList());

    /// <summary>A name without the closing dot, as programs that know no relative names have it.</summary>
    internal static string Whole(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private static byte[] Form(IReadOnlyList<MadeRecord> records, DomainName zone)
    {
        var page = new Page(PageStyle.Pipe);
        foreach (var record in records)
        {
            if (record.Association is not { } association) continue;
            if (!page.IsEmpty) page.Gap();
            PublishText.WriteForm(page, FormFields.Of(zone, record.Owner, association, (uint)(record.TimeToLive ?? DefaultTimeToLive)));
        }

        return page.ToUtf8();
    }
}
