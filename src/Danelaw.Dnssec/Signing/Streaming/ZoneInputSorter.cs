using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Signing.Streaming;

/// <summary>Reads a zone file into a sorter.</summary>
internal sealed class ZoneInputSorter : IDisposable
{
    private const int Step = 65536;
    private const int MaximumChains = 16;

    private readonly OctetSorter _sorter;
    private readonly List<string> _files = [];
    private readonly HashSet<Octets> _optOut = [];
    private byte[] _buffer = new byte[1024];

    internal ZoneInputSorter(SortLimits limits) => _sorter = new(limits);

    internal long Count => _sorter.Count;

    /// <summary>The files that records came from, by number.</summary>
    internal IReadOnlyList<string> Files => _files;

    /// <summary>Reads all of it; the fault of the text, or null.</summary>
    internal ZoneFault? Read(ZoneReader reader, IProgress<ZoneProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!reader.TryRead(out var record, out var fault)) return fault;
            Add(record, reader.RecordLine, FileNumber(reader.RecordFile));
            if (Count % Step != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new(Count, 0));
        }
    }

    /// <summary>The owner of the first SOA record; null until there was one.</summary>
    internal DomainName? Apex { get; private set; }

    internal void Add(in ResourceRecord record, int line, int file)
    {
        if (record.Type == RecordType.SOA) Apex ??= record.Owner;
        else if (record.Type == RecordType.NSEC3 && _optOut.Count < MaximumChains && Nsec3Data.TryRead(record.Data, out var data) && data.IsOptOut) _optOut.Add(Parameters(data.HashAlgorithm, data.Iterations, data.Salt));
        new StoredRecord(record, line, file).AddTo(_sorter, ref _buffer);
    }

    /// <summary>Whether a record of an NSEC3 chain had the flag of opt-out (RFC 5155 §6).</summary>
    internal bool HasOptOut(in Nsec3ParamData chain) => _optOut.Contains(Parameters(chain.HashAlgorithm, chain.Iterations, chain.Salt));

    internal IEnumerable<ZoneName> Names() => SortedZone.Names(_sorter.Sort());

    public void Dispose() => _sorter.Dispose();

    // The RDATA of NSEC3PARAM without flags stands for a chain.
    private static Octets Parameters(byte algorithm, ushort iterations, Octets salt) => new Nsec3ParamData(algorithm, 0, iterations, salt).ToOctets();

    private int FileNumber(string file)
    {
        // Records of one file stand together.
        if (_files.Count > 0 && (ReferenceEquals(_files[^1], file) || _files[^1] == file)) return _files.Count - 1;
        var known = _files.IndexOf(file);
        if (known >= 0 || _files.Count == ushort.MaxValue) return Math.Max(known, 0);
        _files.Add(file);
        return _files.Count - 1;
    }
}
