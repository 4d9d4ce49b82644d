using System.Globalization;
using System.Numerics;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;

namespace Danelaw.Cli.Rendering.Records;

/// <summary>Entries of a zone's YAML as OctoDNS reads it. Written by its documentation and validators: it refuses keys that are not in natural order.</summary>
internal static class OctodnsYaml
{
    public static IEnumerable<string> Of(IReadOnlyList<MadeRecord> records, DomainName zone)
    {
        yield return "---";
        yield return "# Not tried with OctoDNS: written by its documentation and the source of its YAML reader.";
        foreach (var (name, set) in RecordForms.Sets(records).Select(set => (Name: Relative(set[0].Owner, zone), Set: set)).OrderBy(one => one.Name, NaturalOrder.Comparer))
        {
            // In quotes: a name or digest of digits alone would be a number.
            yield return $"{Quote(name)}:";
            if (set[0].TimeToLive is { } seconds) yield return string.Create(CultureInfo.InvariantCulture, $"  ttl: {seconds}");
            yield return $"  type: {set[0].TypeName}";
            yield return "  values:";
            foreach (var line in set.SelectMany(ValueOf)) yield return line;
        }
    }

    private static IEnumerable<string> ValueOf(MadeRecord record) => record.Association is { } said
        ?
        [
            $"    - certificate_association_data: {Quote(said.Data.ToHex())}",
            string.Create(CultureInfo.InvariantCulture, $"      certificate_usage: {(byte)said.Usage}"),
            string.Create(CultureInfo.InvariantCulture, $"      matching_type: {(byte)said.Matching}"),
            string.Create(CultureInfo.InvariantCulture, $"      selector: {(byte)said.Selector}"),
        ]
        : [$"    - {Quote(record.Text)}"];

    /// <summary>The zone itself has the empty name there.</summary>
    private static string Relative(DomainName owner, DomainName zone) => owner == zone ? "" : FormFields.Relative(owner, zone);

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Digits count as the number that they are, as with Python's natsort.</summary>
    internal sealed class NaturalOrder : IComparer<string>
    {
        public static NaturalOrder Comparer { get; } = new();

        public int Compare(string? x, string? y)
        {
            var (left, right) = (x ?? "", y ?? "");
            var (i, j) = (0, 0);
            while (i < left.Length || j < right.Length)
            {
                // Text and number take turns, text first, each of them perhaps empty.
                var order = string.CompareOrdinal(Run(left, ref i, digits: false), Run(right, ref j, digits: false));
                if (order == 0) order = Number(Run(left, ref i, digits: true)).CompareTo(Number(Run(right, ref j, digits: true)));
                if (order != 0) return order;
            }

            return 0;
        }

        private static string Run(string text, ref int at, bool digits)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]) == digits) at++;
            return text[start..at];
        }

        private static BigInteger Number(string digits) => digits.Length == 0 ? BigInteger.MinusOne : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
