using System.Collections.Immutable;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Publishing.Signing;

/// <summary>What to do at a DNS server so that it signs a zone, and once the zone above has the DS record.</summary>
public static class SigningAdvice
{
    /// <summary>The lines to put into its configuration and the commands to run, comments beginning with <c>#</c>.</summary>
    /// <param name="software">The server.</param>
    /// <param name="zone">The zone.</param>
    public static ImmutableArray<string> ToSign(SigningSoftware software, DomainName zone)
    {
        var name = Plain(zone);
        return software switch
        {
            SigningSoftware.Bind =>
            [
                "# in named.conf (BIND 9.16 or later), within the zone's statement:",
                $"zone \"{name}\" {{ type primary; file \"...\"; dnssec-policy default; inline-signing yes; }};",
                "# the file's folder must be one that named may write to (Debian: /var/lib/bind): the signed copy and its journal come to stand beside it",
                "# then:",
                "named-checkconf && rndc reconfig",
                $"rndc dnssec -status {name}",
            ],
            SigningSoftware.Knot =>
            [
                "# in knot.conf:",
                "policy:",
                "  - id: danelaw",
                "    algorithm: ecdsap256sha256",
                "    cds-cdnskey-publish: always",
                "zone:",
                $"  - domain: {name}",
                "    dnssec-signing: on",
                "    dnssec-policy: danelaw",
                "# then:",
                $"knotc conf-check && knotc reload && knotc zone-sign {name}",
            ],
            SigningSoftware.PowerDns =>
            [
                $"pdnsutil secure-zone {name}",
                $"pdnsutil set-publish-cds {name} 2",
                $"pdnsutil rectify-zone {name}",
                "# with secondaries: serials must grow with the signatures",
                $"pdnsutil set-meta {name} SOA-EDIT INCEPTION-INCREMENT",
            ],
            SigningSoftware.Nsd =>
            [
                "# NSD serves what is signed beforehand; danelaw signs the file:",
                "mkdir -p -m 700 /etc/danelaw/keys",
                $"danelaw zone key make {name} --folder /etc/danelaw/keys",
                $"danelaw zone sign {name}.zone --origin {name} --key-folder /etc/danelaw/keys --serial unixtime --out {name}.signed",
                $"danelaw zone check {name}.signed",
                $"# let nsd.conf name {name}.signed, then:",
                $"nsd-control reload {name}",
                "# and sign again every day (cron, a timer): only what is due is signed anew",
            ],
            SigningSoftware.Unknown => [],
        };
    }

    /// <summary>What the server has to be told once the zone above has the DS record; empty where it finds out by itself.</summary>
    /// <param name="software">The server.</param>
    /// <param name="zone">The zone.</param>
    public static ImmutableArray<string> OncePublished(SigningSoftware software, DomainName zone) => software switch
    {
        SigningSoftware.Bind => [$"rndc dnssec -checkds published {Plain(zone)}"],
        SigningSoftware.Knot => [$"knotc zone-ksk-submitted {Plain(zone)}"],
        SigningSoftware.PowerDns or SigningSoftware.Nsd or SigningSoftware.Unknown => [],
    };

    private static string Plain(DomainName zone) => zone.IsRoot ? "." : zone.ToString()[..^1];
}
