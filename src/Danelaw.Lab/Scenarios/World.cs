using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Authority;
using Danelaw.Lab.Faults;
using Danelaw.Lab.Servers;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab.Scenarios;

/// <summary>A world in the making: zones, mail servers, domains with what is to be found of them. Nothing runs yet.</summary>
internal sealed class World
{
    /// <summary>The domains for a demonstration: each verdict, and the faults that operators meet most.</summary>
    private static readonly FrozenSet<string> Shown = new[]
    {
        "good", "hosted", "dual", "anchor", "expired-ee", "rollover", "mx-alias", "sha512", "long-ttl", "expiring",
        "no-tlsa", "unsigned", "null-mx", "pkix", "some",
        "mismatch", "half-dual", "second-address", "expired", "anchor-missing", "no-starttls", "tls-alert",
        "wrong-ds", "mx-expired", "tlsa-servfail", "greeting-421",
    }.ToFrozenSet();

    private readonly List<ZoneDraft> _zones = [];
    private readonly List<MailHost> _hosts = [];
    private readonly List<LabDomain> _domains = [];
    private readonly List<ReplyFault> _faults = [];
    private readonly byte _network;
    private byte _lastHost;

    internal World(byte network, DateTimeOffset now, SlowKeys keys, Oddities oddities)
    {
        _network = network;
        Now = now;
        Keys = keys;
        Oddities = oddities;
        Authority = new CertificateAuthority(now);
        RootCertificate = Authority.Issue(new CertificateOrder { Name = "Danelaw Lab Root", IsAuthority = true, ValidFrom = TimeSpan.FromDays(-1825), ValidFor = TimeSpan.FromDays(3650) });
        Intermediate = Authority.Issue(new CertificateOrder { Name = "Danelaw Lab Issuing Authority", IsAuthority = true, PathLength = 0, Issuer = RootCertificate, ValidFrom = TimeSpan.FromDays(-730), ValidFor = TimeSpan.FromDays(1825) });

        Root = new ZoneDraft(DomainName.Root, NameServer, oddities) { Keys = [keys.Root] };
        Top = new ZoneDraft(DomainName.Parse("lab."), NameServer, oddities) { Nsec3 = new Nsec3Options { OptOut = true }, Keys = NewKeys(SecurityAlgorithm.EcdsaP256Sha256, isSplit: true) };
        Top.Address("ns", NameServerAddress);
        _zones.AddRange([Root, Top]);
    }

    internal static DomainName NameServer { get; } = DomainName.Parse("ns.lab.");

    internal DateTimeOffset Now { get; }

    internal SlowKeys Keys { get; }

    internal Oddities Oddities { get; }

    internal CertificateAuthority Authority { get; }

    internal LabCertificate RootCertificate { get; }

    internal LabCertificate Intermediate { get; }

    internal ZoneDraft Root { get; }

    /// <summary>The zone <c>lab.</c>, with NSEC3 and opt-out as a large registry has it.</summary>
    internal ZoneDraft Top { get; }

    internal IPAddress NameServerAddress => new([127, _network, 0, 53]);

    internal ImmutableArray<MailHost> Hosts => [.. _hosts];

    internal ImmutableArray<LabDomain> Domains => [.. _domains];

    internal ImmutableArray<ReplyFault> Faults => [.. _faults];

    internal static SigningKey[] NewKeys(SecurityAlgorithm algorithm, bool isSplit = false) => isSplit
        ? [SigningKey.Generate(algorithm, DnskeyFlags.KeySigning), SigningKey.Generate(algorithm)]
        : [SigningKey.Generate(algorithm, DnskeyFlags.KeySigning)];

    /// <summary>Makes a zone below <c>lab.</c> or below another zone, by default signed with P-256 and NSEC.</summary>
    internal ZoneDraft Zone(string label, SecurityAlgorithm algorithm = SecurityAlgorithm.EcdsaP256Sha256, Nsec3Options? nsec3 = null, ZoneDraft? parent = null, DelegationManner delegation = DelegationManner.Secure, IReadOnlyList<SigningKey>? keys = null)
    {
        var zone = new ZoneDraft(Oddities.Case((parent ?? Top).Apex.Prepend(label)), NameServer, Oddities)
        {
            Keys = keys ?? (delegation == DelegationManner.Insecure ? [] : NewKeys(algorithm, isSplit: _zones.Count % 4 == 0)),
            Nsec3 = nsec3,
            Delegation = delegation,
        };
        _zones.Add(zone);
        return zone;
    }

    /// <summary>A free address, each in a network of its own.</summary>
    internal IPAddress NewAddress() => new([127, _network, ++_lastHost, 25]);

    /// <summary>Lets a mail server run at a new address and puts that address into its zone.</summary>
    internal MailHost Host(ZoneDraft zone, string label, TlsIdentity identity, MailManner manner = MailManner.Ordinary) =>
        Host(zone, label, new TlsPersonality { Identities = [identity] }, manner);

    /// <summary>Lets a mail server run at a new address and puts that address into its zone.</summary>
    internal MailHost Host(ZoneDraft zone, string label, TlsPersonality tls, MailManner manner = MailManner.Ordinary)
    {
        var address = NewAddress();
        zone.Address(label, address);
        var host = new MailHost(TextOf(zone.Name(label)), [address], tls, manner);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A zone with one mail server, one MX record to it, and nothing wrong.</summary>
    internal (ZoneDraft Zone, LabCertificate Certificate) Simple(string label, MailManner manner = MailManner.Ordinary, SecurityAlgorithm algorithm = SecurityAlgorithm.EcdsaP256Sha256, Nsec3Options? nsec3 = null)
    {
        var zone = Zone(label, algorithm, nsec3);
        var certificate = Leaf(zone, "mx");
        Host(zone, "mx", TlsIdentity.Of(certificate, Intermediate), manner);
        zone.Mx(10, "mx");
        return (zone, certificate);
    }

    /// <summary>A server's certificate from the intermediate authority.</summary>
    internal LabCertificate Leaf(ZoneDraft zone, string label, LabKeyKind kind = LabKeyKind.P256, TimeSpan? validFor = null) => Leaf(TextOf(zone.Name(label)), kind, validFor);

    /// <summary>A server's certificate from the intermediate authority, for any name.</summary>
    internal LabCertificate Leaf(string name, LabKeyKind kind = LabKeyKind.P256, TimeSpan? validFor = null)
    {
        var life = validFor ?? TimeSpan.FromDays(90);
        var order = new CertificateOrder { Name = name, DnsNames = [name], Issuer = Intermediate, KeyKind = kind, ValidFor = life, ValidFrom = life - TimeSpan.FromDays(180) };
        return kind == LabKeyKind.Rsa2048 ? Authority.Issue(order, Keys.Mail) : Authority.Issue(order);
    }

    internal void Domain(ZoneDraft zone, CheckVerdict verdict, string? findingCode, string description) => Domain(zone.Apex, verdict, findingCode, description);

    internal void Domain(DomainName name, CheckVerdict verdict, string? findingCode, string description) =>
        _domains.Add(new LabDomain(name, verdict, findingCode, description, Shown.Contains(System.Text.Encoding.ASCII.GetString(name.GetLabel(0)).ToLowerInvariant())));

    /// <summary>Makes the DNS server misbehave for a question.</summary>
    internal void Fault(DomainName name, RecordType type, ReplyFaultKind kind) => _faults.Add(new ReplyFault(name, type, kind));

    /// <summary>Signs everything: children first give the DS records of their parents, then all zones side by side.</summary>
    internal LabNamespace Build(SignatureValidity validity, IEnumerable<RecordFault> faults)
    {
        foreach (var fault in faults) _zones.Where(zone => fault.Owner.IsAtOrBelow(zone.Apex)).MaxBy(zone => zone.Apex.LabelCount)!.Break(fault);
        foreach (var zone in _zones.Where(zone => zone != Root))
            _zones.Where(parent => zone.Apex.IsBelow(parent.Apex)).MaxBy(parent => parent.Apex.LabelCount)!.Delegate(zone);
        // The root's own delegation bears the address of the server that all of it rests on.
        Root.Add(NameServer, RecordType.A, AddressData.ToOctets(NameServerAddress));
        return new LabNamespace(_zones.AsParallel().Select(zone => zone.Build(validity, Now)));
    }

    internal static string TextOf(DomainName name) => name.ToString().TrimEnd('.').ToLowerInvariant();
}
