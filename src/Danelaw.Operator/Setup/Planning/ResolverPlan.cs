using System.Collections.Immutable;
using System.Net;
using System.Text;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>Brings a host to a validating resolver of its own: the resolver first, and what asks it only once it validates.</summary>
internal static class ResolverPlan
{
    private const string Wanted = "nameserver 127.0.0.1", WantedOptions = "options edns0 trust-ad";

    /// <summary>Whether a resolver says of a signed zone that it is validated, and refuses what does not verify.</summary>
    internal static bool Validates(ResolverProbe probe) => probe.Root == ExchangeOutcome.Replied && probe.IsAuthentic && probe is not { Bogus: ExchangeOutcome.Replied, BogusCode: not ResponseCode.ServerFailure };

    internal static IEnumerable<SetupStep> Steps(SetupFacts facts, List<Obstacle> obstacles)
    {
        var isAsked = !facts.Network.Resolvers.IsEmpty;
        var isGood = isAsked ? facts.Network.Resolvers.All(probe => (IPAddress.IsLoopback(probe.Server) || facts.Host.Addresses.Contains(probe.Server)) && Validates(probe)) : facts.Host.Resolver is { IsLoopback: true } && facts.Unbound is null or { IsSound: true };
        var isFileGood = isGood && facts.Host.Resolver is { TrustsAuthenticData: true };
        var text = facts.ResolverText;
        if (!isGood)
        {
            var isReady = facts.Loopback is { } loopback && Validates(loopback);
            if (!isReady && facts.Unbound is null)
            {
                obstacles.Add(new("No validating resolver runs on this host, and unbound, which would be one, is not installed.", "apt-get install unbound, then run setup again. With BIND as resolver: dnssec-validation auto; in its options.", false));
                yield break;
            }

            if (!isReady && Local(facts.Unbound!) is { } local) yield return local;
        }

        if (!isFileGood && facts.ResolverKeeper != ResolverKeeper.Person)
        {
            // What only adds trust-ad, where this release of Postfix asks for it by itself, is not worth taking the file from its keeper.
            if (!isGood) obstacles.Add(Kept(facts.ResolverKeeper));
        }
        else if (!isFileGood)
        {
            text = Rewrite(facts.ResolverText, isGood);
        }

        if (obstacles.Count > 0 && !isGood) yield break;
        var changes = ImmutableArray.CreateBuilder<Change>();
        if (text != facts.ResolverText) changes.Add(new Change.WriteFile("/etc/resolv.conf", text));
        foreach (var postfix in facts.Host.Postfix)
        {
            if (postfix is { IsChrooted: true, ChrootResolver: { } copy } && !copy.AsksAs(ResolverFile.Read(text, copy.Path))) changes.Add(new Change.WriteFile(copy.Path, text));
        }

        if (changes.Count == 0) yield break;
        yield return new(SetupStage.Resolver, "Ask the resolver on this host",
            "Postfix believes of each DNS answer what its resolver says of it. If that stands elsewhere, anybody on the way can say it in its place; so the resolver on this host is asked, which checks the signatures. trust-ad lets its word through to programs; Postfix in its chroot reads a copy of the file.")
        {
            Changes = changes.ToImmutable(),
            Names = isGood ? [] : facts.UsedNames,
            Reloads = [.. facts.Host.Postfix.Select(postfix => new ServiceReload(ManagedService.Postfix, postfix.Instance.Directory))],
            Proof = $"127.0.0.1 says of the root zone that it was validated, and refuses a name whose signatures are wrong{(isGood || facts.UsedNames.IsEmpty ? "" : $"; before anything is altered, that it knows {string.Join(", ", facts.UsedNames.Take(5).Select(RecordPlan.Text))}{(facts.UsedNames.Length > 5 ? " and others" : "")}, as far as the servers of today do")}",
            Undo = "the file as it was",
        };
    }

    /// <summary>unbound set up to validate; null where its configuration is as it should be and it only has to be started.</summary>
    private static SetupStep? Local(UnboundText unbound)
    {
        var lines = new StringBuilder("# Written by danelaw setup: what unbound needs to validate what this host asks.\nserver:\n");
        if (!unbound.HasValidator) lines.Append("    module-config: \"validator iterator\"\n");
        if (!unbound.HasAnchor) lines.Append("    auto-trust-anchor-file: \"/var/lib/unbound/root.key\"\n");
        if (unbound.IsPermissive) lines.Append("    val-permissive-mode: no\n");
        if (!unbound.IsOnLoopback) lines.Append("    interface: 127.0.0.1@53\n");
        var text = lines.ToString();
        ImmutableArray<Change> changes = unbound.IsSound ? []
            : unbound.DropIns is { } folder ? [new Change.WriteFile(folder + "/zz-danelaw.conf", text)]
            : [new Change.ReplaceLines(unbound.File, int.MaxValue, 0, [.. text.TrimEnd('\n').Split('\n')])];
        return new(SetupStage.Resolver, unbound.IsSound ? "Start the validating resolver" : "Let unbound validate",
            "DANE rests on DNS answers that are signed. A resolver on this host has to check the signatures, so that nobody on the way can forge an answer.")
        {
            Changes = changes,
            Reloads = [new(ManagedService.Unbound, unbound.File)],
            Proof = "127.0.0.1 says of the root zone that it was validated, and refuses a name whose signatures are wrong",
            Undo = unbound.IsSound ? "systemctl stop unbound, where nothing else needs it" : "its configuration as it was",
        };
    }

    /// <summary>resolv.conf with the resolver of this host in place of all others; everything else stays.</summary>
    private static string Rewrite(string text, bool keepServers)
    {
        var lines = text.Split('\n').ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        var first = lines.FindIndex(IsServer);
        if (!keepServers)
        {
            lines.RemoveAll(IsServer);
            lines.Insert(first < 0 ? lines.Count : first, Wanted);
        }

        // The last options line counts with what stands before it; one that has trust-ad is left as it is.
        var options = lines.FindLastIndex(line => Words(line) is ["options", ..]);
        if (!lines.Any(line => Words(line) is ["options", ..] words && words.Contains("trust-ad")))
        {
            if (options < 0) lines.Add(WantedOptions);
            else lines[options] = $"{lines[options].TrimEnd()}{(Words(lines[options]).Contains("edns0") ? "" : " edns0")} trust-ad";
        }

        return string.Join('\n', lines) + "\n";

        static bool IsServer(string line) => Words(line) is ["nameserver", ..];

        static string[] Words(string line) => line is ['#' or ';', ..] ? [] : line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static Obstacle Kept(ResolverKeeper keeper) => keeper switch
    {
        ResolverKeeper.SystemdResolved => new("systemd-resolved is in charge of /etc/resolv.conf, and would write it again.", "systemctl disable --now systemd-resolved && rm /etc/resolv.conf && printf 'nameserver 127.0.0.1\\noptions edns0 trust-ad\\n' > /etc/resolv.conf, then run setup again.", false),
        ResolverKeeper.Resolvconf => new("resolvconf is in charge of /etc/resolv.conf, and would write it again.", "Debian's: put nameserver 127.0.0.1 into /etc/resolvconf/resolv.conf.d/head and options edns0 trust-ad into base beside it. openresolv: name_servers=127.0.0.1 and resolv_conf_options=\"edns0 trust-ad\" in /etc/resolvconf.conf. Then resolvconf -u, and run setup again.", false),
        ResolverKeeper.NetworkManager => new("NetworkManager is in charge of /etc/resolv.conf, and would write it again.", "printf '[main]\\ndns=none\\n' > /etc/NetworkManager/conf.d/danelaw.conf && systemctl reload NetworkManager, take the comment at the head of /etc/resolv.conf out, and run setup again.", false),
        ResolverKeeper.Dhcp => new("A DHCP client is in charge of /etc/resolv.conf, and would write it again.", "dhclient: supersede domain-name-servers 127.0.0.1; in /etc/dhcp/dhclient.conf. dhcpcd: nohook resolv.conf in /etc/dhcpcd.conf. Take the comment at the head of /etc/resolv.conf out, and run setup again.", false),
        ResolverKeeper.Unknown or ResolverKeeper.Person => new("It cannot be told who writes /etc/resolv.conf: a program says there that it does (cloud-init, Docker, Proxmox, tailscale or another), or the file cannot be read.", "Have that program name 127.0.0.1, with options edns0 trust-ad; or have it leave the file alone, and take its comment out. Then run setup again.", false),
    };
}
