using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Danelaw.Cli.Rendering.Tracing;

namespace Danelaw.Cli.Rendering.Drawing;

/// <summary>Writes a picture as SVG: self-contained, in both lights, with a text for each shape. Every text passes through one escape.</summary>
/// <param name="picture">The picture.</param>
/// <param name="id">What its own ids begin with; they must be its own where several pictures stand in one page.</param>
/// <param name="hasStyle">Whether its style stands in it.</param>
internal sealed class SvgWriter(Picture picture, string id, bool hasStyle)
{
    private readonly StringBuilder _svg = new(16384);

    /// <summary>The style of all pictures, for a page that holds several.</summary>
    public const string Style = """
        svg{--page:#fff;--ink:#16181d;--soft:#50565f;--frame:#f4f6f8;--node:#fff;--good:#00639c;--goodfill:#e6f2fa;--open:#5c5c5c;--openfill:#f1f1f1;--bad:#b3350a;--badfill:#fdebe3;--odd:#7a4a8c;--oddfill:#f5ecf8}
        @media(prefers-color-scheme:dark){svg{--page:#14171c;--ink:#f0f2f5;--soft:#b4bbc5;--frame:#1d2229;--node:#14171c;--good:#6fc3f5;--goodfill:#10293a;--open:#bdbdbd;--openfill:#2a2a2a;--bad:#ff9a6b;--badfill:#3d1c10;--odd:#d9a8ec;--oddfill:#2f1d38}}
        text{font:13px "DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace;fill:var(--ink);white-space:pre}
        .title{font-size:19px;font-weight:bold}.head{font-weight:bold;font-size:15px;paint-order:stroke;stroke:var(--frame);stroke-width:5px}.strong{font-weight:bold}.soft{fill:var(--soft)}.label{font-size:12px;font-weight:bold}
        .zone{fill:var(--frame);stroke:var(--soft);stroke-width:1.5}.node,.pill{fill:var(--node);stroke:var(--soft);stroke-width:1.5}.line{fill:none;stroke:var(--soft);stroke-width:1.5}.tip{fill:var(--soft)}
        .secure .node,.node.secure,.zone.secure,.pill.secure,.line.secure{stroke:var(--good)}.secure .node,.node.secure,.pill.secure{fill:var(--goodfill)}.tip.secure,.ink.secure{fill:var(--good)}.line.secure{stroke-width:2.2}
        .zone.insecure,.node.insecure,.pill.insecure,.line.insecure{stroke:var(--open);stroke-dasharray:2 4}.node.insecure,.pill.insecure{fill:var(--openfill)}.tip.insecure,.ink.insecure{fill:var(--open)}
        .zone.broken,.node.broken,.pill.broken,.line.broken{stroke:var(--bad)}.zone.broken,.node.broken{stroke-width:3}.line.broken{stroke-width:3;stroke-dasharray:10 5}.node.broken,.pill.broken{fill:var(--badfill)}.tip.broken,.ink.broken{fill:var(--bad)}
        .zone.unknown,.node.unknown,.pill.unknown,.line.unknown{stroke:var(--odd);stroke-dasharray:6 3 1 3}.node.unknown,.pill.unknown{fill:var(--oddfill)}.tip.unknown,.ink.unknown{fill:var(--odd)}
        """;

    /// <summary>A file of its own.</summary>
    public static byte[] Write(Picture picture) => Encoding.UTF8.GetBytes(new SvgWriter(picture, "", hasStyle: true).Write());

    /// <summary>For a page that bears <see cref="Style"/>.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="id">Letters and digits that no other picture of the page has.</param>
    public static string Embed(Picture picture, string id) => new SvgWriter(picture, id, hasStyle: false).Write();

    private string Write()
    {
        var height = Number(picture.Height);
        _svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000\" height=\"{height}\" viewBox=\"0 0 1000 {height}\" role=\"graphics-document document\" aria-labelledby=\"{id}t\" aria-describedby=\"{id}d\">\n");
        _svg.Append(CultureInfo.InvariantCulture, $"<title id=\"{id}t\">{Xml(picture.Title)}</title>\n<desc id=\"{id}d\">{Xml(picture.Description)}</desc>\n");
        if (hasStyle) _svg.Append(CultureInfo.InvariantCulture, $"<style>{Style}</style>\n");
        _svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"1000\" height=\"{height}\" style=\"fill:var(--page)\"/>\n");
        Text(Measures.Margin, Measures.Margin + 18, Mark(picture.Tint) + picture.Title, "title ink " + Class(picture.Tint));
        WriteSummary();
        foreach (var zone in picture.Zones) Write(zone);
        // What says nothing about trust lies below what does.
        foreach (var arrow in picture.Arrows.OrderBy(arrow => arrow.Tint == Tint.Plain ? 0 : 1)) WriteLine(arrow);
        foreach (var zone in picture.Zones) WriteHead(zone);
        foreach (var node in picture.Nodes) Write(node);
        foreach (var arrow in picture.Arrows.Where(arrow => arrow.Label.Length > 0)) WriteLabel(arrow);
        WriteLegend();
        _svg.Append("</svg>\n");
        return _svg.ToString();
    }

    private void WriteSummary()
    {
        var box = picture.SummaryBox;
        _svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"node {Class(picture.Tint)}\" {Place(box)} rx=\"4\"/>\n");
        for (var i = 0; i < picture.Summary.Count; i++) Text(box.X + 12, box.Y + 21 + (i * Measures.LineHeight), picture.Summary[i], i == 0 ? "strong" : "");
    }

    private void Write(ZoneBox zone) =>
        _svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"zone {Class(zone.Tint)}\" {Place(zone.Box)} rx=\"6\" role=\"graphics-symbol img\" aria-label=\"{Xml($"zone {zone.Name} {zone.State}")}\"><title>{Xml($"zone {zone.Name} {zone.State}")}</title></rect>\n");

    /// <summary>The name at the left, the verdict at the right; arrows come in between.</summary>
    private void WriteHead(ZoneBox zone)
    {
        var state = zone.State.Length == 0 ? "" : Mark(zone.Tint) + zone.State;
        var room = zone.Box.Width - 40 - Measures.TextWidth(state, Measures.HeadSize);
        Text(zone.Box.X + 12, zone.Box.Y + 22, TraceWords.Cut(zone.Name, (int)(room / Measures.TextWidth(" ", Measures.HeadSize))), "head");
        if (state.Length == 0) return;
        Text(zone.Box.Right - 12 - Measures.TextWidth(state, Measures.HeadSize), zone.Box.Y + 22, state, "head ink " + Class(zone.Tint));
    }

    private void Write(Node node)
    {
        _svg.Append(CultureInfo.InvariantCulture, $"<g class=\"shape {Kebab.Of(node.Kind)}\" role=\"graphics-symbol img\" aria-label=\"{Xml(node.Title)}\"><title>{Xml(node.Title)}</title><desc>{Xml(node.Description)}</desc>\n");
        _svg.Append(Outline(node));
        for (var i = 0; i < node.Lines.Count; i++) Text(node.Box.X + Measures.NodePadding, node.Box.Y + 20 + (i * Measures.LineHeight), node.Lines[i], i == 0 ? "strong" : "");
        _svg.Append("</g>\n");
    }

    /// <summary>Keys are round, denials have cut corners, DS sets a bar, anchors a double frame: told apart without colour.</summary>
    private static string Outline(Node node)
    {
        var (box, style) = (node.Box, $"class=\"node {Class(node.Tint)}\"");
        var cut = 10;
        return node.Kind switch
        {
            ShapeKind.Key => $"<rect {style} {Place(box)} rx=\"16\"/>\n",
            ShapeKind.Denial => string.Create(CultureInfo.InvariantCulture, $"<path {style} d=\"M{Number(box.X + cut)} {Number(box.Y)}H{Number(box.Right - cut)}L{Number(box.Right)} {Number(box.Y + cut)}V{Number(box.Bottom - cut)}L{Number(box.Right - cut)} {Number(box.Bottom)}H{Number(box.X + cut)}L{Number(box.X)} {Number(box.Bottom - cut)}V{Number(box.Y + cut)}Z\"/>\n"),
            ShapeKind.Delegation => $"<rect {style} {Place(box)}/><rect {style} {Place(new(box.X, box.Y, 5, box.Height))}/>\n",
            ShapeKind.Anchor => $"<rect {style} {Place(box)} rx=\"3\"/><rect {style} {Place(new(box.X + 4, box.Y + 4, box.Width - 8, box.Height - 8))} rx=\"2\" style=\"fill:none\"/>\n",
            ShapeKind.Records or ShapeKind.Missing => $"<rect {style} {Place(box)}/>\n",
            ShapeKind.More => $"<rect {style} {Place(box)} rx=\"16\" style=\"stroke:none;fill:none\"/>\n",
        };
    }

    private void WriteLine(Arrow arrow)
    {
        if (arrow.Route is not [.., var before, var end]) return;
        var isDown = end.Y > before.Y;
        var (line, tip) = (Way([.. arrow.Route[..^1], (end.X, isDown ? end.Y - 8 : end.Y + 8)]), isDown ? $"M{Number(end.X - 5)} {Number(end.Y - 9)}H{Number(end.X + 5)}L{Number(end.X)} {Number(end.Y)}Z" : $"M{Number(end.X - 5)} {Number(end.Y + 9)}H{Number(end.X + 5)}L{Number(end.X)} {Number(end.Y)}Z");
        _svg.Append(CultureInfo.InvariantCulture, $"<g role=\"graphics-symbol img\" aria-label=\"{Xml(arrow.Description)}\"><title>{Xml(arrow.Description)}</title><path class=\"line {Class(arrow.Tint)}\" d=\"{line}\"/><path class=\"tip {Class(arrow.Tint)}\" d=\"{tip}\"/></g>\n");
    }

    /// <summary>A way: straight or, from one point to another that lies elsewhere in both directions, bent; the corners between straight pieces are rounded.</summary>
    private static string Way(ImmutableArray<(double X, double Y)> points)
    {
        const double Radius = 7;
        var way = new StringBuilder($"M{Number(points[0].X)} {Number(points[0].Y)}");
        for (var i = 1; i < points.Length; i++)
        {
            var (from, at) = (points[i - 1], points[i]);
            if (!IsStraight(from, at))
            {
                var half = (from.Y + at.Y) / 2;
                way.Append(CultureInfo.InvariantCulture, $"C{Number(from.X)} {Number(half)} {Number(at.X)} {Number(half)} {Number(at.X)} {Number(at.Y)}");
            }
            else if (i + 1 < points.Length && IsStraight(at, points[i + 1]))
            {
                var (start, end) = (Towards(at, from), Towards(at, points[i + 1]));
                way.Append(CultureInfo.InvariantCulture, $"L{Number(start.X)} {Number(start.Y)}Q{Number(at.X)} {Number(at.Y)} {Number(end.X)} {Number(end.Y)}");
            }
            else
            {
                way.Append(CultureInfo.InvariantCulture, $"L{Number(at.X)} {Number(at.Y)}");
            }
        }

        return way.ToString();

        static bool IsStraight((double X, double Y) from, (double X, double Y) to) => Math.Abs(from.X - to.X) < 0.01 || Math.Abs(from.Y - to.Y) < 0.01;

        static (double X, double Y) Towards((double X, double Y) from, (double X, double Y) to)
        {
            var (x, y) = (to.X - from.X, to.Y - from.Y);
            var length = Math.Sqrt((x * x) + (y * y));
            var part = length == 0 ? 0 : Math.Min(Radius, length / 2) / length;
            return (from.X + (x * part), from.Y + (y * part));
        }
    }

    private void WriteLabel(Arrow arrow)
    {
        _svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"pill {Class(arrow.Tint)}\" {Place(arrow.LabelBox)} rx=\"9\" style=\"stroke-dasharray:none\"/>");
        Text(arrow.LabelBox.X + 7, arrow.LabelBox.Y + 14, arrow.Label, "label");
    }

    private void WriteLegend()
    {
        var box = picture.LegendBox;
        (Tint Tint, string Text)[] lines = [(Tint.Secure, "✓ signed, and it holds"), (Tint.Insecure, "not signed"), (Tint.Broken, "✗ broken"), (Tint.Unknown, "? not known")];
        var x = box.X;
        foreach (var (tint, text) in lines)
        {
            _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line {Class(tint)}\" d=\"M{Number(x)} {Number(box.Y + 16)}h42\"/><path class=\"tip {Class(tint)}\" d=\"M{Number(x + 42)} {Number(box.Y + 11)}v10l8 -5Z\"/>");
            Text(x + 58, box.Y + 20, text, "soft");
            x += 58 + Measures.TextWidth(text) + 26;
        }

        x = box.X;
        (ShapeKind Kind, string Text)[] shapes = [(ShapeKind.Anchor, "trust anchor"), (ShapeKind.Key, "key"), (ShapeKind.Delegation, "DS set"), (ShapeKind.Records, "records"), (ShapeKind.Denial, "denial (NSEC, NSEC3)")];
        foreach (var (kind, text) in shapes)
        {
            _svg.Append(Outline(new(kind, Tint.Plain, [""], "") { Box = new(x, box.Y + 36, 50, 30) }));
            Text(x + 60, box.Y + 56, text, "soft");
            x += 60 + Measures.TextWidth(text) + 26;
        }
    }

    private void Text(double x, double y, string text, string style) =>
        _svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(y)}\"{(style.Length > 0 ? $" class=\"{style}\"" : "")}>{Xml(text)}</text>\n");

    private static string Place(Box box) => $"x=\"{Number(box.X)}\" y=\"{Number(box.Y)}\" width=\"{Number(box.Width)}\" height=\"{Number(box.Height)}\"";

    private static string Class(Tint tint) => tint switch
    {
        Tint.Plain => "plain",
        Tint.Secure => "secure",
        Tint.Insecure => "insecure",
        Tint.Broken => "broken",
        Tint.Unknown => "unknown",
    };

    private static string Mark(Tint tint) => tint switch
    {
        Tint.Secure => "✓ ",
        Tint.Broken => "✗ ",
        Tint.Unknown => "? ",
        Tint.Plain or Tint.Insecure => "",
    };

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Text as XML has it; what it may not hold, or what would turn the direction of writing, is shown as its number.</summary>
    private static string Xml(string text) => Markup.Entities(Measures.Plain(text));
}
