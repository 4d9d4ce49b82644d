using System.Collections.Immutable;

namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>
/// The ways of arrows from one zone into another that cannot come straight from above, because other nodes stand before their end: down beside the nodes, and along the row of
/// the end, where nothing else is. Otherwise an alias would run through the keys of the zone that it leads to, and hide the arrow by which they sign.
/// </summary>
internal static class PictureRoutes
{
    /// <summary>How far from a node's middle an alias comes in: the middle is for what signs it.</summary>
    private const double Aside = 64;

    /// <summary>How far above its row an arrow runs along it.</summary>
    private const double AboveRow = 22;

    /// <summary>How far beside a frame an arrow runs.</summary>
    private const double Beside = 8;

    /// <summary>The corners of an arrow's way from its first to its last point; empty when it comes straight from above, or stays in its zone.</summary>
    internal static ImmutableArray<(double X, double Y)> Of(Picture picture, Arrow arrow)
    {
        if (arrow is not { From: Node source, To: Node target }) return [];
        var (from, to) = (ZoneOf(picture, source), ZoneOf(picture, target));
        if (from is null || to is null || from == to) return [];
        var isFirst = to.Rows[0].Contains(target);
        var isBelow = to.Box.Y >= from.Box.Bottom;
        if (isBelow && isFirst) return [];

        var along = isFirst ? to.Box.Y - 14 : target.Box.Y - AboveRow;
        if (isBelow)
        {
            // Inside the frame of the zone that it leads to, where its padding is.
            var inner = to.Box.Right - (Measures.ZonePadding / 2);
            var above = to.Box.Y - 14;
            return [(source.Box.Middle, source.Box.Bottom), (source.Box.Middle, above), (inner, above), (inner, along), (target.Box.Middle + Aside, along), (target.Box.Middle + Aside, target.Box.Y)];
        }

        var isSameLayer = Math.Abs(to.Box.Y - from.Box.Y) < 1;
        var isRight = isSameLayer ? to.Box.X > from.Box.X : to.Box.Middle + 1 >= Measures.Width / 2;
        var lane = (isSameLayer, isRight) switch
        {
            (true, true) => from.Box.Right + Beside,
            (true, false) => from.Box.X - Beside,
            (false, true) => picture.Zones.Max(zone => zone.Box.Right) + Beside,
            (false, false) => picture.Zones.Min(zone => zone.Box.X) - Beside,
        };
        var below = from.Rows.Find(row => row.Contains(source))!.Max(node => node.Box.Bottom) + Beside;
        var end = target.Box.Middle + (lane < target.Box.Middle ? -Aside : Aside);
        return [(source.Box.Middle, source.Box.Bottom), (source.Box.Middle, below), (lane, below), (lane, along), (end, along), (end, target.Box.Y)];
    }

    private static ZoneBox? ZoneOf(Picture picture, Node node) => picture.Zones.Find(zone => zone.Nodes.Contains(node));
}
