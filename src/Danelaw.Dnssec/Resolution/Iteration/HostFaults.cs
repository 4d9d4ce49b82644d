namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>What went wrong in the search for the addresses of a zone's servers. Several searches write to it at the same time, also while it is read.</summary>
internal sealed class HostFaults
{
    /// <summary>
    /// Told in these words alone: which of the lookups on the way notices the circle depends on which comes round first, and a check has to say the same each time.
    /// </summary>
    internal const string Circle = "could not be found: the delegations lead in a circle (RFC 1912 §2.8)";

    private readonly Lock _lock = new();
    private readonly List<string> _faults = [];
    private bool _isOverLimit;
    private bool _isOverOwnLimit;

    /// <summary>Whether every server that was looked for lies on a circle of delegations.</summary>
    internal bool IsCircle => ToArray() is { Length: > 0 } faults && faults.All(fault => fault.EndsWith(Circle, StringComparison.Ordinal));

    /// <summary>Whether more could have been looked up if it had been allowed.</summary>
    internal bool IsOverLimit
    {
        get
        {
            lock (_lock) return _isOverLimit;
        }
    }

    /// <summary>Whether it was a limit of the lookup itself that did not allow it, so that another lookup may find more.</summary>
    internal bool IsOverOwnLimit
    {
        get
        {
            lock (_lock) return _isOverOwnLimit;
        }
    }

    /// <summary>One server that was not found, and why.</summary>
    internal void Add(string fault)
    {
        lock (_lock) _faults.Add(fault);
    }

    /// <summary>Something was not looked up because a limit did not allow it.</summary>
    /// <param name="isOwn">Whether it was one of the lookup itself.</param>
    internal void NoteLimit(bool isOwn)
    {
        lock (_lock)
        {
            _isOverLimit = true;
            _isOverOwnLimit |= isOwn;
        }
    }

    /// <summary>All so far.</summary>
    internal string[] ToArray()
    {
        lock (_lock) return [.. _faults];
    }
}
