namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>Gives everything its place: zones in layers by their depth, at most two beside one another, and in each zone the nodes row by row.</summary>
internal static class PictureLayout
{
    private const int Columns = 2;

    public static void Arrange(Picture picture)
    {
        var y = Measures.Margin + 34;
        picture.SummaryBox = new(Measures.Margin, y, Measures.Width - (2 * Measures.Margin), (picture.Summary.Count * Measures.LineHeight) + 18);
        y = picture.SummaryBox.Bottom + 24;
        if (picture.Anchors.Count > 0) y = Row(picture.Anchors, Measures.Margin, Measures.Width - (2 * Measures.Margin), y) + Measures.RowGap;
        foreach (var layer in picture.Zones.GroupBy(zone => zone.Depth).OrderBy(layer => layer.Key))
        {
            foreach (var beside in layer.Chunk(Columns)) y = Layer(picture, beside, y) + Measures.ZoneGap;
        }

        picture.LegendBox = new(Measures.Margin, y, Measures.Width - (2 * Measures.Margin), 84);
        picture.Height = picture.LegendBox.Bottom + Measures.Margin;
        foreach (var arrow in picture.Arrows) arrow.Route = PictureRoutes.Of(picture, arrow);
        Labels(picture);
    }

    private static double Layer(Picture picture, ZoneBox[] zones, double top)
    {
        var column = (Measures.Width - (2 * Measures.Margin) - ((zones.Length - 1) * Measures.NodeGap)) / zones.Length;
        var bottom = top;
        for (var i = 0; i < zones.Length; i++)
        {
            var left = Measures.Margin + (i * (column + Measures.NodeGap));
            var most = (int)((column - (2 * Measures.ZonePadding) + Measures.NodeGap) / (Measures.NodeWidth + Measures.NodeGap));
            Split(zones[i], most);
            var widest = zones[i].Rows.Count == 0 ? 1 : zones[i].Rows.Max(row => row.Count);
            var width = Math.Max(NodesWidth(Math.Max(widest, 2)) + (2 * Measures.ZonePadding), 0);
            var x = left + ((column - width) / 2);
            var y = top + Measures.ZoneHead;
            foreach (var row in zones[i].Rows) y = Row(row, x, width, y) + Measures.RowGap;
            var height = zones[i].Rows.Count == 0 ? Measures.ZoneHead + 10 : y - Measures.RowGap + (HasLabelBelow(picture, zones[i]) ? Measures.LabelHeight + 11 : Measures.ZonePadding) - top;
            zones[i].Box = new(x, top, width, height);
            bottom = Math.Max(bottom, top + height);
        }

        return bottom;
    }

    /// <summary>Whether an arrow within the last row has a label, which stands below that row.</summary>
    private static bool HasLabelBelow(Picture picture, ZoneBox zone) =>
        zone.Rows.Count > 0 && picture.Arrows.Exists(arrow => arrow is { Label.Length: > 0, From: Node from, To: Node to } && zone.Rows[^1].Contains(to) && zone.Nodes.Contains(from) && to.Box.Y < from.Box.Bottom);

    /// <summary>A row that is too long becomes several.</summary>
    private static void Split(ZoneBox zone, int most)
    {
        var rows = zone.Rows.SelectMany(row => row.Chunk(most)).Select(row => row.ToList()).ToList();
        zone.Rows.Clear();
        zone.Rows.AddRange(rows);
    }

    private static double NodesWidth(int count) => (count * Measures.NodeWidth) + ((count - 1) * Measures.NodeGap);

    private static double Row(List<Node> nodes, double left, double width, double y)
    {
        var x = left + ((width - NodesWidth(nodes.Count)) / 2);
        var bottom = y;
        foreach (var node in nodes)
        {
            node.Box = new(x, y, Measures.NodeWidth, (node.Lines.Count * Measures.LineHeight) + 14);
            bottom = Math.Max(bottom, node.Box.Bottom);
            x += Measures.NodeWidth + Measures.NodeGap;
        }

        return bottom;
    }

    /// <summary>Where an arrow comes in: at its node, or at the zone that the node is in when it comes from another.</summary>
    internal static double TopOf(Picture picture, Arrow arrow)
    {
        if (arrow.To is not Node target) return arrow.To.Box.Y;
        var zone = picture.Zones.Find(one => one.Nodes.Contains(target));
        return zone is null || (arrow.From is Node source && zone.Nodes.Contains(source)) ? target.Box.Y : zone.Box.Y;
    }

    /// <summary>Where an arrow from above meets its end: in the middle of a node; at a zone as straight below its beginning as can be.</summary>
    internal static double EntryOf(Arrow arrow) => arrow.To is ZoneBox zone ? Math.Clamp(arrow.From.Box.Middle, zone.Box.X + 30, zone.Box.Right - 30) : arrow.To.Box.Middle;

    /// <summary>A label stands on its arrow, just above its end, where no node is; those that would meet move apart.</summary>
    private static void Labels(Picture picture)
    {
        var taken = new List<Box>();
        foreach (var arrow in picture.Arrows.Where(arrow => arrow.Label.Length > 0))
        {
            var (from, to) = (arrow.From.Box, arrow.To.Box);
            var width = Measures.TextWidth(arrow.Label, 12) + 14;
            var isBeside = to.Y < from.Bottom;
            var y = isBeside ? Math.Max(from.Bottom, to.Bottom) + 4 : TopOf(picture, arrow) - Measures.LabelHeight - 12;
            var x = (isBeside ? (from.Middle + to.Middle) / 2 : EntryOf(arrow) + ((from.Middle - EntryOf(arrow)) * 0.25)) - (width / 2);
            if (arrow.Route is [.., var corner, var bend, _])
            {
                // On the stretch that runs along the row, next to its beginning.
                y = bend.Y - (Measures.LabelHeight / 2);
                x = Math.Min(corner.X, bend.X) + ((Math.Abs(corner.X - bend.X) - width) * (corner.X > bend.X ? 0.75 : 0.25));
            }

            var box = new Box(Math.Clamp(x, Measures.Margin, Measures.Width - Measures.Margin - width), y, width, Measures.LabelHeight);
            foreach (var other in taken.OrderBy(other => other.X))
                if (box.Overlaps(other)) box = box with { X = other.Right + 4 };
            if (box.Right > Measures.Width - Measures.Margin)
            {
                box = box with { X = Measures.Width - Measures.Margin - width };
                foreach (var other in taken.OrderByDescending(other => other.X))
                    if (box.Overlaps(other)) box = box with { X = other.X - width - 4 };
            }

            taken.Add(box);
            arrow.LabelBox = box;
        }
    }
}
