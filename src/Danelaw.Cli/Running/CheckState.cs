using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Operator.Publishing.ZoneFiles;

namespace Danelaw.Cli.Running;

/// <summary>
/// The results of a run in a file (JSON Lines, <c>danelaw.state/1</c>), so that the same call goes on where an earlier one was interrupted. A result is
/// in the file before it is told. Whatever a kill leaves of a last line is cut off. One run at a time has the file. May be used by several threads.
/// </summary>
internal sealed class CheckState : IDisposable
{
    private const string Schema = "danelaw.state/1";

    /// <summary>No result is longer.</summary>
    private const int MaximumLine = 64 << 20;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly FileStream _file;
    private readonly Dictionary<string, (long Start, int Length)> _kept = new(StringComparer.Ordinal);
    private long _end;

    private CheckState(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>How many targets an earlier run has left results of.</summary>
    public int Count => _kept.Count;

    /// <summary>Opens the file, or begins one.</summary>
    /// <param name="surroundings">The folder that it is in.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What decides over results, as it was typed: with anything else the file is not used.</param>
    /// <exception cref="MisuseException">It cannot be used: by this user, now, with these options, or because it is another kind of file.</exception>
    public static CheckState Open(Surroundings surroundings, string path, IReadOnlyList<string> options)
    {
        FileText.RequirePlace(surroundings, path);
        var full = Path.GetFullPath(path, surroundings.Folder);
        if (path == "-" || FileOwnership.IsDevice(full)) throw new MisuseException("--state needs a file of its own", "what a run has found out must still be there for the next one");
        FileStream file;
        try
        {
            file = new(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new MisuseException($"cannot write {path}: {FileText.Reason(exception)}");
        }
        catch (IOException) when (File.Exists(full))
        {
            // The lock goes with the process that has it, however that ends.
            throw new MisuseException($"{path} is in use by another run", "wait until it has ended, or give this run a file of its own");
        }
        catch (IOException exception)
        {
            throw new MisuseException($"cannot write {path}: {FileText.Reason(exception)}");
        }

        var state = new CheckState(path, file);
        try
        {
            state.Load(options);
        }
        catch
        {
            state.Dispose();
            throw;
        }

        return state;
    }

    /// <summary>The result of a target that is kept; null where there is none.</summary>
    public CheckResult? Find(string target)
    {
        if (!_kept.TryGetValue(TargetList.KeyOf(target), out var place)) return null;
        var octets = new byte[place.Length];
        for (var read = 0; read < octets.Length;)
        {
            var count = RandomAccess.Read(_file.SafeFileHandle, octets.AsSpan(read), place.Start + read);
            if (count == 0) throw Broken("it has grown shorter meanwhile");
            read += count;
        }

        return Read(octets) ?? throw Broken("it has been altered meanwhile");
    }

    /// <summary>Keeps a result. When this returns, no end of the process loses it.</summary>
    /// <exception cref="MisuseException">It cannot be written.</exception>
    public void Keep(CheckResult result)
    {
        var line = JsonText.Line(json =>
        {
            json.WriteString("target", result.Told.Target);
            json.WritePropertyName("check");
            json.WriteRawValue(result.Document.AsSpan().TrimEnd((byte)'\n'));
            json.WriteString("text", result.Text);
            json.WriteString("judgedAt", result.JudgedAt ?? throw new ArgumentException("a result without a time cannot be told from one of today", nameof(result)));
        });
        lock (_lock) Append(line);
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // Everything was written without a buffer, and told where it could not be.
        }
    }

    private void Append(byte[] line)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, line, _end);
            _end += line.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new MisuseException($"cannot write {_path}: {FileText.Reason(exception)}", "the same call goes on once that is mended");
        }
    }

    private void Load(IReadOnlyList<string> options)
    {
        var head = JsonText.Line(json =>
        {
            json.WriteString("schema", Schema);
            json.WriteStartArray("options");
            foreach (var option in options) json.WriteStringValue(option);
            json.WriteEndArray();
        });
        var number = 0;
        foreach (var (start, line) in Lines())
        {
            number++;
            if (number == 1) RequireSame(line.Span, options);
            else if (Read(line.Span) is not { } result) throw Broken($"line {number} is no result");
            else _kept[TargetList.KeyOf(result.Told.Target)] = (start, line.Length);
            _end = start + line.Length + 1;
        }

        // A file that holds half a head at most was begun by us; anything else without one is somebody's.
        if (number == 0 && _file.Length > 0 && !IsBegun(head)) throw Broken("it does not begin with " + Schema);
        if (_file.Length > _end) RandomAccess.SetLength(_file.SafeFileHandle, _end);
        if (number == 0) Append(head);
    }

    private bool IsBegun(byte[] head)
    {
        if (_file.Length >= head.Length) return false;
        var begun = new byte[_file.Length];
        return RandomAccess.Read(_file.SafeFileHandle, begun, 0) == begun.Length && head.AsSpan().StartsWith(begun);
    }

    /// <summary>The lines that have an end, and where each begins.</summary>
    private IEnumerable<(long Start, ReadOnlyMemory<byte> Line)> Lines()
    {
        var held = new ArrayBufferWriter<byte>(1 << 16);
        var buffer = new byte[1 << 16];
        var (start, at) = (0L, 0L);
        int count;
        while ((count = RandomAccess.Read(_file.SafeFileHandle, buffer, at)) > 0)
        {
            for (var from = 0; from < count;)
            {
                var length = buffer.AsSpan(from, count - from).IndexOf((byte)'\n');
                held.Write(buffer.AsSpan(from, length < 0 ? count - from : length));
                if (held.WrittenCount > MaximumLine) throw Broken("a line in it has no end");
                if (length < 0) break;
                yield return (start, held.WrittenMemory);
                held.ResetWrittenCount();
                from += length + 1;
                start = at + from;
            }

            at += count;
        }
    }

    private void RequireSame(ReadOnlySpan<byte> head, IReadOnlyList<string> options)
    {
        StateHead? kept = null;
        try
        {
            kept = JsonSerializer.Deserialize(head, StateLineJson.Default.StateHead);
        }
        catch (JsonException)
        {
            // Told below: whatever it is, it is no head.
        }

        if (kept is not { Schema: Schema }) throw Broken("it does not begin with " + Schema);
        if (kept.Options.SequenceEqual(options)) return;
        throw new MisuseException($"{_path} was begun with other options: {(kept.Options.Length == 0 ? "none" : string.Join(' ', kept.Options))}", "give the same again, or another file with --state");
    }

    private static CheckResult? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, StateLineJson.Default.StateLine) is not { } read) return null;
            var document = System.Text.Encoding.UTF8.GetBytes(read.Check.GetRawText() + "\n");
            return ToldCheck.TryRead(document, out var told) && told.Target == read.Target ? new(null, document, told) { Text = read.Text, JudgedAt = read.JudgedAt } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private MisuseException Broken(string why) => new($"{_path} is no state of danelaw check: {why}", "give another file with --state, or remove this one to begin anew");
}

/// <summary>The first line of a state.</summary>
internal sealed record StateHead(string Schema, string[] Options);

/// <summary>A result in a state.</summary>
internal sealed record StateLine(string Target, JsonElement Check, string Text, DateTimeOffset JudgedAt);

/// <summary>Reads the lines of a state; what is missing is a fault.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StateHead))]
[JsonSerializable(typeof(StateLine))]
internal sealed partial class StateLineJson : JsonSerializerContext;
