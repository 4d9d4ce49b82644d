using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dnssec.Signing.Streaming;

/// <summary>Some RRsets that one thread signs and writes as text.</summary>
internal sealed class SignBatch : IDisposable
{
    private readonly List<ResourceRecord> _signatures = [];
    private readonly OctetText _text = new();
    private readonly ZoneWriter _writer;

    internal SignBatch() => _writer = new ZoneWriter(_text);

    internal List<SetTask> Tasks { get; } = [];

    /// <summary>The records with their signatures in order, where somebody wants them beside the text.</summary>
    internal List<ResourceRecord>? Records { get; set; }

    internal ReadOnlySpan<byte> Text => _text.Written;

    internal long RecordCount { get; private set; }

    internal long SignatureCount { get; private set; }

    internal void Clear()
    {
        Tasks.Clear();
        Records?.Clear();
        _text.Clear();
        (RecordCount, SignatureCount) = (0, 0);
    }

    internal void Sign(SignatureMaker maker)
    {
        foreach (var task in Tasks)
        {
            _signatures.Clear();
            if (task.IsSigned) maker.Sign(task, _signatures);
            var set = task.Set;
            foreach (var data in set.Data) Add(new(set.Owner, set.Type, set.Class, set.TimeToLive, data));
            foreach (var signature in _signatures) Add(signature);
            SignatureCount += _signatures.Count;
        }
    }

    public void Dispose() => _text.Dispose();

    private void Add(in ResourceRecord record)
    {
        _writer.Write(record);
        Records?.Add(record);
        RecordCount++;
    }
}
