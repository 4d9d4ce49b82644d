using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>What <c>zone sign</c> makes of the files of a key folder.</summary>
public sealed class ZoneKeyFileTests : IDisposable
{
    private const string Zone = "$TTL 1800\n@ SOA ns hostmaster 1 7200 900 1209600 300\n@ NS ns\nns A 127.0.0.1\nwww A 127.0.0.2\n";
    private const string Past = "20200101000000";
    private const string Future = "20990101000000";

    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-keys-").FullName;

    public ZoneKeyFileTests() => File.WriteAllText(At("zone"), Zone);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", true, true, "")]
    [InlineData($"Created: {Past}\nPublish: {Past}\nActivate: {Past}\n", true, true, "")]
    [InlineData($"Activate: {Past}\n", true, true, "")]
    [InlineData($"Publish: {Past}\n", true, false, "is published and does not sign")]
    [InlineData($"Inactive: {Past}\n", true, false, "is published and does not sign")]
    [InlineData($"Created: {Past}\n", false, false, "is not published yet")]
    [InlineData($"Publish: {Future}\nActivate: {Future}\n", false, false, "is not published yet")]
    [InlineData($"Publish: {Past}\nActivate: {Future}\n", true, false, "is published and does not sign")]
    [InlineData($"Activate: {Future}\n", false, false, "is not published yet")]
    [InlineData($"Publish: {Future}\nActivate: {Past}\n", false, false, "is not published yet")]
    [InlineData($"Publish: {Past}\nActivate: {Past}\nInactive: {Past}\n", true, false, "is published and does not sign")]
    [InlineData($"Publish: {Past}\nActivate: {Past}\nInactive: {Past}\nDelete: {Past}\n", false, false, "is taken out of the zone")]
    [InlineData($"Publish: {Past}\nActivate: {Past}\nDelete: {Future}\n", true, true, "")]
    [Rfc(6781, "4.1")]
    public async Task The_times_of_a_key_are_obeyed_and_told(string times, bool isPublished, bool signs, string told)
    {
        await MakeAsync("csk");
        var timed = await MakeAsync("zsk");
        File.AppendAllText(timed.Stem + ".private", times);

        var run = await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--json");

        Assert.Equal(0, run.Code);
        var text = File.ReadAllText(At("zone.signed"));
        Assert.Equal(isPublished, text.Contains(timed.Dnskey, StringComparison.Ordinal));
        Assert.Equal(signs, text.Contains($" {timed.Tag} example.lab. ", StringComparison.Ordinal));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Equal(told.Length > 0, Document(run).GetProperty("notes").GetArrayLength() > 0);
        await SchemaTests.AssertValidAsync("zone-sign", run.Output);
        Assert.Equal(0, (await RunAsync("zone", "check", "zone.signed")).Code);
    }

    [Fact, Rfc(6781, "4.1")]
    public async Task Where_the_only_ZSK_is_no_longer_active_it_is_told_who_signs_in_its_stead()
    {
        var ksk = await MakeAsync("ksk");
        var zsk = await MakeAsync("zsk");
        File.AppendAllText(zsk.Stem + ".private", $"Publish: {Past}\nActivate: {Past}\nInactive: {Past}\n");

        var run = await RunAsync("zone", "sign", "zone", "--key-folder", ".");

        Assert.Equal(0, run.Code);
        Assert.Contains($"is active: key {ksk.Tag} signs everything", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_folder_with_the_keys_of_several_zones_those_of_the_zone_in_the_file_sign()
    {
        await MakeAsync("csk");
        Assert.Equal(0, (await RunAsync("zone", "key", "make", "other.lab")).Code);
        File.WriteAllText(At("named"), "$ORIGIN example.lab.\n" + File.ReadAllText(At("zone")));

        var signed = await RunAsync("zone", "sign", "named", "--key-folder", ".");
        var unnamed = await RunAsync("zone", "sign", "zone", "--key-folder", ".");

        Assert.Equal((0, 2), (signed.Code, unnamed.Code));
        Assert.StartsWith("example.lab. signed", signed.Output, StringComparison.Ordinal);
        Assert.Contains("--origin", unnamed.Error, StringComparison.Ordinal);
    }

    [Fact, Rfc(6781, "4.1.4")]
    public async Task A_deleted_key_leaves_the_signed_zone_and_a_key_of_another_algorithm_does_not_start_early()
    {
        await MakeAsync("csk");
        var old = await MakeAsync("zsk");
        await RunAsync("zone", "sign", "zone", "--key-folder", ".");
        File.AppendAllText(old.Stem + ".private", $"Publish: {Past}\nActivate: {Past}\nInactive: {Past}\nDelete: {Past}\n");
        var next = await MakeAsync("csk", "--algorithm", "15");
        File.AppendAllText(next.Stem + ".private", $"Publish: {Future}\nActivate: {Future}\n");

        var run = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--out", "zone.signed");

        Assert.Equal(0, run.Code);
        var text = File.ReadAllText(At("zone.signed"));
        Assert.DoesNotContain(old.Dnskey, text, StringComparison.Ordinal);
        Assert.DoesNotContain(next.Dnskey, text, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("zone", "check", "zone.signed", "--strict")).Code);
    }

    [Fact, Rfc(5011, "2.1")]
    public async Task A_key_whose_time_of_revocation_has_come_is_revoked()
    {
        await MakeAsync("csk");
        var old = await MakeAsync("ksk");
        File.AppendAllText(old.Stem + ".private", $"Publish: {Past}\nActivate: {Past}\nInactive: {Past}\nRevoke: {Past}\n");

        var run = await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--cds", "publish");

        Assert.Equal(0, run.Code);
        Assert.Contains("is revoked by now", run.Error, StringComparison.Ordinal);
        var text = File.ReadAllText(At("zone.signed"));
        Assert.DoesNotContain(old.Dnskey, text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.Contains(" IN DNSKEY 385 ", StringComparison.Ordinal));
        Assert.Single(text.Split('\n'), line => line.Contains(" IN CDS ", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync("zone", "check", "zone.signed", "--strict")).Code);
    }

    [Fact]
    public async Task A_key_that_is_named_signs_whatever_its_times_and_that_is_told()
    {
        var key = await MakeAsync("csk");
        File.AppendAllText(key.Stem + ".private", $"Publish: {Future}\nActivate: {Future}\n");

        var named = await RunAsync("zone", "sign", "zone", "--key", key.Stem);
        var found = await RunAsync("zone", "sign", "zone", "--key-folder", ".");

        Assert.Equal((0, 2), (named.Code, found.Code));
        Assert.Contains("its times say otherwise (Publish 2099-01-01 00:00:00, Activate 2099-01-01 00:00:00)", named.Error, StringComparison.Ordinal);
        Assert.Contains("none of the keys can sign the zone now", found.Error, StringComparison.Ordinal);
        Assert.Contains("is not published yet", found.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "has no Kexample.lab.")]
    [InlineData("empty", "no DNSKEY record in it")]
    public async Task A_key_without_a_readable_record_is_an_error_and_not_left_out(string how, string error)
    {
        await MakeAsync("ksk");
        var broken = await MakeAsync("zsk");
        if (how == "missing") File.Delete(broken.Stem + ".key");
        else File.WriteAllText(broken.Stem + ".key", "");

        var run = await RunAsync("zone", "sign", "zone", "--key-folder", ".");
        var other = await RunAsync("zone", "key", "make", "example.org");
        var ofAnother = await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--origin", "example.org");

        Assert.Equal((2, 0, 0), (run.Code, other.Code, ofAnother.Code));
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_for_transactions_are_passed_over()
    {
        await MakeAsync("csk");
        File.WriteAllText(At("Kexample.lab.+165+12345.key"), "example.lab. IN KEY 512 3 165 AAAA\n");
        File.WriteAllText(At("Kexample.lab.+165+12345.private"), "Private-key-format: v1.3\nAlgorithm: 165 (HMAC_SHA512)\nKey: AAAA\n");
        File.WriteAllText(At("Kept.key"), "nothing of ours\n");

        Assert.Equal(0, (await RunAsync("zone", "sign", "zone", "--key-folder", ".")).Code);
    }

    [Fact, Rfc(4035, "5.2")]
    public async Task Without_the_private_half_of_the_KSK_an_unsigned_zone_is_refused_and_its_signed_form_signed_again()
    {
        var ksk = await MakeAsync("ksk");
        await MakeAsync("zsk");
        await RunAsync("zone", "sign", "zone", "--key-folder", ".");
        File.Delete(ksk.Stem + ".private");
        var before = File.ReadAllText(At("zone.signed"));

        var refused = await RunAsync("zone", "sign", "zone", "--key-folder", ".");
        var still = File.ReadAllText(At("zone.signed"));
        var again = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--out", "again");

        Assert.Equal((1, 0), (refused.Code, again.Code));
        Assert.Contains("RFC 6840 §6.2", refused.Error, StringComparison.Ordinal);
        Assert.Contains("there is no " + Path.GetFileName(ksk.Stem) + ".private", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, still);
        File.WriteAllText(At("ds"), ksk.Ds + "\n");
        Assert.Equal(0, (await RunAsync("zone", "check", "again", "--ds", "ds")).Code);
    }

    [Fact]
    public async Task A_key_is_taken_out_by_its_tag()
    {
        await MakeAsync("csk");
        var old = await MakeAsync("ksk");
        await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--cds", "publish");

        var run = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--out", "zone.signed", "--remove-key", old.Tag);
        var again = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--out", "zone.signed", "--remove-key", old.Tag);
        var both = await RunAsync("zone", "sign", "zone.signed", "--key", old.Stem, "--remove-key", old.Tag);

        Assert.Equal((0, 0, 2), (run.Code, again.Code, both.Code));
        Assert.Contains($"no DNSKEY record of tag {old.Tag}", again.Error, StringComparison.Ordinal);
        var text = File.ReadAllText(At("zone.signed"));
        Assert.DoesNotContain(old.Dnskey, text, StringComparison.Ordinal);
        Assert.DoesNotContain($" IN CDS {old.Tag} ", text, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("zone", "check", "zone.signed", "--strict")).Code);
    }

    [Fact]
    public async Task NSEC3_stays_with_its_parameters_until_told_otherwise()
    {
        await MakeAsync("csk");
        await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--nsec3", "--salt", "ab");

        var kept = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--out", "kept", "--json");
        var changed = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--out", "changed", "--nsec", "--json");
        var both = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--nsec", "--nsec3");

        Assert.Equal((0, 0, 2), (kept.Code, changed.Code, both.Code));
        Assert.Equal(("NSEC3", "NSEC"), (Document(kept).GetProperty("denial").GetString(), Document(changed).GetProperty("denial").GetString()));
        Assert.Equal(0, Document(kept).GetProperty("signaturesMade").GetInt32());
        Assert.Contains(" IN NSEC3PARAM 1 0 0 ab", File.ReadAllText(At("kept")), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("NSEC3", File.ReadAllText(At("changed")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_TTL_of_a_key_file_is_that_of_its_record()
    {
        await RunAsync("zone", "key", "make", "example.lab", "--ttl", "77");
        await RunAsync("zone", "sign", "zone", "--key-folder", ".");

        Assert.Contains("example.lab. 77 IN DNSKEY ", File.ReadAllText(At("zone.signed")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--inception 2019-01-01T00:00:00Z --expiry 2020-01-01T00:00:00Z", 2, "the signatures would be over already")]
    [InlineData("--inception 2099-01-01T00:00:00Z --expiry 2099-02-01T00:00:00Z", 0, "the signatures begin only 2099-01-01 00:00:00 UTC")]
    public async Task Signatures_of_no_use_are_refused_or_told(string options, int code, string told)
    {
        await MakeAsync("csk");

        var run = await RunAsync(["zone", "sign", "zone", "--key-folder", ".", .. options.Split(' ')]);

        Assert.Equal(code, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Theory, Rfc(5702, "2.2")]
    [InlineData(512, "10", 2, "such a key has 1024 to 4096 bits")]
    [InlineData(1024, "10", 0, "1024 bits are too short by today's advice")]
    [InlineData(1024, "8", 0, "1024 bits are too short by today's advice")]
    public async Task Short_RSA_keys_are_refused_or_told_on_import(int bits, string algorithm, int code, string told)
    {
        using var rsa = System.Security.Cryptography.RSA.Create(bits);
        File.WriteAllText(At("key.pem"), rsa.ExportPkcs8PrivateKeyPem());

        var run = await RunAsync("zone", "key", "import", "key.pem", "--zone", "example.lab", "--algorithm", algorithm);

        Assert.Equal(code, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_no_library_makes_and_a_folder_that_cannot_be_made_are_misuse()
    {
        var odd = await RunAsync("zone", "key", "make", "example.lab", "--algorithm", "8", "--bits", "1025");
        Assert.Equal((2, true), (odd.Code, odd.Error.Contains("a multiple of 8", StringComparison.Ordinal)));
        Assert.Equal(2, (await RunAsync("zone", "key", "make", "example.lab", "--folder", "none/keys")).Code);

        Assert.Equal(0, (await RunAsync("zone", "key", "make", "example.lab", "--folder", "keys")).Code);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(At("keys")));
    }

    [Fact, Rfc(4034, "2.1.1")]
    public async Task Beside_a_key_signing_key_the_parent_gets_nothing_of_the_others()
    {
        var entry = await MakeAsync("ksk");
        var other = await MakeAsync("zsk");

        var shown = await RunAsync("zone", "key", "show", entry.Stem + ".key", other.Stem + ".key", "--print", "ds");

        Assert.Equal(2, shown.Output.Split('\n').Count(line => line.Contains(" DS ", StringComparison.Ordinal)));
        Assert.DoesNotContain($" DS {other.Tag} ", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"key {other.Tag} is a zone-signing key", shown.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" CDS ", (await RunAsync("zone", "key", "make", "example.lab", "--role", "zsk")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_first_signature_ends_is_told_also_of_one_that_was_kept()
    {
        await MakeAsync("csk");
        await RunAsync("zone", "sign", "zone", "--key-folder", ".", "--now", "2026-01-01T00:00:00Z");
        File.AppendAllText(At("zone.signed"), "new.example.lab. 300 IN A 127.0.0.9\n");

        var run = await RunAsync("zone", "sign", "zone.signed", "--key-folder", ".", "--now", "2026-01-05T00:00:00Z", "--json");

        Assert.Equal(("2026-01-15T00:00:00Z", "2026-01-19T00:00:00Z"), (Document(run).GetProperty("firstExpiration").GetString(), Document(run).GetProperty("expiration").GetString()));
    }

    private static JsonElement Document(CommandRun run) => JsonDocument.Parse(run.Output).RootElement;

    private string At(string file) => Path.Combine(_folder, file);

    private async Task<(string Stem, string Tag, string Dnskey, string Ds)> MakeAsync(string role, params string[] further)
    {
        var made = Document(await RunAsync(["zone", "key", "make", "example.lab", "--role", role, "--json", .. further]));
        var file = made.GetProperty("files")[0].GetString()!;
        return (file[..^4], made.GetProperty("tag").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture), made.GetProperty("dnskey")[0].GetString()!.Split(" IN ")[1], made.GetProperty("ds")[0].GetString()!);
    }

    private Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync(args, folder: _folder);
}
