using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Validation;

/// <summary>What earlier lookups found out about zones and may still be relied on.</summary>
internal interface IKnownTrust
{
    bool TryGetZone(DomainName zone, [NotNullWhen(true)] out ZoneTrust? trust);

    bool TryGetCut(DomainName name, [NotNullWhen(true)] out ZoneCut? cut);
}

/// <summary>
/// All that one lookup has gathered: the question, the reply to each question asked on the way, what is known from before, and what has been
/// concluded from these so far, so that judging again is cheap. It grows during a lookup and belongs to that lookup alone.
/// </summary>
internal sealed class Evidence(Question question, Limits limits, IKnownTrust? known = null)
{
    private IKnownTrust? _known = known;
    private readonly Dictionary<Question, Reply> _replies = [];
    private readonly Dictionary<DomainName, ZoneTrust> _zones = [];
    private readonly Dictionary<DomainName, ZoneCut> _cuts = [];
    private readonly Dictionary<SignedSet, VerifiedSet> _verified = [];

    /// <summary>What the lookup is about.</summary>
    internal Question Question { get; } = question;

    /// <summary>The work done so far.</summary>
    internal Work Work { get; } = new(limits);

    /// <summary>Every reply, in the order in which they were asked for.</summary>
    internal IReadOnlyCollection<Reply> Replies => _replies.Values;

    /// <summary>Zones judged in this lookup.</summary>
    internal IReadOnlyDictionary<DomainName, ZoneTrust> Zones => _zones;

    /// <summary>Delegations judged in this lookup.</summary>
    internal IReadOnlyDictionary<DomainName, ZoneCut> Cuts => _cuts;

    /// <summary>Sets of replies that turned out to be secure in this lookup, those made of what is kept aside.</summary>
    internal IReadOnlyDictionary<SignedSet, VerifiedSet> VerifiedSets => _verified;

    /// <summary>Whether what earlier lookups found out may be relied on.</summary>
    internal bool MayUseKnown => _known is not null;

    /// <summary>Whether any reply so far bore an RRSIG record.</summary>
    internal bool HasSignatures
    {
        get
        {
            foreach (var reply in _replies.Values)
                if (reply.HasSignatures) return true;
            return false;
        }
    }

    /// <summary>Adds a reply. Where it takes the place of another, everything concluded is forgotten.</summary>
    internal void Add(Reply reply)
    {
        if (_replies.TryAdd(reply.Question, reply)) return;
        _replies[reply.Question] = reply;
        Forget();
    }

    /// <summary>Adds a reply that came along with another; the reply to what was asked stands.</summary>
    internal void Offer(Reply reply) => _replies.TryAdd(reply.Question, reply);

    /// <summary>Stops relying on what earlier lookups found out; false when nothing was relied on anyway.</summary>
    internal bool TryForgetKnown()
    {
        if (_known is null) return false;
        _known = null;
        foreach (var (question, reply) in _replies)
            if (reply.IsComposed) _replies.Remove(question);
        Forget();
        return true;
    }

    private void Forget()
    {
        _zones.Clear();
        _cuts.Clear();
        _verified.Clear();
    }

    internal bool TryGet(Question asked, [NotNullWhen(true)] out Reply? reply) => _replies.TryGetValue(asked, out reply);

    internal bool TryGetZone(DomainName zone, [NotNullWhen(true)] out ZoneTrust? trust) =>
        _zones.TryGetValue(zone, out trust) || (_known is not null && _known.TryGetZone(zone, out trust));

    internal bool TryGetCut(DomainName name, [NotNullWhen(true)] out ZoneCut? cut) =>
        _cuts.TryGetValue(name, out cut) || (_known is not null && _known.TryGetCut(name, out cut));

    internal void Conclude(DomainName zone, ZoneTrust trust) => _zones[zone] = trust;

    internal void Conclude(DomainName name, ZoneCut cut) => _cuts[name] = cut;

    /// <summary>Notes that a set of a reply is secure.</summary>
    internal void Conclude(SignedSet set, Reply reply, SignatureCheck check)
    {
        if (!reply.IsComposed) _verified[set] = new(reply, check);
    }
}

/// <summary>A set that is secure: the reply that it stood in, and the signature that stands.</summary>
internal readonly record struct VerifiedSet(Reply Reply, SignatureCheck Check);
