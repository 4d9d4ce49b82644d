using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>A chain as a server shows it.</summary>
/// <param name="PublicKey">The key's SubjectPublicKeyInfo in DER.</param>
/// <param name="Certificates">The certificates in DER, the leaf first.</param>
internal sealed record ShownChain(Octets PublicKey, ImmutableArray<Octets> Certificates)
{
    /// <summary>The chain that was seen; null where none was, or its certificate cannot be read.</summary>
    internal static ShownChain? Of(Observation seen) =>
        seen.HasProvenKey && !seen.Chain.IsDefaultOrEmpty && CertificateSummary.TryRead(seen.Chain[0], out var leaf) ? new(leaf.PublicKey, seen.Chain) : null;

    /// <summary>Whether the certificate is that of a chain on this host.</summary>
    internal bool HasLeafOf(SoundChain chain) => Certificates[0] == chain.Certificates[0].Object.Data;

    /// <summary>Whether a TLSA record means this chain.</summary>
    internal bool IsMeantBy(TlsaRecord record)
    {
        var candidates = record.Usage is TlsaUsage.DaneEe or TlsaUsage.PkixEe ? Certificates[..1] : Certificates;
        return candidates.Any(one => TlsaRecord.TryCreate(one, record.Usage, record.Selector, record.Matching, out var made, out _) && made == record);
    }

    /// <summary>The senders that find something which they can use in a set, and no match for this chain.</summary>
    /// <param name="set">What is published.</param>
    /// <param name="port">The port that the chain is shown at.</param>
    internal DigestPreferences Misled(TlsaSet set, int port) => SetMeaning.Misled(set, TlsaSet.Of(set.Records.Where(IsMeantBy)), ServicePorts.KindOf(port));
}
