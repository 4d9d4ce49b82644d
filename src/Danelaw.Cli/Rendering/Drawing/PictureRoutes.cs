using System.Collections.Immutable;

namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>
/// The ways of arrows. Down they go from row to row, and past the nodes between their ends through the gaps beside these; what leads up, or into a zone beside, runs around the
/// rows. No arrow runs through a node, and those that end at one node come in beside each other.
/// </summary>
internal static class PictureRoutes
{
    /// <summary>How far from a node's middle an arrow comes in that runs around: the middle is for what comes from above.</summary>
    private const double Aside = 64;

    /// <summary>How far beside a frame or node an arrow runs.</summary>
    private const double Beside = 8;

    /// <summary>How far apart arrows come in at one node, and run through one gap.</summary>
    private const double Apart = 26;

    private const double LaneWidth = 4;

    /// <summary>The straight stretch at the end of an arrow, and of one at whose end a label stands.</summary>
    private const double Lead = 12;

    internal static readonly double LabelLead = Measures.LabelHeight + 14;

    internal static void Find(Picture picture)
    {
        var lanes = new List<(double X, double Y)>();
        foreach (var arrow in picture.Arrows.Where(arrow => IsAround(picture, arrow))) arrow.Route = Around(picture, arrow);
        foreach (var target in picture.Arrows.Where(arrow => !IsAround(picture, arrow)).GroupBy(arrow => arrow.To))
        {
            var arrows = target.OrderBy(arrow => arrow.From.Box.Middle).ToList();
            var entries = Entries(picture, target.Key, arrows);
            var lead = arrows.Exists(arrow => arrow.Label.Length > 0) ? LabelLead : Lead;
            for (var i = 0; i < arrows.Count; i++) arrows[i].Route = Down(picture, arrows[i], entries[i], lead, lanes);
        }
    }

    /// <summary>Whether an arrow leads up or sideways.</summary>
    internal static bool IsAround(Picture picture, Arrow arrow)
    {
        var (from, to) = (picture.ZoneOf(arrow.From), picture.ZoneOf(arrow.To));
        if (from is null || to is null) return false;
        return from == to ? to.RowOf(arrow.To) <= from.RowOf(arrow.From) : LayerOf(picture, to) <= LayerOf(picture, from);
    }

    /// <summary>Where an arrow from above comes in: at its node, or at the zone that the node is first in when it comes from another.</summary>
    internal static double TopOf(Picture picture, Arrow arrow) =>
        picture.ZoneOf(arrow.To) is { } zone && picture.ZoneOf(arrow.From) != zone && zone.RowOf(arrow.To) <= 0 ? zone.Box.Y : arrow.To.Box.Y;

    private static int LayerOf(Picture picture, ZoneBox zone) => picture.Layers.FindIndex(layer => layer.Contains(zone));

    /// <summary>Where the arrows of one end come in, side by side; a label has room beside the next one.</summary>
    private static double[] Entries(Picture picture, Placed target, List<Arrow> arrows)
    {
        if (target is ZoneBox zone)
        {
            // As straight below its beginning as can be, and not where an alias comes in.
            var taken = picture.Arrows.Where(arrow => arrow.Route.Length > 0 && zone.RowOf(arrow.To) == 0).Select(arrow => arrow.Route[^1].X).ToList();
            return [.. arrows.Select(arrow =>
            {
                var half = Measures.LabelWidth(arrow.Label) / 2;
                var x = Math.Clamp(arrow.From.Box.Middle, zone.Box.X + 30, zone.Box.Right - 30);
                return taken.Exists(other => Math.Abs(other - x) < half + Beside) ? taken.Min() - half - (2 * Beside) : x;
            })];
        }

        var places = new double[arrows.Count];
        for (var i = 1; i < places.Length; i++) places[i] = places[i - 1] + Math.Max(Apart, Math.Max(Measures.LabelWidth(arrows[i - 1].Label), Measures.LabelWidth(arrows[i].Label)) / 2 + Beside);
        var scale = Math.Min(1, (target.Box.Width - 40) / Math.Max(1, places[^1]));
        var first = target.Box.Middle - (places[^1] * scale / 2);
        return [.. places.Select(place => first + (place * scale))];
    }

    private static ImmutableArray<(double X, double Y)> Down(Picture picture, Arrow arrow, double entry, double lead, List<(double X, double Y)> lanes)
    {
        var (from, to) = (picture.ZoneOf(arrow.From), picture.ZoneOf(arrow.To));
        var way = ImmutableArray.CreateBuilder<(double X, double Y)>();
        way.Add((arrow.From.Box.Middle, arrow.From.Box.Bottom));
        var row = from?.RowOf(arrow.From) ?? 0;
        if (from is not null && from == to)
        {
            for (var i = row + 1; i < to.RowOf(arrow.To); i++) Pass(Boxes(to.Rows[i]), to.Box);
        }
        else
        {
            if (from is not null)
            {
                for (var i = row + 1; i < from.Rows.Count; i++) Pass(Boxes(from.Rows[i]), from.Box);

                // Beside a taller zone it may bend only below that.
                var bottom = picture.Layers[LayerOf(picture, from)].Max(zone => zone.Box.Bottom);
                if (bottom > from.Box.Bottom) way.Add((way[^1].X, bottom));
            }

            for (var i = from is null ? 0 : LayerOf(picture, from) + 1; i < LayerOf(picture, to!); i++) Pass([.. picture.Layers[i].Select(zone => zone.Box)], new(0, 0, Measures.Width, 0));
            for (var i = 0; i < to!.RowOf(arrow.To); i++) Pass(Boxes(to.Rows[i]), to.Box, isFirst: i == 0);
        }

        way.Add((entry, TopOf(picture, arrow) - lead));
        way.Add((entry, arrow.To.Box.Y));
        return way.ToImmutable();

        static Box[] Boxes(List<Node> nodes) => [.. nodes.Select(node => node.Box)];

        // Through a row of nodes, or of zones, where there is room.
        void Pass(Box[] boxes, Box frame, bool isFirst = false)
        {
            var (top, bottom) = (isFirst ? frame.Y : boxes.Min(box => box.Y), boxes.Max(box => box.Bottom));
            List<double> places = [way[^1].X, entry, boxes[0].X - Beside, boxes[^1].Right + Beside, .. boxes.Zip(boxes.Skip(1), (left, right) => (left.Right + right.X) / 2)];
            var free = places.SelectMany(place => new[] { place, place + LaneWidth, place - LaneWidth })
                .Where(place => place > frame.X + 3 && place < frame.Right - 3 && !boxes.Any(box => place > box.X - 3 && place < box.Right + 3))
                .OrderBy(place => Math.Abs(place - way[^1].X) + Math.Abs(place - entry)).ToList();
            if (free.Count == 0) return;
            var x = free.Find(place => !lanes.Exists(lane => Math.Abs(lane.Y - top) < 1 && Math.Abs(lane.X - place) < LaneWidth)) is var own and > 0 ? own : free[0];
            lanes.Add((x, top));
            way.Add((x, top - Beside));
            way.Add((x, bottom + Beside));
        }
    }

    private static ImmutableArray<(double X, double Y)> Around(Picture picture, Arrow arrow)
    {
        var (source, target, from, to) = (arrow.From.Box, arrow.To.Box, picture.ZoneOf(arrow.From)!, picture.ZoneOf(arrow.To)!);
        var below = from.Rows[from.RowOf(arrow.From)].Max(node => node.Box.Bottom) + Beside;
        if (from == to)
        {
            // Out below, and in from below.
            var isRight = target.X > source.X;
            var (start, end) = (source.Middle + (isRight ? Aside : -Aside), target.Middle + (isRight ? -Aside : Aside));
            var under = to.Rows[to.RowOf(arrow.To)].Max(node => node.Box.Bottom) + Measures.LabelHeight - 3;
            if (to.RowOf(arrow.To) == from.RowOf(arrow.From)) return [(start, source.Bottom), (start, under), (end, under), (end, target.Bottom)];
            var side = target.Middle < to.Box.Middle ? to.Box.X + (Measures.ZonePadding / 2) : to.Box.Right - (Measures.ZonePadding / 2);
            return [(start, source.Bottom), (start, below), (side, below), (side, under), (end, under), (end, target.Bottom)];
        }

        var isSameLayer = LayerOf(picture, from) == LayerOf(picture, to);
        var isToRight = isSameLayer ? to.Box.X > from.Box.X : to.Box.Middle + 1 >= Measures.Width / 2;
        var lane = (isSameLayer, isToRight) switch
        {
            (true, true) => from.Box.Right + Beside,
            (true, false) => from.Box.X - Beside,
            (false, true) => picture.Zones.Max(zone => zone.Box.Right) + Beside,
            (false, false) => picture.Zones.Min(zone => zone.Box.X) - Beside,
        };
        var above = to.RowOf(arrow.To) <= 0 ? to.Box.Y : target.Y;
        var along = above - (IsLabelled(picture, arrow) ? LabelLead + (Measures.LabelHeight / 2) : Measures.LabelHeight);
        var inward = target.Middle + (lane < target.Middle ? -Aside : Aside);
        return [(source.Middle, source.Bottom), (source.Middle, below), (lane, below), (lane, along), (inward, along), (inward, target.Y)];
    }

    /// <summary>Whether an arrow from above bears a label where this one runs along.</summary>
    private static bool IsLabelled(Picture picture, Arrow arrow)
    {
        var zone = picture.ZoneOf(arrow.To)!;
        var row = zone.RowOf(arrow.To);
        return picture.Arrows.Exists(other => other.Label.Length > 0 && picture.ZoneOf(other.To) == zone && (zone.RowOf(other.To) == row || (row == 0 && other.To == zone)) && !IsAround(picture, other));
    }

    /// <summary>The room that a way takes, piece by piece.</summary>
    internal static IEnumerable<Box> Pieces(Arrow arrow)
    {
        for (var i = 1; i < arrow.Route.Length; i++)
        {
            var ((x1, y1), (x2, y2)) = (arrow.Route[i - 1], arrow.Route[i]);
            var count = Math.Abs(x1 - x2) < 0.01 || Math.Abs(y1 - y2) < 0.01 ? 1 : 16;
            for (var k = 0; k < count; k++)
            {
                var ((ax, ay), (bx, by)) = (At(k / (double)count), At((k + 1) / (double)count));
                yield return new(Math.Min(ax, bx), Math.Min(ay, by), Math.Abs(ax - bx), Math.Abs(ay - by));
            }

            // The curve that the writer draws: Bézier with both handles at half the height.
            (double X, double Y) At(double t) => count == 1
                ? (x1 + (t * (x2 - x1)), y1 + (t * (y2 - y1)))
                : (x1 + ((x2 - x1) * t * t * (3 - (2 * t))), y1 + ((y2 - y1) * ((1.5 * t * (1 - t) * (1 - t)) + (1.5 * t * t * (1 - t)) + (t * t * t))));
        }
    }
}
