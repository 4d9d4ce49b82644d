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
        if (picture.Anchors.Count > 0) y = Row(picture.Anchors, Measures.Margin, Measures.Width - (2 * Measures.Margin), y);
        picture.Layers.AddRange(picture.Zones.GroupBy(zone => zone.Depth).OrderBy(layer => layer.Key).SelectMany(layer => layer.Chunk(Columns)));
        foreach (var layer in picture.Layers) y = Layer(picture, layer, y + GapAbove(picture, layer));

        picture.LegendBox = new(Measures.Margin, y + Measures.ZoneGap, Measures.Width - (2 * Measures.Margin), 84);
        picture.Height = picture.LegendBox.Bottom + Measures.Margin;
        PictureRoutes.Find(picture);
        PictureLabels.Place(picture);
    }

    /// <summary>The room above a layer: its arrows bend there, aliases run along it, and labels stand just above the zones.</summary>
    private static double GapAbove(Picture picture, ZoneBox[] layer)
    {
        var entering = picture.Arrows.Where(arrow => picture.ZoneOf(arrow.To) is { } zone && layer.Contains(zone) && picture.ZoneOf(arrow.From) != zone && zone.RowOf(arrow.To) <= 0).ToList();
        return Measures.ZoneGap + (entering.Exists(arrow => arrow.Label.Length > 0) ? Measures.LabelHeight - 5 : 0) + (entering.Exists(arrow => PictureRoutes.IsAround(picture, arrow)) ? Measures.LabelHeight : 0);
    }

    private static double Layer(Picture picture, ZoneBox[] zones, double top)
    {
        var column = (Measures.Width - (2 * Measures.Margin) - ((zones.Length - 1) * Measures.NodeGap)) / zones.Length;
        var bottom = top;
        for (var i = 0; i < zones.Length; i++)
        {
            var zone = zones[i];
            var left = Measures.Margin + (i * (column + Measures.NodeGap));
            var most = (int)((column - (2 * Measures.ZonePadding) + Measures.NodeGap) / (Measures.NodeWidth + Measures.NodeGap));
            Split(zone, most);
            var widest = zone.Rows.Count == 0 ? 1 : zone.Rows.Max(row => row.Count);
            var width = NodesWidth(Math.Max(widest, 2)) + (2 * Measures.ZonePadding);
            var x = left + ((column - width) / 2);
            var y = top + Measures.ZoneHead;
            for (var row = 0; row < zone.Rows.Count; row++) y = Row(zone.Rows[row], x, width, row == 0 ? y : y + GapAbove(picture, zone, row));
            var height = zone.Rows.Count == 0 ? Measures.ZoneHead + 10 : y + (IsRunBelow(picture, zone, zone.Rows.Count - 1) ? Measures.LabelHeight + 15 : Measures.ZonePadding) - top;
            zone.Box = new(x, top, width, height);
            bottom = Math.Max(bottom, top + height);
        }

        return bottom;
    }

    private static double GapAbove(Picture picture, ZoneBox zone, int row)
    {
        var entering = picture.Arrows.Where(arrow => zone.RowOf(arrow.To) == row).ToList();
        return Measures.RowGap
            + (entering.Exists(arrow => arrow.Label.Length > 0 && !PictureRoutes.IsAround(picture, arrow)) ? 12 : 0)
            + (entering.Exists(arrow => PictureRoutes.IsAround(picture, arrow) && picture.ZoneOf(arrow.From) != zone) ? Measures.LabelHeight : 0)
            + (IsRunBelow(picture, zone, row - 1) ? Measures.LabelHeight : 0);
    }

    /// <summary>Whether an arrow within the zone runs along below a row, with its label.</summary>
    private static bool IsRunBelow(Picture picture, ZoneBox zone, int row) =>
        picture.Arrows.Exists(arrow => zone.RowOf(arrow.To) == row && zone.RowOf(arrow.From) >= row);

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
}
