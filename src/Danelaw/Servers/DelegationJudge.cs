using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Servers;

/// <summary>Judges the DS set of the zone above beside the keys of the zone, and what the zone would have it be. Pure.</summary>
internal static class DelegationJudge
{
    private const int MostLines = 4;
    private static readonly TimeSpan LongValidity = TimeSpan.FromDays(60);

    /// <summary>What is of the zone and of no server by itself.</summary>
    internal static IEnumerable<Finding> OfZone(ServerView view, List<JudgedServer> servers)
    {
        if (view.Evidence.Zone is null) yield break;
        foreach (var finding in OfSigners(view, servers)) yield return finding;
        if (OfWishes(view, servers) is { } wish) yield return wish;
        if (OfLongSignatures(view, servers) is { } far) yield return far;
    }

    /// <summary>The DS set that more servers of the zone above have than any other; null when none of them gave one, or proved that there is none.</summary>
    internal static ImmutableArray<Octets>? UsualSigners(ServerEvidence evidence)
    {
        var sets = evidence.Above.Where(probe => probe.IsAnswer).GroupBy(probe => probe.Digest).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).ToArray();
        return sets.Length == 0 || sets[0].First().Records > JudgedServer.MostKeys ? null : sets[0].First().Data;
    }

    /// <summary>Whether the chain of trust demands signatures of the zone, whoever of its servers gives some: by the DS set that the zone above has, or by a lookup that is bogus because of the zone.</summary>
    internal static bool IsSigningDemanded(ServerEvidence evidence, ImmutableArray<Octets>? signers) =>
        (signers is { } set && IsAnySupported(set)) || (evidence.NameServers is { Security: Security.Bogus, Failure.Zone: { } zone } && zone == evidence.Zone);

    /// <summary>Whether no DS record leads to a key by which a server signs its keys: everything that it says is bogus then.</summary>
    internal static bool IsLost(JudgedServer server, ServerView view) => OfServer(server, view) is not null;

    /// <summary>A server whose keys the zone above knows nothing of.</summary>
    internal static ServerFinding? OfServer(JudgedServer server, ServerView view)
    {
        if (view.Signers is not { IsEmpty: false } signers || server.Keys is not { } keys) return null;

        // RFC 4035 §5.2: where nothing is supported the zone is insecure, and not broken.
        if (!IsAnySupported(signers)) return null;
        var led = keys.Where(key => signers.Any(ds => DelegationSigner.Names(view.Zone, ds, key))).ToArray();
        var signing = server.Of(ServerQuestion.Keys)!.Answers.Where(record => record.Type == RecordType.RRSIG).Select(record => RrsigData.TryRead(record.Data, out var one) ? one : default).Where(one => one.TypeCovered == RecordType.DNSKEY).ToArray();
        var what = led.Length == 0 ? "has none of the keys that the DS records lead to"
            : !led.Any(key => DnskeyData.TryRead(key, out var its) && signing.Any(one => one.KeyTag == its.KeyTag() && one.Algorithm == its.Algorithm)) ? "does not sign its keys with any of those that the DS records lead to"
            : null;
        return what is null ? null : server.Says(FindingCodes.DnssecDsMismatch, Severity.Error,
            $"{what}: the DS set of {Say.Name(view.Zone)} is {Say.List(signers.Select(Signer))}, the keys here are {Say.List(keys.Select(Key))}. All that it signs is bogus (RFC 4035 §5.2).",
            $"Have the DS records of a key that is in use published above, or use the key again that they name. For the keys here:\n{Lines(view.Zone, keys)}\nWhat the zone above has instead:\n{SignerLines(view.Zone, signers)}");
    }

    /// <summary>DS records that lead nowhere, and servers of the zone above that have different ones.</summary>
    private static IEnumerable<Finding> OfSigners(ServerView view, List<JudgedServer> servers)
    {
        var zone = Say.Name(view.Zone);
        var above = view.Evidence.Above.Where(probe => probe.IsAnswer).ToArray();
        if (above.DistinctBy(probe => probe.Digest).Count() > 1)
        {
            yield return new(FindingCodes.DnssecDsMismatch, Severity.Warning, zone,
                $"The servers of the zone above do not have the same DS set for {zone}: {string.Join("; ", above.GroupBy(probe => probe.Digest).Select(group => $"{Say.List(group.Select(probe => $"{Say.Name(probe.Host)} at {probe.Address}"))} {(group.Count() == 1 ? "has" : "have")} {(group.First().Data.IsEmpty ? "none" : Say.List(group.First().Data.Select(Signer)))}"))}.",
                "Wait until the change has reached them all, and take out no key and no DS record before.");
        }

        var keys = servers.Select(server => server.Keys).OfType<ImmutableArray<Octets>>().SelectMany(set => set).Distinct().ToArray();
        if (view.Signers is not { } signers || keys.Length == 0 || servers.Exists(server => IsLost(server, view))) yield break;
        var stray = signers.Where(ds => IsKnownDigest(ds) && !keys.Any(key => DelegationSigner.Names(view.Zone, ds, key))).ToArray();
        if (stray.Length == 0) yield break;
        var unsigned = stray.Select(Algorithm).Distinct().Where(algorithm => !keys.Any(key => DnskeyData.TryRead(key, out var its) && its.Algorithm == algorithm)).ToArray();
        yield return new(FindingCodes.DnssecDsMismatch, Severity.Warning, zone,
            $"The DS set of {zone} names {Say.List(stray.Select(Signer))}, of which no server has the key{(unsigned.Length == 0 ? "" : $", and no key of algorithm {Say.List(unsigned.Select(algorithm => algorithm.ToString(CultureInfo.InvariantCulture)))} at all (RFC 4035 §2.2)")}. Should the key that is left be lost or rolled, nobody validates the zone.",
            $"While that key is on its way, go on; otherwise have {(stray.Length == 1 ? "this DS record" : "these DS records")} taken out above:\n{SignerLines(view.Zone, stray)}");
    }

    /// <summary>RFC 7344, RFC 8078: what the zone asks for, and the zone above does not have.</summary>
    private static Finding? OfWishes(ServerView view, List<JudgedServer> servers)
    {
        if (view.Signers is not { } signers) return null;
        var newest = servers.Where(view.Newest.Has).ToArray();
        var digests = Wish(newest, ServerQuestion.ChildDs, signers);
        var keys = Wish(newest, ServerQuestion.ChildKeys, signers);
        if (digests.IsEmpty && keys.IsEmpty) return null;
        var zone = Say.Name(view.Zone);
        const string patience = "Where the zone above looks for CDS records, wait until it has (RFC 7344 §6, RFC 8078); where it does not, hand the records in at the registrar.";

        // RFC 8078 §4: the form that asks for none.
        if (digests.Any(IsRemoval) || keys.Any(IsRemovalKey))
            return signers.IsEmpty ? null : new(FindingCodes.DnssecCdsWaiting, Severity.Warning, zone, $"{zone} asks the zone above to take its DS records away (CDS 0 0 0 00, RFC 8078 §4). Once that has been done the zone is insecure, and no TLSA record in it protects anybody.", "If that is not meant, take the CDS and CDNSKEY records out at once. If it is, take the TLSA records out first.");
        var wanted = digests.IsEmpty ? keys.Select(KeyOf).ToHashSet() : digests.Select(KeyOfSigner).ToHashSet();
        var isOther = !wanted.SetEquals(signers.Select(KeyOfSigner)) || digests.Any(ds => signers.Any(known => KeyOfSigner(known) == KeyOfSigner(ds) && DigestType(known) == DigestType(ds) && known != ds));
        if (!isOther) return null;
        var asked = Say.List(wanted.Order().Select(key => string.Create(CultureInfo.InvariantCulture, $"{key.Tag} (algorithm {key.Algorithm})")));
        var lines = digests.IsEmpty ? Lines(view.Zone, keys) : SignerLines(view.Zone, digests);
        return new(FindingCodes.DnssecCdsWaiting, Severity.Warning, zone,
            signers.IsEmpty
                ? $"{zone} is signed and asks for DS records of its key {asked} (CDS, RFC 8078 §3), and the zone above has none: nobody trusts its signatures, and DANE does not apply."
                : $"{zone} asks for DS records of the key {asked} (CDS, RFC 7344), and the zone above has those of {Say.List(signers.Select(Signer))}: a change waits there.",
            $"{patience} What it asks for:\n{lines}");
    }

    /// <summary>What servers with the newest copy ask for alike; what does not validate asks for nothing.</summary>
    private static ImmutableArray<Octets> Wish(JudgedServer[] servers, ServerQuestion kind, ImmutableArray<Octets> signers) =>
        servers.Select(server => server.Of(kind)).FirstOrDefault(probe => probe is { IsAnswer: true, Records: > 0 } && (signers.IsEmpty ? probe.Status != Security.Bogus : probe.Status == Security.Secure))?.Data ?? [];

    /// <summary>R65: for as long as a signature holds, an old record can be shown again.</summary>
    private static Finding? OfLongSignatures(ServerView view, List<JudgedServer> servers)
    {
        var all = servers.SelectMany(server => server.Probes).Where(probe => probe is { Question: ServerQuestion.Answer, IsReplied: true }).SelectMany(probe => SigningJudge.Signatures(probe, view.Zone)).Where(one => one.Set.Type is RecordType.MX or RecordType.TLSA or RecordType.A or RecordType.AAAA or RecordType.CNAME).ToArray();
        if (!view.Evidence.IsOnTheWay || all.Length == 0) return null;

        // What can be shown again and do harm is a record of a key that was lost. A zone without any, or that leads to none, is left in peace.
        if (!servers.SelectMany(server => server.Probes).Any(probe => probe is { Question: ServerQuestion.Answer, Asked.Type: RecordType.TLSA } && (probe.Records > 0 || probe.HasAlias))) return null;
        var (set, signature) = all.MaxBy(one => SigningJudge.Validity(one.Signature));
        var validity = SigningJudge.Validity(signature);
        return validity <= LongValidity ? null : new(FindingCodes.DnssecSignatureLong, Severity.Note, Say.Name(view.Zone),
            string.Create(CultureInfo.InvariantCulture, $"{Say.Name(view.Zone)} signs for long: the signature over {Say.Name(set.Name)} {RecordTypes.ToText(set.Type)} holds for {(int)validity.TotalDays} days. For as long, whoever can answer in the servers' place can show a record that has long been taken out."),
            "Sign for two to four weeks, and anew well before the end (RFC 6781 §4.4.2).");
    }

    private static bool IsAnySupported(ImmutableArray<Octets> signers) => signers.Any(ds => IsKnownDigest(ds) && SecurityAlgorithms.IsSupported((SecurityAlgorithm)Algorithm(ds)));

    private static bool IsKnownDigest(Octets ds) => DigestType(ds) is 1 or 2 or 4;

    private static int DigestType(Octets ds) => DsData.TryRead(ds, out var view) ? view.DigestType : 0;

    private static byte Algorithm(Octets ds) => DsData.TryRead(ds, out var view) ? view.Algorithm : (byte)0;

    private static bool IsRemoval(Octets ds) => DsData.TryRead(ds, out var view) && view is { KeyTag: 0, Algorithm: 0, DigestType: 0 };

    private static bool IsRemovalKey(Octets key) => DnskeyData.TryRead(key, out var view) && view.Algorithm == 0;

    private static (ushort Tag, byte Algorithm) KeyOfSigner(Octets ds) => DsData.TryRead(ds, out var view) ? (view.KeyTag, view.Algorithm) : default;

    private static (ushort Tag, byte Algorithm) KeyOf(Octets key) => DnskeyData.TryRead(key, out var view) ? (view.KeyTag(), view.Algorithm) : default;

    /// <summary>A DS record as the registrar's form shows it, so that it can be found there; the digest by its beginning.</summary>
    private static string Signer(Octets ds) => DsData.TryRead(ds, out var view) ? string.Create(CultureInfo.InvariantCulture, $"{view.KeyTag} (algorithm {view.Algorithm}, digest type {view.DigestType}, digest {Beginning(view.Digest)})") : "one that cannot be read";

    private static string Beginning(Octets digest)
    {
        var hex = digest.ToHex().ToUpperInvariant();
        return hex.Length <= 16 ? hex : hex[..16] + "…";
    }

    private static string Key(Octets key) => DnskeyData.TryRead(key, out var view) ? string.Create(CultureInfo.InvariantCulture, $"{view.KeyTag()} (algorithm {view.Algorithm})") : "one that cannot be read";

    /// <summary>DS records for the keys that are meant for it, or all where none is (RFC 4034 §2.1.1).</summary>
    internal static string Lines(DomainName zone, IReadOnlyCollection<Octets> keys)
    {
        var usable = keys.Where(key => DnskeyData.TryRead(key, out var view) && view is { IsZoneKey: true, IsRevoked: false, Protocol: 3 }).ToArray();
        var entries = usable.Where(key => DnskeyData.TryRead(key, out var view) && view.IsSecureEntryPoint).ToArray();
        return string.Join('\n', (entries.Length > 0 ? entries : usable).Take(MostLines).Select(key => Line(zone, DelegationSigner.Create(zone, key, DigestAlgorithm.Sha256))));
    }

    private static string SignerLines(DomainName zone, IEnumerable<Octets> signers) => string.Join('\n', signers.Take(MostLines).Select(ds => Line(zone, ds)));

    private static string Line(DomainName zone, Octets ds) => DsData.TryRead(ds, out var view) ? string.Create(CultureInfo.InvariantCulture, $"{zone} IN DS {view.KeyTag} {view.Algorithm} {view.DigestType} {view.Digest.ToHex().ToUpperInvariant()}") : "";
}
