using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Signing.Streaming;

/// <summary>One signing of a zone file: read and sort; then one thread walks, others sign and write text, and the text goes out in order.</summary>
internal sealed class SigningRun : IDisposable
{
    private const int SetsInBatch = 128;
    private const int ProgressStep = 64;

    private readonly ZoneSigningOptions _options;
    private readonly SortLimits _limits;
    private readonly IProgress<ZoneProgress>? _progress;
    private readonly ZonePlan _plan;
    private readonly ZoneInputSorter _input;
    private readonly Stack<SignBatch> _spare = new();
    private readonly List<SignatureMaker> _makers = [];
    private DigestFeed? _feed;
    private long _written;
    private long _batches;
    private long _taken;

    internal SigningRun(IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options, SortLimits limits, IProgress<ZoneProgress>? progress)
    {
        (_options, _limits, _progress) = (options, limits, progress);
        _plan = new(keys, options, limits with { ChunksKept = Math.Max(1, limits.ChunksKept / 2) }, isStrict: true);
        _input = new(limits);
    }

    internal async Task<ZoneSigningOutcome> RunAsync(ZoneReader reader, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            var fault = await Task.Run(() => _input.Read(reader, _progress, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (fault is not null) return Refused(fault.ToString()) with { Syntax = fault };
            if (_options.Apex is { } zone && _input.Apex is { } apex && apex != zone) return Refused($"the SOA record is of {apex}, and the keys are of {zone}");
            var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Worker()).ToArray();
            await OrderedWork.RunAsync(Batches(), workers, batch => Take(batch, output), cancellationToken).ConfigureAwait(false);
            if (_feed is not null) WriteDigest(output);
        }
        catch (ZoneRefusedException refused)
        {
            return Refused(refused.Message);
        }

        return Told() with { IsSigned = true };
    }

    public void Dispose()
    {
        _feed?.Dispose();
        _plan.Dispose();
        _input.Dispose();
    }

    private ZoneSigningOutcome Refused(string reason) => Told() with { Fault = reason };

    private ZoneSigningOutcome Told() => new()
    {
        Apex = _plan.Apex?.Frame.Apex ?? default,
        OldSerial = _plan.Apex?.OldSerial ?? 0,
        Serial = _plan.Apex?.Serial ?? 0,
        Names = _plan.Names,
        Records = _written,
        SignaturesMade = _makers.Sum(maker => maker.Made),
        SignaturesKept = _makers.Sum(maker => maker.Kept),
        FirstExpiration = _makers.Min(maker => maker.FirstEnd),
        Nsec3 = _plan.Apex is null ? null : _plan.Nsec3,
        Notes = [.. _plan.Notes.ToArray(), .. _makers.SelectMany(maker => maker.Notes)],
    };

    private IEnumerable<SignBatch> Batches()
    {
        SignBatch? batch = null;
        foreach (var task in _plan.Tasks(_input))
        {
            if (batch is null)
            {
                if (_batches == 0) BeginZone();
                batch = NewBatch();
            }

            batch.Tasks.Add(task);
            if (batch.Tasks.Count < SetsInBatch) continue;
            yield return batch;
            batch = null;
        }

        if (batch is not null) yield return batch;
    }

    /// <summary>What can be said once the apex is known.</summary>
    private void BeginZone()
    {
        var apex = _plan.Apex!;
        // RFC 4035 §2.2: each algorithm of the DNSKEY set signs every RRset.
        if (apex.Keys.WithoutSigner() is { } key)
            throw new ZoneRefusedException($"the DNSKEY set has a key of algorithm {SecurityAlgorithms.ToText(key.Algorithm)} (key tag {key.Tag}), and no key given signs with that algorithm, as RFC 4035 §2.2 asks: give its key too, or take the record out");
        if (!apex.Digests.IsEmpty) _feed = new(apex.Frame.Apex, apex.Digests, _limits);
    }

    private SignBatch NewBatch()
    {
        _batches++;
        SignBatch? batch;
        lock (_spare)
            if (!_spare.TryPop(out batch)) batch = new SignBatch();
        if (_feed is not null) batch.Records ??= [];
        return batch;
    }

    private Action<SignBatch> Worker()
    {
        SignatureMaker? maker = null;
        return batch =>
        {
            if (maker is null)
            {
                maker = new(_plan.Apex!.Frame.Apex, _plan.Apex.Keys, _options.Reuse);
                lock (_makers) _makers.Add(maker);
            }

            batch.Sign(maker);
        };
    }

    private void Take(SignBatch batch, Stream output)
    {
        output.Write(batch.Text);
        _written += batch.RecordCount;
        if (_feed is not null)
            foreach (var record in batch.Records!) _feed.Add(record);
        if (++_taken % ProgressStep == 0) _progress?.Report(new(_input.Count, _written));
        batch.Clear();
        lock (_spare) _spare.Push(batch);
    }

    /// <summary>RFC 8976 §3.1: the digest is over the whole signed zone, and is signed itself at the end.</summary>
    private void WriteDigest(Stream output)
    {
        var batch = NewBatch();
        batch.Records = null;
        batch.Tasks.Add(_plan.Late(ZoneSigner.DigestSet(_plan.Apex!, _feed!)));
        batch.Sign(_makers[0]);
        output.Write(batch.Text);
        _written += batch.RecordCount;
    }
}
