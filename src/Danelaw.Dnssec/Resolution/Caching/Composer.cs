using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>Makes replies of kept sets that are secure.</summary>
internal static class Composer
{
    /// <summary>A reply whose answer section is one kept set.</summary>
    internal static bool TryAnswer(Question question, CacheEntry entry, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        if (!TryUnpack(entry, entry.Name, now, out var set, out var zone)) return false;
        reply = Reply.Compose(question, ResponseCode.NoError, zone, new(set), null);
        return true;
    }

    /// <summary>A kept set with the signature that stands, and the zone that signed it.</summary>
    /// <param name="entry">What is kept.</param>
    /// <param name="owner">The owner that it is to have: its own, or a name that a wildcard stands for.</param>
    /// <param name="now">The time.</param>
    /// <param name="set">The set.</param>
    /// <param name="zone">The zone.</param>
    internal static bool TryUnpack(CacheEntry entry, DomainName owner, DateTimeOffset now, [NotNullWhen(true)] out SignedSet? set, out DomainName zone)
    {
        (set, zone) = (null, default);
        var left = entry.SecondsLeft(now);
        if (left == 0 || !entry.Packed.TryReadSignature(out var octets, out var key) || !RrsigData.TryRead(octets, out var signature)) return false;
        set = new(owner, entry.Type);
        foreach (var data in entry.Packed.ReadData()) set.Add(new ResourceRecord(owner, entry.Type, RecordClass.IN, left, data));
        set.Add(signature, left);
        set.RememberVerified(key);
        zone = signature.SignerName;
        return true;
    }
}
