using System.Globalization;
using System.Text;
using Danelaw.Interop.Tests.Mail;

namespace Danelaw.Interop.Tests.Services;

/// <summary>What the servers of the matrix show in each state, and what the DNS says of their hosts.</summary>
internal sealed class ServicePlan
{
    private readonly ServerCertificate _authority, _current, _expired, _rsa, _ecdsa;

    public ServicePlan(ServerCertificate authority)
    {
        _authority = authority;
        _current = authority.IssueServer(Names(SiteKind.Current));
        _expired = authority.IssueServer(Names(SiteKind.Expired), from: -90, to: -1);
        _rsa = authority.IssueServer(Names(SiteKind.Dual), rsa: true);
        _ecdsa = authority.IssueServer(Names(SiteKind.Dual));
    }

    /// <summary>Chains of key and certificates that are shown at a site, in PEM.</summary>
    public IReadOnlyList<string> Chains(SiteKind site) => site switch
    {
        SiteKind.Current => [_current.ChainPem()],
        SiteKind.Expired => [_expired.ChainPem()],
        SiteKind.Dual => [_rsa.ChainPem(), _ecdsa.ChainPem()],
        SiteKind.Plain => [],
    };

    /// <summary>The data of a record 3 1 1 of each key that is shown at a site.</summary>
    public IReadOnlyList<string> Shown(SiteKind site) => site switch
    {
        SiteKind.Current => [_current.Tlsa(3, 1, 1)],
        SiteKind.Expired => [_expired.Tlsa(3, 1, 1)],
        SiteKind.Dual => [_rsa.Tlsa(3, 1, 1), _ecdsa.Tlsa(3, 1, 1)],
        SiteKind.Plain => [],
    };

    /// <summary>The data of the TLSA records of a host in that condition.</summary>
    public IReadOnlyList<string> Tlsa(Condition condition) => condition switch
    {
        Condition.Right or Condition.ExpiredEndEntity or Condition.DualBoth => Shown(condition.Site()),
        Condition.TlsMissing => Shown(SiteKind.Current),
        Condition.Wrong => [_authority.Tlsa(3, 1, 1)],
        Condition.ExpiredAnchored => [_authority.Tlsa(2, 1, 1)],
        Condition.DualRsa => [_rsa.Tlsa(3, 1, 1)],
        Condition.DualEcdsa => [_ecdsa.Tlsa(3, 1, 1)],
    };

    /// <summary>The zone-file lines of every host.</summary>
    public string ZoneLines()
    {
        var lines = new StringBuilder();
        foreach (var peer in ServicePeer.All)
            foreach (var rows in peer.Services.SelectMany(service => peer.Conditions(service).Select(condition => (service, condition))).GroupBy(row => row.condition, row => row.service))
            {
                var (host, site) = (peer.Host(rows.Key), rows.Key.Site());
                lines.Append(CultureInfo.InvariantCulture, $"{host}. A {peer.Address(site)}\n");
                foreach (var service in rows)
                    foreach (var data in Tlsa(rows.Key)) lines.Append(CultureInfo.InvariantCulture, $"_{peer.Port(service, site)}._tcp.{host}. TLSA {data}\n");
            }
        return lines.ToString();
    }

    private static string[] Names(SiteKind site) =>
        [.. from peer in ServicePeer.All from condition in Enum.GetValues<Condition>() where condition.Site() == site select peer.Host(condition)];
}
