using Danelaw.Dns.Names;
using Danelaw.Dns.Zones;
using Danelaw.Testing.Peers;

namespace Danelaw.Dns.Tests.Zones;

public sealed class ZoneFileTests : IDisposable
{
    private readonly TestFolder _folder = new("zone-file");

    public void Dispose() => _folder.Dispose();

    [Fact, Rfc(1035, "5.1")]
    public void An_included_file_has_its_own_origin_and_leaves_ours_as_it_was()
    {
        _folder.Write("sub/inner", " A 192.0.2.2\nb A 192.0.2.3\n$ORIGIN y.\nc NS d\n");
        _folder.Write("sub/outer", "$INCLUDE inner x.\n");
        var main = _folder.Write("zone", "$ORIGIN example.\na 60 A 192.0.2.1\n$INCLUDE sub/outer\n A 192.0.2.4\n$INCLUDE \"sub/outer\" z ; comment\ne NS f\n");
        Assert.Equal(
            [
                "a.example. 60 IN A 192.0.2.1",
                "a.example. 60 IN A 192.0.2.2", "b.x. 60 IN A 192.0.2.3", "c.y. 60 IN NS d.y.",
                "a.example. 60 IN A 192.0.2.4",
                "a.example. 60 IN A 192.0.2.2", "b.x. 60 IN A 192.0.2.3", "c.y. 60 IN NS d.y.",
                "e.example. 60 IN NS f.example.",
            ],
            Read(main, out var fault));
        Assert.Null(fault);
    }

    [Fact]
    public void A_fault_names_the_file_that_it_stands_in()
    {
        var inner = _folder.Write("inner", "\na 60 A bad\n");
        var main = _folder.Write("zone", "$INCLUDE inner\n");
        Read(main, out var fault);
        Assert.Equal($"{inner}:2:8: 'bad' is not an IPv4 address", fault!.ToString());
    }

    [Theory]
    [InlineData("$INCLUDE zone", "includes itself")]
    [InlineData("$INCLUDE ./zone", "includes itself")]
    [InlineData("$INCLUDE back", "includes itself")]
    [InlineData("$INCLUDE link", "files include one another more than 16 deep")]
    [InlineData("$INCLUDE nothing", "cannot be included: there is no such file")]
    [InlineData("$INCLUDE .", "cannot be included: it is a folder")]
    [InlineData("$INCLUDE nothing\\000x", "a control character")]
    public void A_circle_of_files_and_a_file_that_is_not_there_are_faults(string text, string expected)
    {
        var main = _folder.Write("zone", text + "\n");
        _folder.Write("back", "$INCLUDE zone\n");
        File.CreateSymbolicLink(_folder["link"], main);
        if (text.EndsWith("link", StringComparison.Ordinal))
            for (var i = 0; i < 20; i++) _folder.Write($"deep{i}", $"$INCLUDE deep{i + 1}\n");
        if (text.EndsWith("link", StringComparison.Ordinal)) main = _folder["deep0"];
        Read(main, out var fault);
        if (text.Contains("\\000", StringComparison.Ordinal)) Assert.Contains("cannot be included", fault!.Text, StringComparison.Ordinal);
        else Assert.Contains(expected, fault!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Including_can_be_forbidden()
    {
        _folder.Write("inner", "a 60 A 192.0.2.1\n");
        Assert.True(ZoneReader.TryOpen(_folder.Write("zone", "$INCLUDE inner\n"), new() { AllowInclude = false }, out var reader, out _));
        using var closing = reader;
        Assert.False(reader.TryRead(out _, out var fault));
        Assert.Equal("$INCLUDE is not allowed here", fault!.Text);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_a_fault()
    {
        Assert.False(ZoneReader.TryOpen(_folder["nothing"], new(), out var reader, out var fault));
        Assert.Null(reader);
        Assert.Equal($"{_folder["nothing"]}: there is no such file", fault.ToString());
        Assert.False(ZoneReader.TryOpen(_folder.Root, new(), out _, out fault));
        Assert.Equal($"{_folder.Root}: it is a folder", fault.ToString());
        Assert.False(ZoneReader.TryOpen("", new(), out _, out fault));
        Assert.NotEmpty(fault.Text);
    }

    [Fact]
    public void Octets_of_a_file_that_are_no_ASCII_reach_the_wire_as_they_are()
    {
        var path = _folder["zone"];
        File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. "a 60 TXT \"h\u00FC"u8, .. "\" \""u8, 0xFC, 0xFF, 0x80, .. "\"\n"u8]);
        Assert.Equal(["a. 60 IN TXT \"h\\195\\188\" \"\\252\\255\\128\""], Read(path, out _));
    }

    [Fact]
    public void A_fault_in_what_is_generated_names_its_file()
    {
        var main = _folder.Write("zone", "a 60 A 192.0.2.1\n$GENERATE 1-1 a${x} A 192.0.2.1\n");
        Read(main, out var fault);
        Assert.StartsWith($"{main}:2:1: $GENERATE at 1: ", fault!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_with_the_name_of_a_file_includes_beside_it()
    {
        _folder.Write("inner", "a 60 A 192.0.2.1\n");
        using var reader = new ZoneReader(new StringReader("$INCLUDE inner"), new() { FileName = _folder["zone"], Origin = DomainName.Parse("example.") });
        Assert.True(reader.TryRead(out var record, out _));
        Assert.Equal("a.example. 60 IN A 192.0.2.1", ZoneWriter.ToLine(record));
    }

    [Theory]
    [InlineData("$INCLUDE \"\"\n")]
    [InlineData("$INCLUDE \\\n")]
    public void A_file_name_that_cannot_be_one_is_a_fault(string text)
    {
        using var reader = new ZoneReader(new StringReader(text), new() { FileName = "zone" });

        Assert.False(reader.TryRead(out _, out var fault));

        Assert.Equal(1, fault!.Line);
    }

    private static List<string> Read(string path, out ZoneFault? fault)
    {
        Assert.True(ZoneReader.TryOpen(path, new(), out var reader, out fault), fault?.ToString());
        using var closing = reader;
        var lines = new List<string>();
        while (reader.TryRead(out var record, out fault)) lines.Add(ZoneWriter.ToLine(record));
        return lines;
    }
}
