using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>
/// Resources of Terraform (HCL) for three DNS hosts that sign zones and have TLSA, each written by the documentation of its provider. The zone's
/// identifier is a variable of whoever takes them over.
/// </summary>
internal static class TerraformResources
{
    /// <summary>cloudflare_dns_record of cloudflare/cloudflare 5: a resource a record, the whole name.</summary>
    public static IEnumerable<string> OfCloudflare(IReadOnlyList<MadeRecord> records)
    {
        var labels = new Labels();
        foreach (var line in Head("cloudflare/cloudflare 5 (cloudflare_dns_record)", "cloudflare_zone_id")) yield return line;
        foreach (var record in records)
        {
            // A record keeps its label when others come and go: Terraform would take it away and make it anew.
            var label = labels.Of(record, record.Association is { } said ? $"_{said.Parameters.Replace(' ', '_')}_{said.Data.ToHex()[..Math.Min(8, said.Data.Length * 2)]}" : "");
            yield return "";
            yield return $"resource \"cloudflare_dns_record\" \"{label}\" {{";
            yield return "  zone_id = var.cloudflare_zone_id";
            yield return $"  name    = {Quote(RecordForms.Whole(record.Owner))}";
            yield return $"  type    = {Quote(record.TypeName)}";
            yield return $"  ttl     = {TimeToLive(record)}";
            if (record.Association is { } association)
            {
                yield return "  data = {";
                yield return $"    usage         = {Number(association.Usage)}";
                yield return $"    selector      = {Number(association.Selector)}";
                yield return $"    matching_type = {Number(association.Matching)}";
                yield return $"    certificate   = {Quote(association.Data.ToHex())}";
                yield return "  }";
            }
            else
            {
                yield return $"  content = {Quote(record.Text)}";
            }

            yield return "}";
        }
    }

    /// <summary>aws_route53_record of hashicorp/aws: a resource an RRset, the whole name, the records as zone files have them.</summary>
    public static IEnumerable<string> OfRoute53(IReadOnlyList<MadeRecord> records)
    {
        var labels = new Labels();
        foreach (var line in Head("hashicorp/aws (aws_route53_record), of a release that lists TLSA among its types", "route53_zone_id")) yield return line;
        foreach (var set in RecordForms.Sets(records))
        {
            yield return "";
            yield return $"resource \"aws_route53_record\" \"{labels.Of(set[0])}\" {{";
            yield return "  zone_id = var.route53_zone_id";
            yield return $"  name    = {Quote(RecordForms.Whole(set[0].Owner))}";
            yield return $"  type    = {Quote(set[0].TypeName)}";
            yield return $"  ttl     = {TimeToLive(set[0])}";
            yield return "  records = [";
            foreach (var record in set) yield return $"    {Quote(record.Text)},";
            yield return "  ]";
            yield return "}";
        }
    }

    /// <summary>azurerm_dns_tlsa_record of hashicorp/azurerm: a resource an RRset, the name within the zone.</summary>
    public static IEnumerable<string> OfAzure(IReadOnlyList<MadeRecord> records, DomainName zone)
    {
        var labels = new Labels();
        foreach (var line in Head("hashicorp/azurerm (azurerm_dns_tlsa_record), of a release that has it", "azure_dns_zone_id")) yield return line;
        foreach (var set in RecordForms.Sets(records))
        {
            yield return "";
            yield return $"resource \"azurerm_dns_tlsa_record\" \"{labels.Of(set[0])}\" {{";
            yield return $"  name        = {Quote(FormFields.Relative(set[0].Owner, zone))}";
            yield return "  dns_zone_id = var.azure_dns_zone_id";
            yield return $"  ttl         = {TimeToLive(set[0])}";
            foreach (var association in set.Select(record => record.Association).OfType<TlsaRecord>())
            {
                yield return "";
                yield return "  record {";
                yield return $"    usage                        = {Number(association.Usage)}";
                yield return $"    selector                     = {Number(association.Selector)}";
                yield return $"    matching_type                = {Number(association.Matching)}";
                yield return $"    certificate_association_data = {Quote(association.Data.ToHex())}";
                yield return "  }";
            }

            yield return "}";
        }
    }

    private static IEnumerable<string> Head(string provider, string variable) =>
        [$"# Not tried with Terraform: written by the documentation of {provider}.", $"# var.{variable} is yours to declare."];

    private static string TimeToLive(MadeRecord record) => (record.TimeToLive ?? RecordForms.DefaultTimeToLive).ToString(CultureInfo.InvariantCulture);

    private static string Number<T>(T member)
        where T : struct, Enum => Convert.ToByte(member, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    /// <summary>A string of HCL, in which <c>${</c> and <c>%{</c> would begin a template. Names have printable ASCII alone.</summary>
    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal)}\"";

    /// <summary>Labels of resources, each given once: letters, digits, _ and -, no digit first.</summary>
    private sealed class Labels
    {
        private readonly HashSet<string> _given = [];

        public string Of(MadeRecord record, string ending = "")
        {
            var text = new StringBuilder(record.TypeName.ToLowerInvariant()).Append('_');
            foreach (var character in RecordForms.Whole(record.Owner))
            {
                var kept = char.IsAsciiLetterOrDigit(character) || character == '-' ? char.ToLowerInvariant(character) : '_';
                if (kept != '_' || text[^1] != '_') text.Append(kept);
            }

            var whole = text.Append(ending).ToString();
            var label = whole;
            for (var number = 2; !_given.Add(label); number++) label = string.Create(CultureInfo.InvariantCulture, $"{whole}_{number}");
            return label;
        }
    }
}
