using System.Net.Sockets;

namespace Danelaw.Checks.Findings;

/// <summary>What is the same at many hosts of one target is told once, with all of them by name: forty mail hosts without records are one thing to do. What differs in a word stays by itself.</summary>
internal static class SameEverywhere
{
    /// <summary>Two or three hosts are read faster one by one.</summary>
    private const int Fewest = 4;

    internal static IEnumerable<Finding> Fold(IEnumerable<(HostSubject Host, Finding Finding)> findings)
    {
        var all = findings.ToArray();
        var groups = Enumerable.Range(0, all.Length)
            .GroupBy(i => (all[i].Finding.Code, all[i].Finding.Severity, Shape(all[i].Host, all[i].Finding.Text), Shape(all[i].Host, all[i].Finding.Mend)), i => i)
            .Where(group => group.Select(i => all[i].Host.Name).Distinct().Count() >= Fewest)
            .ToDictionary(group => group.First(), group => group.ToArray());
        var folded = groups.Values.SelectMany(group => group[1..]).ToHashSet();
        for (var i = 0; i < all.Length; i++)
            if (!folded.Contains(i)) yield return groups.TryGetValue(i, out var group) ? Of([.. group.Select(each => all[each])]) : all[i].Finding;
    }

    private static Finding Of((HostSubject Host, Finding Finding)[] group)
    {
        var (host, one) = group[0];
        var others = group.Select(each => each.Host.Name).Distinct().Where(name => name != host.Name).ToArray();
        return one with
        {
            Text = $"{one.Text} The same holds for {Say.List(others, others.Length)}.",
            Mend = Shape(host, one.Mend) == one.Mend ? one.Mend : $"{one.Mend}\nThe same for each of the others.",
        };
    }

    /// <summary>A sentence without the host's own name, and with a mark for all its addresses of a family; one that is about some of a family stays with its host, for elsewhere it would be about others.</summary>
    private static string Shape(HostSubject host, string text)
    {
        var shape = host.Report.Name.IsRoot ? text : text.Replace(host.Name, "\u0001", StringComparison.OrdinalIgnoreCase);
        foreach (var family in host.Report.Addresses.GroupBy(address => address.AddressFamily))
        {
            var (mark, named) = (family.Key == AddressFamily.InterNetwork ? "\u0002" : "\u0003", 0);
            foreach (var address in family.Select(address => address.ToString()).OrderByDescending(address => address.Length))
            {
                if (!shape.Contains(address, StringComparison.Ordinal)) continue;
                named++;
                shape = shape.Replace(address, mark, StringComparison.Ordinal);
            }

            if (named > 0 && named < family.Count()) return text;
        }

        return shape;
    }
}
