using System.Collections.Immutable;

namespace Danelaw.Dnssec.Signing;

/// <summary>What an operator should know though the zone can be signed; the first hundred are kept.</summary>
internal sealed class ZoneNotes
{
    private const int Maximum = 100;

    private readonly List<string> _notes = [];

    internal long Count { get; private set; }

    internal void Add(string note)
    {
        if (Count++ < Maximum) _notes.Add(note);
    }

    internal ImmutableArray<string> ToArray() => [.. _notes];
}
