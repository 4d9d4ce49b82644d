using Danelaw.Cli.Rendering;

namespace Danelaw.Cli.Running;

/// <summary>
/// What the command says on standard error: <c>danelaw: error: …</c>, <c>danelaw: hint: …</c>, in lower case, without a full stop, each on one line.
/// On a terminal it also shows how far the work has come, on a line that it takes back. Safe for use by several threads.
/// </summary>
internal sealed class Voice(Surroundings surroundings)
{
    /// <summary>Hints that are known again: one that helps helps once.</summary>
    private const int MostHints = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _hints = new(StringComparer.Ordinal);
    private string _progress = "";

    /// <summary>Whether hints and progress are left out (<c>-q</c>).</summary>
    public bool IsQuiet { get; set; }

    public void Error(string text) => Say("error", text);

    public void Hint(string text)
    {
        if (IsQuiet) return;
        lock (_lock)
        {
            if (_hints.Count < MostHints && !_hints.Add(text)) return;
            Say("hint", text);
        }
    }

    /// <summary>Says that something was not foreseen, with what to report.</summary>
    /// <param name="exception">What it was.</param>
    /// <param name="target">What was worked on, when there is more than that to do.</param>
    public void Fault(Exception exception, string? target = null)
    {
        EndProgress();
        if (Descriptors.AreUsedUp(exception))
        {
            Error("this machine gives this process no more file descriptors");
            Hint(Descriptors.Mend);
            return;
        }

        Error((target is null ? "" : target + ": ") + $"this is a fault of danelaw {ProductVersion.Text} itself: {exception.GetType().Name}: {exception.Message}");
        Hint("please report it with the command line and these lines (SECURITY.md says where, if it could be misused)");
        lock (_lock)
            foreach (var line in exception.ToString().Split('\n').Skip(1)) surroundings.Error.WriteLine("danelaw: " + Escape.Text(line.TrimEnd()));
    }

    /// <summary>Shows how far the work has come, if anybody can see it.</summary>
    public void Progress(string text)
    {
        if (IsQuiet || !surroundings.IsErrorTerminal) return;
        lock (_lock)
        {
            _progress = Escape.Text(text);
            if (_progress.Length > surroundings.Width - 1) _progress = _progress[..Math.Max(0, surroundings.Width - 1)];
            surroundings.Error.Write($"\r{_progress}\e[K");
        }
    }

    /// <summary>Writes a whole result to standard output; the progress line gives way.</summary>
    /// <exception cref="BrokenPipeException">Nobody reads it any more.</exception>
    /// <exception cref="MisuseException">It cannot be written.</exception>
    public void Result(ReadOnlySpan<byte> utf8)
    {
        lock (_lock)
        {
            Clear();
            try
            {
                surroundings.Output.Write(utf8);
                surroundings.Output.Flush();
            }
            catch (IOException exception) when (exception is not BrokenPipeException)
            {
                throw new MisuseException($"cannot write the results: {FileText.Reason(exception)}");
            }
        }
    }

    /// <summary>Takes the progress line back for good.</summary>
    public void EndProgress()
    {
        lock (_lock) Clear();
    }

    private void Clear()
    {
        if (_progress.Length == 0) return;
        surroundings.Error.Write("\r\e[K");
        _progress = "";
    }

    private void Say(string kind, string text)
    {
        lock (_lock)
        {
            Clear();
            surroundings.Error.Write($"danelaw: {kind}: {Escape.Text(text)}\n");
        }
    }
}
