namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>Merges sorted runs: always the smallest key, of equal ones that of the earliest run.</summary>
internal sealed class SortedEntries
{
    // A heap; the run that is smallest stands at its root.
    private readonly (SortedRun Run, int Index)[] _heap;
    private int _count;
    private bool _isStarted;

    internal SortedEntries(IReadOnlyList<SortedRun> runs)
    {
        _heap = new (SortedRun, int)[runs.Count];
        for (var i = 0; i < runs.Count; i++)
            if (runs[i].MoveNext()) _heap[_count++] = (runs[i], i);
        for (var i = (_count / 2) - 1; i >= 0; i--) SiftDown(i);
    }

    /// <summary>The key; good until the next step.</summary>
    internal ReadOnlySpan<byte> Key => _heap[0].Run.Key;

    /// <summary>What belongs to it; good until the next step.</summary>
    internal ReadOnlySpan<byte> Payload => _heap[0].Run.Payload;

    internal bool MoveNext()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            return _count > 0;
        }

        if (_count == 0) return false;
        if (!_heap[0].Run.MoveNext()) _heap[0] = _heap[--_count];
        if (_count > 1) SiftDown(0);
        return _count > 0;
    }

    private void SiftDown(int at)
    {
        var moved = _heap[at];
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child])) child++;
            if (!IsBefore(_heap[child], moved)) break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = moved;
    }

    private static bool IsBefore((SortedRun Run, int Index) left, (SortedRun Run, int Index) right)
    {
        var order = left.Run.Key.SequenceCompareTo(right.Run.Key);
        return order < 0 || (order == 0 && left.Index < right.Index);
    }
}
