using System.Collections.Immutable;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>For which names records are made, and whether anybody looks there.</summary>
internal static class NamePlan
{
    private const int Shown = 3;

    /// <summary>The names for which records are made: those that were given, or the MX host names that lead to this host, or its own.</summary>
    internal static ImmutableArray<DomainName> Names(SetupFacts facts, SetupOptions options, PublishedSets published)
    {
        if (!options.Names.IsEmpty) return options.Names;
        ImmutableArray<DomainName> own = [.. published.MailHosts.Where(mx => mx.Addresses.Any(facts.Host.Addresses.Contains)).Select(mx => mx.Name).Distinct().Order()];
        if (!own.IsEmpty) return own;
        return [.. facts.Host.Postfix.Select(postfix => postfix.Instance.Get("myhostname").Value).Where(name => name.Contains('.', StringComparison.Ordinal)).Take(1).SelectMany(text => DomainName.TryFromUserInput(text, out var name, out _) ? [name] : Array.Empty<DomainName>())];
    }

    /// <summary>
    /// Senders look at the name in the MX record and nowhere else (RFC 7672 §2.2.3): records at another protect nobody's mail. They are made all the same, because a name gets its records
    /// before an MX record leads to it; and beside the MX host's a name may be one that mail programs know.
    /// </summary>
    /// <param name="facts">The evidence.</param>
    /// <param name="names">The names for which records are made.</param>
    /// <returns>Null where an MX record leads to one of them, or none was seen.</returns>
    internal static Obstacle? Unled(SetupFacts facts, ImmutableArray<DomainName> names)
    {
        var led = facts.Network.Domains.SelectMany(domain => domain.Report.Hosts.Where(mx => mx.Preference is not null).Select(mx => (Domain: domain.Name, Mx: mx))).ToArray();
        if (names.IsEmpty || led.Length == 0 || led.Any(pair => names.Contains(pair.Mx.Name) || names.Contains(pair.Mx.TlsaBase))) return null;
        var given = List([.. names.Select(RecordPlan.Text)]);
        var hosts = led.Select(pair => pair.Mx).DistinctBy(mx => mx.Name).OrderByDescending(mx => mx.Addresses.Any(facts.Host.Addresses.Contains)).ThenBy(mx => mx.Name).Select(mx => RecordPlan.Text(mx.Name)).ToArray();
        var domains = led.Select(pair => pair.Domain).Distinct().Select(RecordPlan.Text).ToArray();
        return new($"The mail of {List(domains)}: no MX record leads to {given}, they lead to {List(hosts)}. Senders look for TLSA records at the name in the MX record and nowhere else (RFC 7672 §2.2.3), so that those of {given} protect none of it.",
            $"Where this host is meant by another name there, give that: --name {hosts[0]}. Where the MX record is to lead to {given}, change it once the records are published, and run setup again.", false);
    }

    private static string List(string[] names) =>
        string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" and {names.Length - Shown} more") : "");
}
