using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing.Sorting;
using Danelaw.Dnssec.Signing.Streaming;

namespace Danelaw.Dnssec.Signing;

/// <summary>Signs zones (RFC 4035 §2, RFC 5155 §7.1). Holds nothing: one call walks the zone once, in canonical order.</summary>
public static class ZoneSigner
{
    // A zone that the caller holds in memory is sorted there too.
    private static SortLimits InMemory => new(64 << 10, int.MaxValue, "");

    /// <summary>Signs a zone that is in memory. What an earlier signing made is left out but for what <see cref="ZoneSigningOptions.Reuse"/> keeps; DNSKEY records are kept beside those of the keys.</summary>
    /// <param name="records">The zone, in any order.</param>
    /// <param name="keys">The keys, at least one. Of an algorithm with keys of both kinds those with the SEP flag sign the DNSKEY, CDS and CDNSKEY sets and the others the rest; a kind that stands alone signs all. A revoked key signs only the DNSKEY set. Signatures over those sets by keys that are not given are kept while they are good, where <see cref="ZoneSigningOptions.Reuse"/> keeps any.</param>
    /// <param name="options">How.</param>
    /// <returns>The signed zone: by name in canonical order, each RRset followed by its signatures, NSEC at its name, NSEC3 and ZONEMD at the end.</returns>
    /// <exception cref="ArgumentException">The records are no zone, or no key can sign it.</exception>
    public static IEnumerable<ResourceRecord> Sign(IEnumerable<ResourceRecord> records, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options)
    {
        ArgumentNullException.ThrowIfNull(records);
        Require(keys, options);
        using var input = new ZoneInputSorter(InMemory);
        foreach (var record in records) input.Add(record, 0, 0);
        try
        {
            return Sign(input, keys, options);
        }
        catch (ZoneRefusedException refused)
        {
            throw new ArgumentException(refused.Message, nameof(records));
        }
    }

    /// <summary>Signs a zone file of any size: sorts it in bounded memory, signs with every processor of the process, and writes the signed zone as it is made.</summary>
    /// <param name="input">The zone, in any order. A zone that no server would load is refused, and so is one whose DNSKEY, CDS or CDNSKEY set would be without a signature by a key with the SEP flag, where it has such a key, or whose DNSKEY set would be without that of a key which it revokes (RFC 5011 §2.1).</param>
    /// <param name="keys">The keys, as <see cref="Sign(IEnumerable{ResourceRecord}, IReadOnlyCollection{SigningKey}, ZoneSigningOptions)"/> takes them.</param>
    /// <param name="options">How.</param>
    /// <param name="output">Takes the signed zone as text; neither flushed nor closed.</param>
    /// <param name="progress">Is told how far it has come; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What came of it. Only when <see cref="ZoneSigningOutcome.IsSigned"/> is true is the output whole.</returns>
    /// <exception cref="ArgumentException">No key can sign, or an option makes no sense.</exception>
    /// <exception cref="IOException">The output cannot be written, or the input not read on.</exception>
    public static async Task<ZoneSigningOutcome> SignAsync(ZoneReader input, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options, Stream output, IProgress<ZoneProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        Require(keys, options);
        using var run = new SigningRun(keys, options, SortLimits.Default, progress);
        return await run.RunAsync(input, output, cancellationToken).ConfigureAwait(false);
    }

    private static void Require(IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        if (!keys.Any(key => key.Flags.HasFlag(DnskeyFlags.Zone) && !key.Flags.HasFlag(DnskeyFlags.Revoked))) throw new ArgumentException("no key that can sign a zone", nameof(keys));
        if (options.Nsec3 is { Salt.Length: > byte.MaxValue }) throw new ArgumentException("an NSEC3 salt has at most 255 octets", nameof(options));
        if (options.Jitter < TimeSpan.Zero || (options.Jitter > TimeSpan.Zero && options.Jitter >= options.Validity.Expiration - options.Validity.Inception)) throw new ArgumentException("the jitter is not within the validity", nameof(options));
        if (options.Digests is { IsDefaultOrEmpty: false } digests && digests.Any(digest => !ZoneDigest.IsSupported(digest))) throw new ArgumentException("that digest over a zone cannot be made", nameof(options));
    }

    private static List<ResourceRecord> Sign(ZoneInputSorter input, IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options)
    {
        using var plan = new ZonePlan(keys, options, InMemory, isStrict: false);
        var signed = new List<ResourceRecord>();
        SignatureMaker? maker = null;
        foreach (var task in plan.Tasks(input))
        {
            maker ??= new(plan.Apex!.Frame.Apex, plan.Apex.Keys, options.Reuse);
            Emit(task, maker, signed);
        }

        if (plan.Apex!.Digests.IsEmpty) return signed;
        using var feed = new DigestFeed(plan.Apex.Frame.Apex, plan.Apex.Digests, InMemory);
        foreach (var record in signed) feed.Add(record);
        Emit(plan.Late(DigestSet(plan.Apex, feed)), maker!, signed);
        return signed;
    }

    internal static RecordSet DigestSet(ZoneApex apex, DigestFeed feed) => new(apex.Frame.Apex, RecordType.ZONEMD, apex.Frame.Class, apex.SoaTimeToLive, feed.Finish(apex.Serial));

    private static void Emit(in SetTask task, SignatureMaker maker, List<ResourceRecord> records)
    {
        records.AddRange(task.Set.Records);
        if (task.IsSigned) maker.Sign(task, records);
    }
}
