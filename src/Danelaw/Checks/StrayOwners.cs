using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Tlsa;

namespace Danelaw.Checks;

/// <summary>Why TLSA records that somebody published are never asked for. Closed.</summary>
internal enum StrayKind
{
    /// <summary>The owner name is mistyped.</summary>
    Mistyped = 0,

    /// <summary>They stand at the mail domain, and its mail goes to other hosts.</summary>
    AtDomain,

    /// <summary>They are for a port that hardly any client looks at TLSA records for, and that this check does not look at.</summary>
    OtherPort,
}

/// <summary>A name at which TLSA records would be found by nobody.</summary>
/// <param name="Owner">The name.</param>
/// <param name="Kind">Why nobody asks there.</param>
/// <param name="What">What is wrong with it, as a clause.</param>
internal readonly record struct StrayOwner(DomainName Owner, StrayKind Kind, string What)
{
    /// <summary>A name at the same place that nobody can have meant: records there come from a wildcard, and so do those at this name.</summary>
    internal bool TryGetControl(out DomainName control)
    {
        control = default;
        return !Owner.IsRoot && Owner.Parent.TryPrepend("_danelaw-asks-for-a-wildcard"u8, out control);
    }
}

/// <summary>The names at which TLSA records stand by mistake.</summary>
internal static class StrayOwners
{
    /// <summary>The ports of mail programs, for which records are published now and then and hardly ever asked for.</summary>
    private static readonly int[] ClientPorts = [465, 587, 143, 993, 110, 995, 4190];

    /// <summary>The names beside that of one host's records.</summary>
    /// <param name="port">The port.</param>
    /// <param name="baseDomain">The TLSA base domain.</param>
    /// <param name="zone">The zone that it lies in; null when that is not known.</param>
    /// <param name="service">How the service is called, such as <c>smtp</c>.</param>
    internal static IEnumerable<StrayOwner> Of(ushort port, DomainName baseDomain, DomainName? zone, string service)
    {
        var number = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (labels, what) in Typos(number, service))
        {
            if (TryPrepend(baseDomain, labels, out var owner)) yield return new(owner, StrayKind.Mistyped, what);
        }

        if (zone is { IsRoot: false } apex && TlsaOwner.TryFor(port, baseDomain, out var right) && right.TryReplaceSuffix(DomainName.Root, apex, out var twice))
            yield return new(twice, StrayKind.Mistyped, $"the zone stands in it twice, as where the dot at the end was forgotten");
        if (port != 25) yield break;
        foreach (var other in ClientPorts)
            if (TlsaOwner.TryFor(other, baseDomain, out var owner)) yield return new(owner, StrayKind.OtherPort, other.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The owner at a mail domain.</summary>
    internal static StrayOwner? AtDomain(DomainName domain) =>
        TlsaOwner.TryFor(25, domain, out var owner) ? new(owner, StrayKind.AtDomain, "") : null;

    private static bool TryPrepend(DomainName name, string[] labels, out DomainName owner)
    {
        owner = name;
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            if (!owner.TryPrepend(Encoding.ASCII.GetBytes(labels[i]), out var longer)) return false;
            owner = longer;
        }

        return true;
    }

    private static IEnumerable<(string[] Labels, string What)> Typos(string number, string service) =>
    [
        ([$"_{number}_", "_tcp"], "the label of the port has an underscore too many"),
        ([$"_{number}_", "tcp"], "the underscore stands behind the port and not before tcp"),
        ([number, "_tcp"], "the label of the port lacks its underscore"),
        ([$"_{number}", "tcp"], "the label of the transport lacks its underscore"),
        ([number, "tcp"], "both labels lack their underscores"),
        (["_tcp", $"_{number}"], "port and transport stand in the wrong order"),
        (["_tcp", number], "port and transport stand in the wrong order"),
        ([$"_0{number}", "_tcp"], "the port is written with a zero before it"),
        ([$"_{number}", "_udp"], "the transport is UDP"),
        ([$"_{number}_tcp"], "the dot between port and transport is missing"),
        ([$"_{number}._tcp"], "the dot between port and transport is part of one label"),
        ([$"_{number}"], "the label of the transport is missing"),
        (["_tcp"], "the label of the port is missing"),
        ([$"_{service}", "_tcp"], "the name of the service stands in place of its port"),
        ([$"_{number}", "_tcp", $"_{number}", "_tcp"], "port and transport stand in it twice"),
        ([$"_{number}", "_tls"], "the transport is none"),
        ([], "port and transport are missing"),
    ];
}
