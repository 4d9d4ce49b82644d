using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Faults;

namespace Danelaw.Lab.Zones;

/// <summary>What the parent says of a zone's keys. Closed.</summary>
internal enum DelegationManner
{
    /// <summary>DS records that fit.</summary>
    Secure = 0,

    /// <summary>No DS record.</summary>
    Insecure,

    /// <summary>DS records for a key that the zone does not have.</summary>
    WrongKey,

    /// <summary>DS records of an algorithm that nobody knows.</summary>
    UnknownAlgorithm,

    /// <summary>DS records by SHA-1 alone.</summary>
    Sha1Digest,
}

/// <summary>A zone in the making: its records, how it is signed, and what is to be broken afterwards.</summary>
internal sealed class ZoneDraft
{
    private const uint TimeToLive = 3600;

    private readonly List<ResourceRecord> _records = [];
    private readonly List<RecordFault> _faults = [];

    private readonly Oddities _oddities;

    internal ZoneDraft(DomainName apex, DomainName nameServer, Oddities oddities)
    {
        Apex = apex;
        _oddities = oddities;
        var responsible = apex.Prepend("hostmaster");
        Add(apex, RecordType.SOA, new SoaData(nameServer, responsible, 1, 7200, 900, 1209600, 300).ToOctets());
        Add(apex, RecordType.NS, new NameData(nameServer).ToOctets());
    }

    internal DomainName Apex { get; }

    /// <summary>The zone's keys; none for an unsigned zone. The first one is named by the DS record.</summary>
    internal IReadOnlyList<SigningKey> Keys { get; set; } = [];

    internal Nsec3Options? Nsec3 { get; set; }

    internal DelegationManner Delegation { get; set; }

    /// <summary>Whether the parent also names a key of an algorithm that the zone does not sign with (RFC 6840 §5.11).</summary>
    internal bool HasDsOfAnotherAlgorithm { get; set; }

    /// <summary>A name below the apex, or the apex for an empty text.</summary>
    internal DomainName Name(string relative) =>
        relative.Length == 0 ? Apex : DomainName.TryParseRelative(relative, Apex, out var name, out _) ? name : throw new ArgumentException("not a name", nameof(relative));

    internal ZoneDraft Add(DomainName owner, RecordType type, Octets data, uint timeToLive = TimeToLive)
    {
        _records.Add(new ResourceRecord(owner, type, RecordClass.IN, timeToLive, data));
        return this;
    }

    internal ZoneDraft Mx(ushort preference, DomainName host) => Add(Apex, RecordType.MX, new MxData(preference, _oddities.Case(host)).ToOctets(), _oddities.TimeToLive(TimeToLive));

    internal ZoneDraft Mx(ushort preference, string host) => Mx(preference, Name(host));

    internal ZoneDraft Address(string host, IPAddress address) =>
        Add(Name(host), address.GetAddressBytes().Length == 4 ? RecordType.A : RecordType.AAAA, AddressData.ToOctets(address), _oddities.TimeToLive(TimeToLive));

    internal ZoneDraft Alias(string owner, DomainName target) => Add(Name(owner), RecordType.CNAME, new NameData(target).ToOctets());

    /// <summary>A TLSA record for the mail port of a host.</summary>
    internal ZoneDraft Tlsa(string host, Octets data, uint timeToLive = TimeToLive) => Add(Name(TlsaOwner(host)), RecordType.TLSA, data, timeToLive);

    internal static string TlsaOwner(string host) => host.Length == 0 ? "_25._tcp" : "_25._tcp." + host;

    internal ZoneDraft Break(string owner, RecordType type, RecordFaultKind kind) => Break(new RecordFault(Name(owner), type, kind));

    internal ZoneDraft Break(RecordFault fault)
    {
        _faults.Add(fault);
        return this;
    }

    /// <summary>NS, and DS as the manner of the delegation wants it, for the parent.</summary>
    internal void Delegate(ZoneDraft child)
    {
        foreach (var server in child._records.Where(record => record.Type == RecordType.NS && record.Owner == child.Apex)) _records.Add(server);
        if (child.Delegation == DelegationManner.Insecure || child.Keys.Count == 0) return;
        var digest = child.Delegation == DelegationManner.Sha1Digest ? DigestAlgorithm.Sha1 : DigestAlgorithm.Sha256;
        var key = child.Delegation == DelegationManner.WrongKey ? SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning) : child.Keys[0];
        var data = key.ToDs(child.Apex, digest).ToArray();
        if (child.Delegation == DelegationManner.UnknownAlgorithm) data[2] = 199;
        Add(child.Apex, RecordType.DS, new Octets(data));
        if (child.HasDsOfAnotherAlgorithm) Add(child.Apex, RecordType.DS, SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning).ToDs(child.Apex));
    }

    internal LabZone Build(SignatureValidity validity, DateTimeOffset now)
    {
        if (Keys.Count == 0) return new LabZone(_records);
        IReadOnlyCollection<ResourceRecord> signed = [.. ZoneSigner.Sign(_records, Keys, new ZoneSigningOptions { Validity = validity, Nsec3 = Nsec3 })];
        foreach (var fault in _faults) signed = [.. fault.Apply(signed, Apex, Keys, now)];
        return new LabZone(signed);
    }
}
