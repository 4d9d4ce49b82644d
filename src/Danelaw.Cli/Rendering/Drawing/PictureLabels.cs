namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>Gives labels their places: on their arrows, on nothing else.</summary>
internal static class PictureLabels
{
    /// <summary>How far a label keeps from what is not its own.</summary>
    private const double Clear = 3;

    internal static void Place(Picture picture)
    {
        var nodes = picture.Nodes.Select(node => node.Box).ToList();
        var frames = picture.Zones.SelectMany(Frame).ToList();
        var lines = picture.Arrows.ToDictionary(arrow => arrow, arrow => PictureRoutes.Pieces(arrow).ToList());
        var taken = new List<Box>();
        foreach (var arrow in picture.Arrows.Where(arrow => arrow.Label.Length > 0))
        {
            var others = lines.Where(line => line.Key != arrow).SelectMany(line => line.Value).ToList();
            arrow.LabelBox = Places(picture, arrow).MinBy(place => Faults(place, nodes, taken, frames, others));
            taken.Add(arrow.LabelBox);
        }
    }

    /// <summary>Where a label may stand, the best place first: at the end of an arrow that comes down, on the longest stretch of one that runs around, then anywhere on its way.</summary>
    private static IEnumerable<Box> Places(Picture picture, Arrow arrow)
    {
        if (PictureRoutes.IsAround(picture, arrow))
        {
            var (from, to) = arrow.Route.Zip(arrow.Route.Skip(1)).Where(piece => Math.Abs(piece.First.Y - piece.Second.Y) < 0.01).MaxBy(piece => Math.Abs(piece.First.X - piece.Second.X));
            foreach (var part in new[] { 0.5, 0.35, 0.65, 0.2, 0.8 }) yield return Around(arrow, from.X + ((to.X - from.X) * part), from.Y);
        }
        else
        {
            yield return Around(arrow, arrow.Route[^1].X, PictureRoutes.TopOf(picture, arrow) - (PictureRoutes.LabelLead / 2) - 4);
        }

        foreach (var piece in PictureRoutes.Pieces(arrow))
        {
            for (var step = 0.0; step <= 1; step += 0.125) yield return Around(arrow, piece.X + (piece.Width * step), piece.Y + (piece.Height * step));
        }
    }

    private static Box Around(Arrow arrow, double x, double y)
    {
        var width = Measures.LabelWidth(arrow.Label);
        return new(Math.Clamp(x - (width / 2), Measures.Margin / 2, Measures.Width - (Measures.Margin / 2) - width), y - (Measures.LabelHeight / 2), width, Measures.LabelHeight);
    }

    private static int Faults(Box place, List<Box> nodes, List<Box> taken, List<Box> frames, List<Box> lines)
    {
        var room = place.Grown(Clear);
        return (nodes.Count(place.Overlaps) * 1000) + (taken.Count(room.Overlaps) * 100) + (frames.Count(place.Overlaps) * 10) + lines.Count(room.Touches);
    }

    /// <summary>The lines around a zone, and its head.</summary>
    private static IEnumerable<Box> Frame(ZoneBox zone)
    {
        var box = zone.Box;
        yield return new(box.X - 1, box.Y - 1, box.Width + 2, Measures.ZoneHead - 6);
        yield return new(box.X - 1, box.Y, 2, box.Height);
        yield return new(box.Right - 1, box.Y, 2, box.Height);
        yield return new(box.X, box.Bottom - 1, box.Width, 2);
    }
}
