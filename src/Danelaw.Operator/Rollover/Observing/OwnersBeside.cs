using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>
/// Where records may pin a roll's key although its settings name no such owner: every port of mail and of the web, at the hosts of its owners and at the
/// names in the certificates that it shows. Somebody may have published them when the settings were written already.
/// </summary>
internal static class OwnersBeside
{
    /// <summary>A look is to stay short: a certificate may have a hundred names.</summary>
    private const int MostNames = 8;

    /// <summary>What the DNS of the world answers no question for (RFC 6761 §6.3 and §6.4, RFC 6762 §3, RFC 7686, RFC 8375): nothing that a sender believes stands there, and nobody can prove it. "test" is not among them: it may be a zone of the tester's.</summary>
    private static readonly DomainName[] Special = [DomainName.Parse("localhost."), DomainName.Parse("invalid."), DomainName.Parse("local."), DomainName.Parse("onion."), DomainName.Parse("home.arpa.")];

    /// <summary>The owners.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="certified">The names in the certificates that it shows; a wildcard is none.</param>
    /// <param name="rolls">All rolls of the settings: what another one names is its affair.</param>
    internal static ImmutableArray<DomainName> Of(RollSettings roll, IEnumerable<string> certified, IEnumerable<RollSettings> rolls) =>
        [.. Of(roll.Owners.Select(owner => owner.Name), certified).Except(rolls.Append(roll).SelectMany(one => one.TlsaOwners))];

    /// <summary>The same before there is a roll.</summary>
    /// <param name="hosts">The names of the hosts that records are made for.</param>
    /// <param name="certified">The names in the certificates that they show; a wildcard is none.</param>
    internal static IEnumerable<DomainName> Of(IEnumerable<DomainName> hosts, IEnumerable<string> certified) => NamesOf(hosts, certified).Take(MostNames).SelectMany(OwnersAt);

    /// <summary>All the names, the hosts first.</summary>
    /// <param name="hosts">The names of the hosts that records are made for.</param>
    /// <param name="certified">The names in the certificates that they show; a wildcard is none.</param>
    internal static IEnumerable<DomainName> NamesOf(IEnumerable<DomainName> hosts, IEnumerable<string> certified) =>
        hosts.Concat(certified.SelectMany(text => DomainName.TryFromUserInput(text, out var name, out _) && !text.Contains('*', StringComparison.Ordinal) && IsPublic(name) ? [name] : Array.Empty<DomainName>())).Distinct();

    /// <summary>The owners at a name.</summary>
    internal static IEnumerable<DomainName> OwnersAt(DomainName name) => ServicePorts.Protocols.Keys.SelectMany(port => TlsaOwner.TryFor(port, name, out var owner) ? [owner] : Array.Empty<DomainName>());

    /// <summary>A name of one label is a host's in its own network, and a certificate has it that was made when the host was (Debian's ssl-cert).</summary>
    private static bool IsPublic(DomainName name) => name.LabelCount > 1 && !Special.Any(name.IsAtOrBelow);
}
