using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Signing.Sorting;
using Danelaw.Dnssec.Signing.Streaming;

namespace Danelaw.Dnssec.Checking;

/// <summary>One check of a zone file: read and sort; then one thread walks the names and the chain of denials, others verify signatures, and what is found is gathered in order.</summary>
internal sealed class CheckRun(ZoneCheckOptions options, SortLimits limits, IProgress<ZoneProgress>? progress) : IDisposable
{
    private const int NamesInBatch = 64;
    private const int ProgressStep = 256;

    private readonly ZoneInputSorter _input = new(limits);
    private readonly FindingList _findings = new(options.MaximumFindings);
    private readonly List<SignatureAudit> _signatures = [];
    private Nsec3Audit? _nsec3;
    private ApexAudit? _apex;
    private CheckedSet? _zonemd;
    private ZoneDigest? _digest;
    private uint _serial;
    private long _names;
    private long _done;
    private bool _isUnsigned;
    private long _batches;

    internal async Task<ZoneCheckReport> RunAsync(ZoneReader reader, CancellationToken cancellationToken)
    {
        var fault = await Task.Run(() => _input.Read(reader, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (fault is not null) return Report(isComplete: false) with { Syntax = fault };
        if (_input.Apex is null)
        {
            _findings.Add(new(ZoneFindingCodes.Contents, ZoneSeverity.Error, default, RecordType.SOA, "", 0, "there is no SOA record (RFC 1035 §5.2)"));
            return Report(isComplete: true);
        }

        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Worker()).ToArray();
        await OrderedWork.RunAsync(Batches(), workers, Take, cancellationToken).ConfigureAwait(false);
        var last = new Findings(_input.Files);
        _nsec3?.End(last);
        if (_zonemd is { } set && _apex is not null && _digest is not null) ApexAudit.CheckDigests(set, _apex.Serial, _digest.Finish(_apex.Serial), last);
        foreach (var finding in last.List) _findings.Add(finding);
        return Report(isComplete: true);
    }

    public void Dispose()
    {
        _input.Dispose();
        _nsec3?.Dispose();
        _digest?.Dispose();
    }

    private ZoneCheckReport Report(bool isComplete)
    {
        var left = _signatures.Min(audit => audit.SecondsLeft);
        return new()
        {
            IsComplete = isComplete,
            Apex = _apex?.Frame.Apex ?? _input.Apex ?? default,
            Serial = _serial,
            Denial = (_apex?.HasNsec, _apex?.HasNsec3) switch { (true, true) => "NSEC and NSEC3", (true, _) => "NSEC", (_, true) => "NSEC3", _ => "" },
            Records = _input.Count,
            Names = _names,
            Signatures = _signatures.Sum(audit => audit.Verified),
            FirstExpiration = left is { } seconds ? options.Now.AddSeconds(seconds) : null,
            Errors = _findings.Errors,
            Warnings = _findings.Warnings,
            Notes = _findings.Notes,
            Findings = _findings.ToArray(),
        };
    }

    private IEnumerable<List<CheckedName>> Batches()
    {
        var batch = new List<CheckedName>(NamesInBatch);
        foreach (var name in Names())
        {
            batch.Add(name);
            if (batch.Count < NamesInBatch) continue;
            yield return batch;
            batch = new(NamesInBatch);
        }

        if (batch.Count > 0) yield return batch;
    }

    /// <summary>Walks the names. What is found at a name once it is known what follows it is added to that name while it waits in the batch, or else to the next.</summary>
    private IEnumerable<CheckedName> Names()
    {
        var apex = _input.Apex!.Value;
        var walk = new ZoneWalk(apex);
        ContentsAudit? contents = null;
        NsecAudit? nsec = null;
        CheckedName? waiting = null;
        foreach (var stored in _input.Names())
        {
            var name = CheckedName.Read(stored, _input.Files);
            if (!name.IsDenialOnly) _names++;
            // What is not signed is counted, and nothing more.
            if (_isUnsigned) continue;
            if (!name.Owner.IsAtOrBelow(apex))
            {
                name.Findings.Error(ZoneFindingCodes.Contents, name.Owner, null, name.Place, $"the records lie outside the zone {apex}");
                Tell(name);
                continue;
            }

            if (name.Owner == apex)
            {
                name.Kind = walk.Next(name.Owner, hasNs: false, name.Has(RecordType.DNAME));
                _apex = ApexAudit.Read(name, options, out _serial);
                if (_apex is null)
                {
                    Tell(name);
                    _isUnsigned = true;
                    continue;
                }

                Begin(name, _apex);
                (contents, nsec) = (new(_apex.Frame), _apex.HasNsec ? new(_apex.Frame) : null);
            }
            else
            {
                name.Kind = walk.Next(name.Owner, name.Has(RecordType.NS), name.Has(RecordType.DNAME));
            }

            _digest?.Add(name.Owner, stored.Records.ConvertAll(one => one.Record));
            contents!.Check(name);
            CheckDenial(name, nsec);
            if (waiting is not null) yield return waiting;
            waiting = name;
        }

        if (waiting is null) yield break;
        contents!.End(waiting.Findings);
        nsec?.End(waiting.Findings);
        yield return waiting;
    }

    private void Begin(CheckedName name, ApexAudit apex)
    {
        if (!apex.Chains.IsEmpty) _nsec3 = new(apex.Frame, apex.Chains, limits with { ChunksKept = Math.Max(1, limits.ChunksKept / 2) });
        _zonemd = name.Find(RecordType.ZONEMD);
        if (_zonemd is not null) _digest = new(apex.Frame.Apex, ApexAudit.Digests(name));
    }

    private void CheckDenial(CheckedName name, NsecAudit? nsec)
    {
        if (nsec is not null) nsec.Add(name);
        else if (name.Find(RecordType.NSEC) is { } extra) name.Findings.Error(ZoneFindingCodes.DenialExtra, name.Owner, RecordType.NSEC, extra.Place, "an NSEC record, and the apex has none (RFC 4035 §2.3)");
        if (_nsec3 is not null) _nsec3.Add(name);
        else if (!_apex!.HasNsec3 && name.Find(RecordType.NSEC3) is { } other) name.Findings.Error(ZoneFindingCodes.DenialExtra, name.Owner, RecordType.NSEC3, other.Place, "an NSEC3 record, and the apex has no NSEC3PARAM record (RFC 5155 §4)");
    }

    private Action<List<CheckedName>> Worker()
    {
        SignatureAudit? audit = null;
        return names =>
        {
            if (audit is null)
            {
                audit = new(_apex!.Frame.Apex, _apex.Keys, options);
                lock (_signatures) _signatures.Add(audit);
            }

            foreach (var name in names) audit.Check(name);
        };
    }

    private void Take(List<CheckedName> names)
    {
        foreach (var name in names) Tell(name);
        _done += names.Count;
        if (++_batches % ProgressStep == 0) progress?.Report(new(_input.Count, _done));
    }

    private void Tell(CheckedName name)
    {
        lock (_findings)
            foreach (var finding in name.Findings.List) _findings.Add(finding);
    }
}
