using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Danelaw.Cli.Rendering.Drawing;
using Danelaw.Cli.Tests.Running;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Tests.Lookup;

/// <summary><c>lookup --svg</c>: the picture is well-formed, told in words too, and nothing in it lies on something else.</summary>
public sealed class PictureTests(LabWorld world) : IClassFixture<LabWorld>
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string> Questions => new()
    {
        { "mx.good.lab", "A" }, { "nowhere.good.lab", "A" }, { "shop.depot.lab", "MX" }, { "_25._tcp.mx.opt-out.lab", "TLSA" }, { "unknown-algorithm.lab", "MX" },
        { "_25._tcp.mx.tlsa-unsigned.lab", "TLSA" }, { "wrong-ds.lab", "MX" }, { "mx-expired.lab", "MX" }, { "_25._tcp.mx.tlsa-denied.lab", "TLSA" }, { "mx-servfail.lab", "MX" }, { "_25._tcp.mx.tlsa-bogus.lab", "TLSA" },
    };

    [Theory, MemberData(nameof(Questions))]
    public async Task A_picture_is_well_formed_and_every_shape_and_arrow_has_a_text(string name, string type)
    {
        var svg = XDocument.Parse((await world.RunAsync("lookup", name, type, "--svg", "-")).Output).Root!;

        // A root that is an image would hide from a screen reader what its parts are called (WAI-ARIA 1.2 §5.2.8).
        Assert.Equal("graphics-document document", (string?)svg.Attribute("role"));
        Assert.NotEmpty(svg.Element(Svg + "title")!.Value);
        Assert.Contains(name, svg.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.All(svg.Elements(Svg + "g"), group =>
        {
            Assert.NotEmpty(group.Element(Svg + "title")!.Value);
            Assert.NotEmpty((string?)group.Attribute("aria-label") ?? "");
        });
        Assert.All(svg.Elements(Svg + "g").Where(group => ((string?)group.Attribute("class"))?.StartsWith("shape", StringComparison.Ordinal) == true), group => Assert.NotNull(group.Element(Svg + "desc")));
        Assert.DoesNotContain(svg.Descendants().Attributes(), attribute => attribute.Name.LocalName is "href" or "src");
    }

    [Theory]
    [InlineData("wrong-ds.lab", "MX", "✗ no such key")]
    [InlineData("mx-expired.lab", "MX", "✗ expired")]
    [InlineData("_25._tcp.mx.tlsa-denied.lab", "TLSA", "✗ proof missing")]
    [InlineData("_25._tcp.mx.tlsa-bogus.lab", "TLSA", "✗ does not fit the data")]
    [InlineData("shop.depot.lab", "MX", "not signed")]
    [InlineData("unknown-algorithm.lab", "MX", "not supported")]
    public async Task What_is_broken_or_open_bears_a_label(string name, string type, string label)
    {
        var svg = XDocument.Parse((await world.RunAsync("lookup", name, type, "--svg", "-")).Output);

        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == label);
    }

    [Fact]
    public async Task A_file_is_written_whole_beside_the_text_and_the_exit_code_is_that_of_the_lookup()
    {
        var folder = Directory.CreateTempSubdirectory("danelaw-svg");
        try
        {
            var file = Path.Combine(folder.FullName, "chain.svg");
            var told = await world.RunAsync("lookup", "mx-expired.lab", "MX", "--svg", file);

            Assert.Equal(1, told.Code);
            Assert.StartsWith("mx-expired.lab MX: bogus", told.Output, StringComparison.Ordinal);
            Assert.Equal("svg", XDocument.Load(file).Root!.Name.LocalName);
            Assert.Single(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--json and --svg -", "example.org", "--svg", "-", "--json")]
    [InlineData("--svg draws one lookup", "@-", "--svg", "x.svg")]
    [InlineData("there is no folder", "example.org", "--svg", "no-such-folder/x.svg")]
    public async Task What_cannot_be_drawn_is_misuse(string fault, params string[] args)
    {
        var run = await CommandRun.OfAsync(["lookup", .. args]);

        Assert.Equal(2, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_overlaps_and_everything_lies_in_the_picture_however_much_there_is()
    {
        foreach (var (keys, children, nameLength) in new[] { (1, 1, 5), (3, 2, 20), (12, 5, 60), (40, 12, 200) })
        {
            var picture = PictureBuilder.Build(Trace(keys, children, nameLength), new string('n', nameLength) + ".example");
            var page = new Box(0, 0, Measures.Width, picture.Height);
            var nodes = picture.Nodes.ToList();

            Assert.All(nodes, node => Assert.True(page.Contains(node.Box), node.Lines[0]));
            Assert.All(picture.Zones, zone => Assert.All(zone.Nodes, node => Assert.True(zone.Box.Contains(node.Box), node.Lines[0])));
            for (var i = 0; i < nodes.Count; i++)
                for (var j = i + 1; j < nodes.Count; j++) Assert.False(nodes[i].Box.Overlaps(nodes[j].Box), $"{nodes[i].Lines[0]} lies on {nodes[j].Lines[0]}");
            for (var i = 0; i < picture.Zones.Count; i++)
                for (var j = i + 1; j < picture.Zones.Count; j++) Assert.False(picture.Zones[i].Box.Overlaps(picture.Zones[j].Box), $"{picture.Zones[i].Name} lies on {picture.Zones[j].Name}");
            Assert.All(nodes, node => Assert.All(node.Lines, line => Assert.InRange(line.Length, 0, Measures.NodeColumns)));
            Assert.All(picture.Arrows.Where(arrow => arrow.Label.Length > 0), arrow => Assert.DoesNotContain(nodes, node => node.Box.Overlaps(arrow.LabelBox)));
            Assert.All(picture.Arrows, arrow => Assert.All(PictureRoutes.Pieces(arrow), piece => Assert.All(nodes, node => Assert.False(node.Box.Overlaps(piece), $"{arrow.Description} runs through {node.Title}"))));
            Assert.All(picture.Arrows, arrow => Assert.All(PictureRoutes.Pieces(arrow), piece => Assert.True(page.Contains(piece), arrow.Description)));
            Assert.All(picture.Arrows.Where(arrow => arrow.Label.Length > 0), arrow => Assert.True(page.Contains(arrow.LabelBox), arrow.Label));
        }
    }

    [Fact]
    public void An_alias_runs_around_all_nodes_wherever_it_leads_and_no_label_lies_on_another_arrow()
    {
        var picture = PictureBuilder.Build(Aliases(), "one.example");
        var aliases = picture.Arrows.Where(arrow => arrow.Label == "alias").ToList();

        // To the neighbour, to the zone below, from there up again, and down in its own zone.
        Assert.Equal(4, aliases.Count);
        Assert.All(picture.Arrows, arrow => Assert.All(PictureRoutes.Pieces(arrow), piece =>
        {
            Assert.All(picture.Nodes, node => Assert.False(node.Box.Overlaps(piece), $"{arrow.Description} runs through {node.Title}"));
            Assert.True(new Box(0, 0, Measures.Width, picture.Height).Contains(piece), arrow.Description);
            Assert.All(aliases, alias => Assert.True(alias == arrow || !alias.LabelBox.Touches(piece), $"{arrow.Description} runs through the label of {alias.Description}"));
        }));
        Assert.All(aliases, alias => Assert.DoesNotContain(picture.Nodes, node => node.Box.Overlaps(alias.LabelBox)));
    }

    [Theory]
    [InlineData("wrong-ds.lab", "MX", "by .*, not trusted")]
    [InlineData("wrong-ds.lab", "MX", "signed by .*")]
    [InlineData("wrong-ds.lab", "MX", ".* SHA-256 ✗ no key")]
    public async Task In_a_box_that_is_broken_nothing_is_marked_as_good(string name, string type, string told)
    {
        var svg = XDocument.Parse((await world.RunAsync("lookup", name, type, "--svg", "-")).Output);
        var broken = svg.Descendants(Svg + "g").Where(group => group.Elements().Any(shape => (string?)shape.Attribute("class") == "node broken")).SelectMany(group => group.Elements(Svg + "text")).Select(text => text.Value).ToList();

        Assert.Contains(broken, line => Regex.IsMatch(line, $"^{told}$"));
        Assert.DoesNotContain(broken, line => line.Contains('✓', StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_known_is_not_marked_as_broken()
    {
        var svg = XDocument.Parse((await world.RunAsync("lookup", "mx-servfail.lab", "MX", "--svg", "-")).Output);
        var unknown = svg.Descendants(Svg + "g").Single(group => group.Elements().Any(shape => (string?)shape.Attribute("class") == "node unknown"));

        Assert.Equal("? mx-servfail.lab MX", unknown.Element(Svg + "text")!.Value);
        Assert.Equal("mx-servfail.lab MX", (string?)unknown.Attribute("aria-label"));
    }

    [Fact]
    public async Task A_shape_is_called_by_its_whole_name()
    {
        var svg = XDocument.Parse((await world.RunAsync("lookup", "_25._tcp.mx.tlsa-denied.lab", "TLSA", "--svg", "-")).Output);

        Assert.Contains(svg.Descendants(Svg + "g"), group => (string?)group.Attribute("aria-label") == "no name _25._tcp.mx.tlsa-denied.lab");
    }

    [Fact]
    public void Of_many_keys_some_are_drawn_and_the_others_counted()
    {
        var picture = PictureBuilder.Build(Trace(40, 1, 5), "x.example");

        Assert.Contains(picture.Nodes, node => node is { Kind: ShapeKind.More } && node.Lines[0] == "… and 33 more");
    }

    [Fact]
    public void The_same_trace_gives_the_same_picture() =>
        Assert.Equal(SvgWriter.Write(PictureBuilder.Build(Trace(12, 5, 60), "x.example")), SvgWriter.Write(PictureBuilder.Build(Trace(12, 5, 60), "x.example")));

    [Theory]
    [InlineData("</text><script>alert(1)</script>")]
    [InlineData("\" onload=\"alert(1)")]
    [InlineData("]]>&amp;&#0;&lt;")]
    [InlineData("\u202Eevil\u202C \u0007\u001B[31m\u0000\uFFFE\uD83D\uDE00")]
    public void Hostile_text_stays_text(string hostile)
    {
        var trace = Trace(1, 1, 5);
        trace = trace with
        {
            Answer = trace.Answer with { Security = Security.Bogus, Explanation = hostile },
            End = new(LookupReason.SignatureExpired, trace.Zones[0].Zone, trace.Zones[0].Zone, RecordType.DNSKEY) { IsBreak = true, Text = hostile, Mend = hostile, Rule = "RFC 4035 §5", Server = hostile },
            Steps = [new(new(DomainName.Parse("x.example."), RecordType.A), new(DomainName.Parse("x.example."), RecordType.A)) { Failure = hostile }],
        };
        var text = Encoding.UTF8.GetString(SvgWriter.Write(PictureBuilder.Build(trace, hostile)));
        var svg = XDocument.Parse(text);

        Assert.Empty(svg.Descendants(Svg + "script"));
        Assert.All(svg.Descendants().Attributes(), attribute => Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
        Assert.All(text, character => Assert.True(character is '\n' or (>= ' ' and < '\x7F') or '§' or '…' or '→' or '✓' or '✗', $"U+{(int)character:X4}"));
    }

    [Fact]
    public void Colours_stand_out_from_what_is_behind_them_in_both_lights()
    {
        var style = Encoding.UTF8.GetString(SvgWriter.Write(PictureBuilder.Build(Trace(1, 1, 5), "x.example")));
        var sets = style.Split("@media(prefers-color-scheme:dark)");
        foreach (var set in new[] { sets[0], sets[1] })
        {
            // WCAG 2.1 §1.4.3: 4.5 for text; §1.4.11: 3 for what has to be told apart.
            foreach (var behind in new[] { "page", "frame", "node", "goodfill", "openfill", "badfill", "oddfill" }) Assert.True(Contrast(set, "ink", behind) >= 7, behind);
            foreach (var line in new[] { "good", "open", "bad", "odd" }) Assert.True(Contrast(set, line, "page") >= 4.5 && Contrast(set, line, "frame") >= 4.5, line);
            Assert.True(Contrast(set, "soft", "page") >= 4.5);
        }
    }

    private static ChainTrace Aliases()
    {
        var trace = Trace(1, 2, 5);
        var (first, second) = (trace.Zones[1].Zone, trace.Zones[2].Zone);
        var below = second.Prepend("below");
        var steps = new[] { first.Prepend("one"), second.Prepend("two"), below.Prepend("three"), first.Prepend("four"), first.Prepend("five") };
        return trace with
        {
            Zones = [.. trace.Zones, Zone(below, second, 1, isAnchor: false)],
            Steps = [.. steps.Select((name, i) => new TracedStep(new(name, RecordType.CNAME), new(name, RecordType.A)) { Zone = name.Parent, Security = Security.Secure, Target = steps[(i + 1) % 5], Set = new(new(name, RecordType.CNAME, RecordClass.IN, 300, [new NameData(steps[(i + 1) % 5]).ToOctets()]), [Signature(name.Parent, 1000, LookupReason.ValidSignature)]) })],
        };
    }

    private static double Contrast(string style, string one, string other)
    {
        var (light, dark) = (Luminance(style, one), Luminance(style, other));
        return (Math.Max(light, dark) + 0.05) / (Math.Min(light, dark) + 0.05);
    }

    private static double Luminance(string style, string variable)
    {
        var at = style.IndexOf($"--{variable}:#", StringComparison.Ordinal) + variable.Length + 4;
        var digits = new string([.. style[at..].TakeWhile(char.IsAsciiHexDigit)]);
        if (digits.Length == 3) digits = string.Concat(digits.Select(digit => new string(digit, 2)));
        var parts = Convert.FromHexString(digits).Select(part => part / 255.0).Select(part => part <= 0.03928 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    /// <summary>A chain with many keys, children and long names, half of its links broken.</summary>
    private static ChainTrace Trace(int keys, int children, int nameLength)
    {
        var root = DomainName.Root;
        var label = new string('a', Math.Min(63, nameLength));
        var zones = new List<TracedZone> { Zone(root, null, keys, isAnchor: true) };
        for (var i = 0; i < children; i++)
        {
            var name = DomainName.Parse($"{label[..Math.Min(label.Length, 50)]}{i}.{(nameLength > 63 ? label + "." : "")}");
            zones.Add(Zone(name, root, keys, isAnchor: false) with { Security = i % 2 == 0 ? Security.Secure : Security.Bogus });
        }

        var owner = zones[^1].Zone.Prepend("www");
        var set = new RecordSet(owner, RecordType.A, RecordClass.IN, 300, [.. Enumerable.Range(1, 9).Select(i => AddressData.ToOctets(new IPAddress([192, 0, 2, (byte)i])))]);
        var question = new Question(owner, RecordType.A);
        return new()
        {
            Now = Now,
            Answer = new() { Question = question, FinalName = owner, Security = Security.Secure, Reason = LookupReason.ValidSignature, Explanation = "signed" },
            Zones = [.. zones],
            Steps = [new(question, question) { Zone = zones[^1].Zone, Security = Security.Secure, Set = new(set, [Signature(zones[^1].Zone, 1000, LookupReason.ValidSignature), Signature(zones[^1].Zone, 1001, LookupReason.SignatureExpired)]) }],
        };
    }

    private static TracedZone Zone(DomainName name, DomainName? parent, int keys, bool isAnchor)
    {
        var set = new TracedSet(new(name, RecordType.DNSKEY, RecordClass.IN, 300, [new Octets(new byte[] { 1 })]), [Signature(name, 1000, LookupReason.ValidSignature)]);
        return new(name)
        {
            Parent = parent,
            IsAnchor = isAnchor,
            Security = Security.Secure,
            DelegationSigners = [.. Enumerable.Range(0, keys).Select(i => new TracedDelegationSigner((ushort)(1000 + i), SecurityAlgorithm.EcdsaP256Sha256, DigestAlgorithm.Sha256, default, i == 0 ? DelegationSignerState.Matches : DelegationSignerState.NoKey))],
            DelegationSet = isAnchor ? null : new(new(name, RecordType.DS, RecordClass.IN, 300, [new Octets(new byte[] { 1 })]), [Signature(parent!.Value, 1000, keys > 3 ? LookupReason.SignatureExpired : LookupReason.ValidSignature)]),
            KeySet = set,
            Keys = [.. Enumerable.Range(0, keys).Select(i => new TracedKey((ushort)(1000 + i), i == 0 ? (ushort)257 : (ushort)256, SecurityAlgorithm.EcdsaP256Sha256, 256, i == 0 ? KeyRole.KeySigning : KeyRole.ZoneSigning, i == 0, i == 0, false, true))],
        };
    }

    private static TracedSignature Signature(DomainName signer, ushort tag, LookupReason state) =>
        new(signer, tag, SecurityAlgorithm.EcdsaP256Sha256, Now.AddDays(-7), state == LookupReason.SignatureExpired ? Now.AddDays(-1) : Now.AddDays(7), state, false);
}
