using System.Globalization;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>How domains are told: by name where they are few, by their number where they are many.</summary>
internal static class DomainNames
{
    private const int Shown = 5;

    /// <summary>What a finding of these domains is about.</summary>
    internal static string Subject(IReadOnlyList<DomainName> names) => names.Count == 1 ? Text(names[0]) : string.Create(CultureInfo.InvariantCulture, $"{names.Count} domains");

    /// <summary>The first few, and how many more there are.</summary>
    internal static string List(IEnumerable<DomainName> names)
    {
        var all = names.ToArray();
        return string.Join(", ", all.Take(Shown).Select(Text)) + (all.Length > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {all.Length - Shown} more") : "");
    }

    /// <summary>A name without its closing dot.</summary>
    internal static string Text(DomainName name) => name.IsRoot ? "." : name.ToString().TrimEnd('.');
}
