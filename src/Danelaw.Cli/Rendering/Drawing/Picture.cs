using System.Collections.Immutable;

namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>What a shape of the picture stands for; each has an outline of its own.</summary>
internal enum ShapeKind
{
    /// <summary>A trust anchor.</summary>
    Anchor,

    /// <summary>A key.</summary>
    Key,

    /// <summary>A DS set.</summary>
    Delegation,

    /// <summary>An RRset of the answer, aliases too.</summary>
    Records,

    /// <summary>A denial.</summary>
    Denial,

    /// <summary>What should be there and is not.</summary>
    Missing,

    /// <summary>How many more there are.</summary>
    More,
}

/// <summary>How a thing stands; each has a colour, a dash and a mark of its own.</summary>
internal enum Tint
{
    /// <summary>Nothing is said.</summary>
    Plain,
    Secure,
    Insecure,
    Broken,
    Unknown,
}

/// <summary>A rectangle, in pixels.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public double Middle => X + (Width / 2);

    public bool Overlaps(Box other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;

    /// <summary>As <see cref="Overlaps"/>, also for a line, which has no width or no height.</summary>
    public bool Touches(Box other) => X <= other.Right && other.X <= Right && Y <= other.Bottom && other.Y <= Bottom;

    /// <summary>The same with a margin around it.</summary>
    public Box Grown(double by) => new(X - by, Y - by, Width + (2 * by), Height + (2 * by));

    public bool Contains(Box other) => other.X >= X && other.Y >= Y && other.Right <= Right && other.Bottom <= Bottom;
}

/// <summary>Something with a place that an arrow can lead to.</summary>
internal abstract class Placed
{
    public Box Box { get; set; }
}

/// <summary>One node.</summary>
/// <param name="kind">What it stands for.</param>
/// <param name="tint">How it stands.</param>
/// <param name="lines">Its text, the first line strong; no line is longer than a node is wide.</param>
/// <param name="description">The same for those who hear the picture.</param>
internal sealed class Node(ShapeKind kind, Tint tint, IReadOnlyList<string> lines, string description) : Placed
{
    public ShapeKind Kind { get; } = kind;

    public Tint Tint { get; } = tint;

    public IReadOnlyList<string> Lines { get; } = lines;

    /// <summary>What it is called by those who cannot see it; the first line, unless that is broken off.</summary>
    public string Title { get; init; } = lines[0];

    public string Description { get; } = description;
}

/// <summary>One zone with its nodes, row by row.</summary>
internal sealed class ZoneBox(string name, Tint tint, string state, int depth) : Placed
{
    public string Name { get; } = name;

    public Tint Tint { get; } = tint;

    /// <summary>Its verdict as a word.</summary>
    public string State { get; } = state;

    /// <summary>How many zones stand above it.</summary>
    public int Depth { get; } = depth;

    public List<List<Node>> Rows { get; } = [];

    public IEnumerable<Node> Nodes => Rows.SelectMany(row => row);

    /// <summary>The row that a node stands in; -1 for the zone itself.</summary>
    public int RowOf(Placed placed) => Rows.FindIndex(row => row.Exists(node => node == placed));
}

/// <summary>One arrow.</summary>
/// <param name="from">Where it begins.</param>
/// <param name="to">Where it leads.</param>
/// <param name="tint">How it stands.</param>
/// <param name="label">What stands beside it; empty for an arrow that needs no words.</param>
/// <param name="description">The same for those who hear the picture.</param>
internal sealed class Arrow(Placed from, Placed to, Tint tint, string label, string description)
{
    public Placed From { get; } = from;

    public Placed To { get; } = to;

    public Tint Tint { get; } = tint;

    public string Label { get; } = label;

    public string Description { get; } = description;

    /// <summary>The points of its way; between two that differ in both directions it is bent.</summary>
    public ImmutableArray<(double X, double Y)> Route { get; set; } = [];

    /// <summary>Where its label stands; empty without one.</summary>
    public Box LabelBox { get; set; }
}

/// <summary>A chain of trust as shapes, before and after they have their places.</summary>
internal sealed class Picture
{
    public required string Title { get; init; }

    public required Tint Tint { get; init; }

    /// <summary>The whole in a few sentences, for those who hear the picture.</summary>
    public required string Description { get; init; }

    /// <summary>What stands below the title, already in lines; the first one strong.</summary>
    public required IReadOnlyList<string> Summary { get; init; }

    /// <summary>The trust anchor, above its zone.</summary>
    public List<Node> Anchors { get; } = [];

    public List<ZoneBox> Zones { get; } = [];

    /// <summary>The zones that stand beside one another, from above.</summary>
    public List<ZoneBox[]> Layers { get; } = [];

    public List<Arrow> Arrows { get; } = [];

    public double Height { get; set; }

    /// <summary>Where the frame of the summary ends.</summary>
    public Box SummaryBox { get; set; }

    /// <summary>Where the legend stands.</summary>
    public Box LegendBox { get; set; }

    public IEnumerable<Node> Nodes => Anchors.Concat(Zones.SelectMany(zone => zone.Nodes));

    /// <summary>The zone that a node stands in; null for an anchor.</summary>
    public ZoneBox? ZoneOf(Placed placed) => Zones.Find(zone => zone == placed || zone.Rows.Exists(row => row.Exists(node => node == placed)));
}
