using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;
using Danelaw.Dnssec.Checking;

namespace Danelaw.Cli.Tests.Commands;

public sealed class ZoneTests : IDisposable
{
    private const string Zone = "$TTL 3600\n@ SOA ns hostmaster 1 7200 900 1209600 300\n@ NS ns\nns A 127.0.0.1\nwww A 127.0.0.2\ncut NS ns.cut\nns.cut A 127.0.0.3\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-zone-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_zone_goes_from_key_to_signed_to_sound()
    {
        File.WriteAllText(Path.Combine(_folder, "zone"), Zone);

        var made = await RunAsync("zone", "key", "make", "example.lab", "--json");
        var signed = await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--json", "--serial", "increment", "--zonemd", "sha384", "--cds", "publish");
        File.WriteAllText(Path.Combine(_folder, "ds"), Document(made).GetProperty("ds")[0].GetString() + "\n");
        var sound = await RunAsync("zone", "check", "zone.signed", "--ds", "ds", "--json", "--strict");

        await SchemaTests.AssertValidAsync("zone-key", made.Output);
        await SchemaTests.AssertValidAsync("zone-sign", signed.Output);
        await SchemaTests.AssertValidAsync("zone-check", sound.Output);
        Assert.Equal((0, 0, 0), (made.Code, signed.Code, sound.Code));
        Assert.Equal(2, Document(signed).GetProperty("serial").GetInt32());
        Assert.InRange(Document(sound).GetProperty("daysLeft").GetInt32(), 13, 14);
        Assert.Empty(Directory.GetFiles(_folder, "*.new"));
    }

    [Fact]
    public async Task The_DS_of_another_zone_is_not_held_against_this_one()
    {
        File.WriteAllText(Path.Combine(_folder, "zone"), Zone);
        var own = Document(await RunAsync("zone", "key", "make", "example.lab", "--json")).GetProperty("ds")[0].GetString();
        var other = Document(await RunAsync("zone", "key", "make", "other.lab", "--json")).GetProperty("ds")[0].GetString();
        await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--origin", "example.lab");
        File.WriteAllText(Path.Combine(_folder, "other"), other + "\n");
        File.WriteAllText(Path.Combine(_folder, "both"), other + "\n" + own + "\n");

        var refused = await RunAsync("zone", "check", "zone.signed", "--ds", "other");
        var sound = await RunAsync("zone", "check", "zone.signed", "--ds", "both", "--strict");

        Assert.Equal(2, refused.Code);
        Assert.StartsWith("danelaw: error: --ds: what is there is the DS of other.lab, none of example.lab\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (sound.Code, sound.Error));
    }

    [Fact]
    public async Task A_quiet_key_says_where_it_is_and_no_more()
    {
        var made = await RunAsync("zone", "key", "make", "example.lab", "-q");

        Assert.Equal(0, made.Code);
        var stem = Assert.Single(made.Output.TrimEnd('\n').Split('\n'));
        Assert.True(File.Exists(stem + ".key") && File.Exists(stem + ".private"), stem);
    }

    [Theory, Rfc(9904, "3")]
    [InlineData("10", true)]
    [InlineData("8", false)]
    [InlineData("15", false)]
    public async Task An_algorithm_that_is_not_recommended_for_signing_is_told(string algorithm, bool isTold)
    {
        var made = await RunAsync("zone", "key", "make", "example.lab", "--algorithm", algorithm);

        Assert.Equal((0, isTold), (made.Code, made.Error.Contains("not recommended for signing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Octets_that_are_no_ASCII_are_told_as_what_they_are()
    {
        File.WriteAllText(Path.Combine(_folder, "utf8"), Zone + "x T\u00E9PE 1\n");
        File.WriteAllBytes(Path.Combine(_folder, "latin1"), System.Text.Encoding.Latin1.GetBytes(Zone + "x T\u00E9PE 1\n"));

        Assert.Contains("'T\u00E9PE' is no record type", (await RunAsync("zone", "check", "utf8", "--origin", "example.lab")).Error, StringComparison.Ordinal);
        Assert.Contains(@"'T\233PE' is no record type", (await RunAsync("zone", "check", "latin1", "--origin", "example.lab")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_private_key_is_for_its_owner_only_and_is_not_replaced_unless_told()
    {
        var made = await RunAsync("zone", "key", "make", "example.lab", "--json");
        var file = Document(made).GetProperty("files")[1].GetString()!;
        var pem = await RunAsync("zone", "key", "export", file, "--out", "key.pem");
        var secret = File.ReadAllText(file);

        var again = await RunAsync("zone", "key", "import", "key.pem", "--zone", "example.lab");
        var exported = await RunAsync("zone", "key", "export", file, "--out", "key.pem");
        var told = await RunAsync("zone", "key", "import", "key.pem", "--zone", "example.lab", "--overwrite");

        Assert.Equal((0, 1, 1, 0), (pem.Code, again.Code, exported.Code, told.Code));
        Assert.Equal(secret, File.ReadAllText(file));
        if (OperatingSystem.IsWindows()) return;
        foreach (var path in (string[])[file, Path.Combine(_folder, "key.pem")]) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_zone_that_is_refused_leaves_what_stood_there_and_nothing_else()
    {
        await RunAsync("zone", "key", "make", "example.lab");
        File.WriteAllText(Path.Combine(_folder, "zone"), Zone + "www CNAME ns\n");
        File.WriteAllText(Path.Combine(_folder, "zone.signed"), "the old one\n");

        var refused = await RunAsync("zone", "sign", "zone", "--key-folder", ".");
        File.WriteAllText(Path.Combine(_folder, "zone"), Zone + "bad A 1.2.3\n");
        var unreadable = await RunAsync("zone", "sign", "zone", "--key-folder", ".");

        Assert.Equal((1, 2), (refused.Code, unreadable.Code));
        Assert.Contains("CNAME and other records", refused.Error, StringComparison.Ordinal);
        Assert.Contains(":8:", unreadable.Error, StringComparison.Ordinal);
        Assert.Equal("the old one\n", File.ReadAllText(Path.Combine(_folder, "zone.signed")));
        Assert.Empty(Directory.GetFiles(_folder, "*.new"));
    }

    [Fact]
    public async Task Standard_input_is_signed_onto_standard_output_and_checked_from_there()
    {
        await RunAsync("zone", "key", "make", "example.lab");

        var signed = await CommandRun.OfAsync(["zone", "sign", "-", "--key-folder", ".", "-q"], Zone, _folder);
        var sound = await CommandRun.OfAsync(["zone", "check", "-"], signed.Output, _folder);
        var broken = await CommandRun.OfAsync(["zone", "check", "-", "--json"], signed.Output.Replace("127.0.0.2", "127.0.0.9", StringComparison.Ordinal), _folder);

        Assert.Equal((0, ""), (signed.Code, signed.Error));
        Assert.StartsWith("example.lab. is sound: 0 errors", sound.Output, StringComparison.Ordinal);
        Assert.Equal((0, 1), (sound.Code, broken.Code));
        await SchemaTests.AssertValidAsync("zone-check", broken.Output);
        Assert.Equal(ZoneFindingCodes.SignatureBogus, Document(broken).GetProperty("findings")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("zone sign zone", 2, "no key was given")]
    [InlineData("zone sign zone --key-folder . --opt-out", 2, "--opt-out has a meaning with --nsec3 only")]
    [InlineData("zone sign zone --key-folder . --expiry 20200101000000", 2, "the signatures would end before they begin")]
    [InlineData("zone sign zone --key-folder . --jitter 12d", 2, "--jitter 12d and --refresh (a quarter of the validity) together are longer than the signatures hold")]
    [InlineData("zone sign zone --key-folder . --jitter 4d --refresh 11d", 2, "--jitter 4d and --refresh 11d together are longer than the signatures hold")]
    [InlineData("zone sign zone --key-folder . --jitter 4d --refresh 10d", 0, "")]
    [InlineData("zone sign zone --key-folder . --jitter 12d --afresh", 0, "")]
    [InlineData("zone sign zone --key-folder . --out - --json", 2, "--json and the signed zone")]
    [InlineData("zone sign none --key-folder .", 2, "cannot read none: there is no such file")]
    [InlineData("zone sign zone --key-folder . --origin example.org", 2, "no key was given, or found")]
    [InlineData("zone key make example.lab --algorithm 5", 2, "--algorithm takes an algorithm that can sign")]
    [InlineData("zone key make example.lab --bits 2048", 2, "--bits has a meaning for RSA only")]
    [InlineData("zone key", 2, "danelaw zone key needs a verb of its own")]
    [InlineData("zone check zone", 1, "")]
    public async Task What_makes_no_sense_is_said(string call, int code, string error)
    {
        await RunAsync("zone", "key", "make", "example.lab");
        File.WriteAllText(Path.Combine(_folder, "zone"), "$ORIGIN example.lab.\n" + Zone);

        var run = await RunAsync(call.Split(' '));

        Assert.Equal(code, run.Code);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_findings_of_one_code_are_counted_and_told_when_asked_for()
    {
        File.WriteAllText(Path.Combine(_folder, "zone"), Zone);
        await RunAsync("zone", "key", "make", "example.lab");
        await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--validity", "1d");
        var later = DateTimeOffset.UtcNow.AddDays(9).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

        var few = await RunAsync("zone", "check", "zone.signed", "--now", later);
        var each = await RunAsync("zone", "check", "zone.signed", "--now", later, "-v");

        var all = each.Output.Split("error ZONE-SIGNATURE-EXPIRED").Length - 1;
        Assert.True(all > 5);
        Assert.Equal(5, few.Output.Split("error ZONE-SIGNATURE-EXPIRED").Length - 1);
        Assert.Contains($"and {all - 5} more ZONE-SIGNATURE-EXPIRED (-v tells each)\n", few.Output, StringComparison.Ordinal);
        Assert.Equal(few.Output.Split('\n')[0], each.Output.Split('\n')[0]);
    }

    [Fact]
    public async Task A_public_key_alone_has_a_DS()
    {
        var made = await RunAsync("zone", "key", "make", "example.lab", "--json");
        var (key, secret) = (Document(made).GetProperty("files")[0].GetString()!, Document(made).GetProperty("files")[1].GetString()!);
        var ds = Document(made).GetProperty("ds").EnumerateArray().Select(line => line.GetString()!).ToList();
        File.Delete(secret);

        var file = await RunAsync("zone", "key", "show", key, "--print", "ds");
        var stem = await RunAsync("zone", "key", "show", key[..^4], "--json");
        var dig = await CommandRun.OfAsync(["zone", "key", "show", "-", "--print", "ds"], "; <<>> DiG <<>> example.lab DNSKEY\nexample.lab. 60 IN DNSKEY 256 3 200 AAAA\n" + Document(made).GetProperty("dnskey")[0].GetString() + "\n", _folder);
        var export = await RunAsync("zone", "key", "export", key[..^4]);

        Assert.Equal((0, 0, 0), (file.Code, stem.Code, dig.Code));
        foreach (var line in ds)
        {
            Assert.Contains(line, file.Output, StringComparison.Ordinal);
            Assert.Contains(line, dig.Output, StringComparison.Ordinal);
        }

        Assert.Equal(ds, Document(stem).GetProperty("ds").EnumerateArray().Select(line => line.GetString()!));
        await SchemaTests.AssertValidAsync("zone-key", stem.Output);
        Assert.Equal(2, export.Code);
        Assert.Contains("is the public part of a key", export.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_any_key_is_told_as_that()
    {
        File.WriteAllText(Path.Combine(_folder, "Kexample.lab.+013+00001.key"), "; nothing\n");

        var run = await RunAsync("zone", "key", "show", "Kexample.lab.+013+00001.key");

        Assert.Equal(2, run.Code);
        Assert.Contains("there is no DNSKEY record in", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_device_is_told_and_a_pipe_is_written_into()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.WriteAllText(Path.Combine(_folder, "zone"), Zone);
        await RunAsync("zone", "key", "make", "example.lab");
        var pipe = Path.Combine(_folder, "pipe");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe])) await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);

        var full = await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--out", "/dev/full");
        var reading = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);
        var piped = await Task.Run(() => RunAsync("zone", "sign", "zone", "--key-folder", ".", "--out", "pipe"), TestContext.Current.CancellationToken);

        Assert.Equal(2, full.Code);
        Assert.Contains("no space left on device", full.Error, StringComparison.Ordinal);
        Assert.Equal(0, piped.Code);
        Assert.Contains(" IN RRSIG SOA ", await reading, StringComparison.Ordinal);
        Assert.True(Operator.Publishing.ZoneFiles.FileOwnership.IsDevice(pipe));
        Assert.Empty(Directory.GetFiles(_folder, "*.new"));
    }

    [Fact]
    public async Task A_device_is_not_replaced_by_a_secret()
    {
        if (!OperatingSystem.IsLinux()) return;
        await RunAsync("zone", "key", "make", "example.lab", "--folder", "keys");
        var pipe = Path.Combine(_folder, "pipe");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe])) await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        var reading = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);

        var run = await Task.Run(() => RunAsync("zone", "key", "export", Directory.GetFiles(Path.Combine(_folder, "keys"), "*.private")[0], "--out", "pipe"), TestContext.Current.CancellationToken);

        Assert.Equal(0, run.Code);
        Assert.Contains("PRIVATE KEY", await reading, StringComparison.Ordinal);
        Assert.True(Operator.Publishing.ZoneFiles.FileOwnership.IsDevice(pipe));
    }

    private static JsonElement Document(CommandRun run) => JsonDocument.Parse(run.Output).RootElement;

    private Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync(args, folder: _folder);
}
