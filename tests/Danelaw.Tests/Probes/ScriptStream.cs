using System.Text;
using Danelaw.Fuzz.Targets;
using Danelaw.Probes;

namespace Danelaw.Tests.Probes;

/// <summary>How a scripted server hands its octets out.</summary>
public enum Dribble
{
    Whole,
    ByLine,
    ByByte,
}

/// <summary>A dialogue from <c>tests/Corpora/dialogues</c>: what must come out, and the lines in order, each as <see cref="ScriptOctets"/> reads it.</summary>
public sealed record DialogueScript(string Name, string Expected, string Detail, ServiceProtocol Protocol, IReadOnlyList<string> Lines)
{
    public static IEnumerable<string> Names => Directory.GetFiles(Repository.Corpus("dialogues"), "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static DialogueScript Load(string name)
    {
        string expected = "", detail = "";
        var protocol = ServiceProtocol.Smtp;
        var lines = new List<string>();
        foreach (var line in File.ReadLines(Repository.Corpus("dialogues", name + ".txt")))
        {
            if (line.StartsWith("= ", StringComparison.Ordinal)) expected = line[2..];
            else if (line.StartsWith("? ", StringComparison.Ordinal)) detail = line[2..];
            else if (line.StartsWith("@ ", StringComparison.Ordinal)) protocol = Enum.Parse<ServiceProtocol>(line[2..]);
            else if (line == "X" || (line.Length > 2 && line[0] is 'S' or 'C' && line[1] is ':' or '<' && line[2] == ' ')) lines.Add(line);
        }

        return new(name, expected, detail, protocol, lines);
    }
}

/// <summary>A server that follows a script: it checks what the client says, and hands out its own lines whole, by line or byte by byte; at the end it closes.</summary>
public sealed class ScriptStream(IReadOnlyList<string> script, Dribble dribble, int cutAt = int.MaxValue) : Stream
{
    private readonly MemoryStream _said = new();
    private readonly Queue<byte> _pending = new();
    private int _at;
    private int _sent;

    /// <summary>Whether the client has begun a TLS handshake (RFC 8446 §5.1: content type 22, version 3).</summary>
    public bool SawClientHello { get; private set; }

    /// <summary>Whether every line of the script was used.</summary>
    public bool IsDone => _at == script.Count && _pending.Count == 0;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_at < script.Count && script[_at][0] == 'S' && (_pending.Count == 0 || dribble == Dribble.Whole))
            foreach (var octet in ScriptOctets.Of(script[_at++])) _pending.Enqueue(octet);
        if (_pending.Count == 0 && _at < script.Count && script[_at][0] == 'C')
            throw new InvalidOperationException("the client waits where it should say: " + script[_at]);
        var count = Math.Min(Math.Min(_pending.Count, buffer.Length), dribble == Dribble.ByByte ? 1 : int.MaxValue);
        count = Math.Min(count, cutAt - _sent);
        for (var i = 0; i < count; i++) buffer.Span[i] = _pending.Dequeue();
        _sent += count;
        return ValueTask.FromResult(count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (SawClientHello || (_said.Length == 0 && buffer.Span.StartsWith<byte>([22, 3])))
        {
            SawClientHello = true;
            return ValueTask.CompletedTask;
        }

        _said.Write(buffer.Span);
        if (cutAt != int.MaxValue && _sent >= cutAt) throw new IOException("the peer has gone");
        var expected = _at < script.Count && script[_at][0] == 'C' ? ScriptOctets.Of(script[_at]) : [];
        var said = _said.ToArray();
        if (!expected.AsSpan().StartsWith(said))
            throw new InvalidOperationException($"the client says \"{Encoding.Latin1.GetString(said).Trim()}\", {Convert.ToHexStringLower(said)}, where the script has \"{(_at < script.Count ? script[_at] : "its end")}\"");
        if (said.Length < expected.Length) return ValueTask.CompletedTask;
        _said.SetLength(0);
        _at++;
        return ValueTask.CompletedTask;
    }

    /// <summary>How many octets the server says in all.</summary>
    public static int LengthOf(IEnumerable<string> script) => script.Where(line => line[0] == 'S').Sum(line => ScriptOctets.Of(line).Length);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
