using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Who signs a zone: we, or a program that cannot share a misreading with us.</summary>
internal enum ZoneTool
{
    None = 0,
    Ours,
    Ldns,
    Bind,
}

/// <summary>An RRset by its place.</summary>
internal readonly record struct SetPlace(DomainName Owner, RecordType Type)
{
    public override string ToString() => $"{Owner} {RecordTypes.ToText(Type)}";
}

/// <summary>A zone of a random world: what is in it, how it is signed, what is wrong with it, and what therefore is known about it.</summary>
internal sealed class ZonePlan(DomainName apex, ZonePlan? parent)
{
    public DomainName Apex { get; } = apex;

    public ZonePlan? Parent { get; } = parent;

    /// <summary>Which of the authoritative servers has it; a child at its parent's hides the cut.</summary>
    public int Server { get; init; } = 1;

    /// <summary>The zone as its operator wrote it.</summary>
    public List<ResourceRecord> Records { get; } = [];

    public HashSet<SetPlace> Questions { get; } = [];

    /// <summary>Names with addresses, for aliases to lead to.</summary>
    public List<DomainName> Hosts { get; } = [];

    public ZoneTool Tool { get; set; }

    public List<SigningKey> Keys { get; } = [];

    public Nsec3Options? Nsec3 { get; set; }

    public ChainFault Fault { get; set; }

    /// <summary>The zone as it was signed, before anything was spoilt.</summary>
    public List<ResourceRecord> Sound { get; set; } = [];

    /// <summary>The zone as it is served.</summary>
    public List<ResourceRecord> Served { get; set; } = [];

    /// <summary>The RRsets that cannot verify, or are not there.</summary>
    public HashSet<SetPlace> Bad { get; } = [];

    /// <summary>Signed denials that name types which the name does not have.</summary>
    public HashSet<SetPlace> Lies { get; } = [];

    /// <summary>What was done to single RRsets.</summary>
    public Dictionary<SetPlace, SetFault> SetFaults { get; } = [];

    /// <summary>What was done to single records of denial.</summary>
    public Dictionary<SetPlace, DenialFault> DenialFaults { get; } = [];

    /// <summary>What was done to it, for people.</summary>
    public string Notes => string.Join("; ", [$"{Fault}", .. SetFaults.Select(each => $"{each.Key}: {each.Value}"), .. DenialFaults.Select(each => $"{each.Key}: {each.Value}")]);

    /// <summary>The zone and those above it, up to the anchor.</summary>
    public IEnumerable<ZonePlan> Chain => Parent is null ? [this] : [this, .. Parent.Chain];

    /// <summary>The empty non-terminals between it and the zone above.</summary>
    public IEnumerable<DomainName> Between
    {
        get
        {
            for (var name = Apex.Parent; Parent is not null && name.IsBelow(Parent.Apex); name = name.Parent) yield return name;
        }
    }

    /// <summary>What the chain of trust down to its keys comes to, by construction; null where the plan does not say.</summary>
    public PeerStatus? Standing { get; set; }

    public bool IsSigned => Keys.Count > 0 || Tool != ZoneTool.None;

    /// <summary>RFC 9276 §3.2: above this its denials are insecure.</summary>
    public bool HasTooManyIterations => Nsec3 is { Iterations: > WorldPlan.IterationLimit };

    public void Add(DomainName owner, uint timeToLive, RecordType type, string data)
    {
        if (!RecordText.TryParse(type, data, Apex, out var octets, out var fault)) throw new FormatException($"{owner} {type} {data}: {fault}");
        Records.Add(new ResourceRecord(owner, type, RecordClass.IN, timeToLive, octets));
    }

    public void Ask(DomainName name, RecordType type) => Questions.Add(new SetPlace(name, type));
}
