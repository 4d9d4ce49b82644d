using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// How much of a name the servers of each zone get to see (RFC 9156): one label more than the last question, at first; in larger steps when a name is long, so that
/// it costs a bounded number of queries (§2.3). Labels that begin with an underscore are no secret worth a query of their own, nor do zones begin at them as
/// a rule (§2.3, RFC 8552): they go along with the label before them.
/// </summary>
internal struct Minimiser(DomainName name)
{
    /// <summary>RFC 9156 §2.3: MAX_MINIMISE_COUNT.</summary>
    private const int MaximumQueries = 10;

    /// <summary>RFC 9156 §2.3: MINIMISE_ONE_LAB.</summary>
    private const int SingleSteps = 4;

    private readonly int _hostLabels = HostLabels(name);
    private int _asked;
    private int _labels;
    private bool _isOver;

    /// <summary>Shows the whole name from now on: a server stumbled over a part of it.</summary>
    internal void ShowAll() => _isOver = true;

    /// <summary>The name to ask for next.</summary>
    /// <param name="zone">Whose servers are asked.</param>
    internal DomainName Next(DomainName zone)
    {
        var known = Math.Max(_labels, zone.LabelCount);
        if (_isOver || _asked >= MaximumQueries) return name;
        var rest = name.LabelCount - known;
        var step = _asked < SingleSteps ? 1 : Math.Max(1, (rest + MaximumQueries - _asked - 1) / (MaximumQueries - _asked));
        var labels = known + step;
        while (labels < _hostLabels && IsUnderscored(labels)) labels++;
        _asked++;
        _labels = Math.Min(labels, name.LabelCount);
        return labels >= _hostLabels ? name : name.Suffix(labels);
    }

    /// <summary>Whether the uppermost label of a suffix, the leftmost one, begins with an underscore.</summary>
    private readonly bool IsUnderscored(int labels) => name.GetLabel(name.LabelCount - labels)[0] == (byte)'_';

    /// <summary>How many labels are left when those with an underscore at the front are taken off.</summary>
    private static int HostLabels(DomainName name)
    {
        var labels = name.LabelCount;
        while (labels > 0 && name.GetLabel(name.LabelCount - labels)[0] == (byte)'_') labels--;
        return labels;
    }
}
