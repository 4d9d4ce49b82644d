using System.Security.Cryptography;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>Passwords, secrets and folders: <c>tlsa create</c> with the files of <c>tests/Corpora/key-sources</c>.</summary>
public sealed class TlsaCreateSourceTests
{
    private const string Password = "schlüssel 7";

    private static readonly string Folder = Repository.Corpus("key-sources");

    private static Task<CommandRun> CreateAsync(string file, string[] options, IReadOnlyDictionary<string, string>? variables = null, Func<string, string?>? typed = null, string input = "") =>
        CommandRun.OfAsync(["tlsa", "create", file, "--name", "mx.example.org", .. options], input, Folder, variables: variables, typed: typed);

    [Fact]
    public async Task The_password_comes_from_a_file_the_environment_standard_input_or_the_terminal()
    {
        var asked = new List<string>();
        var expected = $"_25._tcp.mx.example.org. IN TLSA 3 1 1 {Digest("ed448")}\n";
        foreach (var run in (CommandRun[])[
            await CreateAsync("ed448.old.p12", ["--password-file", "pass.txt", "-q"]),
            await CreateAsync("ed448.old.p12", ["--password-file", "-"], input: Password + "\r\nmore"),
            await CreateAsync("ed448.encrypted.pem", ["--password-env", "KEY_PASSWORD"], new Dictionary<string, string> { ["KEY_PASSWORD"] = Password }),
            await CreateAsync("ed448.new.p12", [], typed: Typed)])
            Assert.Equal((0, expected, ""), (run.Code, run.Output, run.Error));
        Assert.Equal(["password of ed448.new.p12: "], asked);

        string Typed(string prompt)
        {
            asked.Add(prompt);
            return Password;
        }
    }

    [Fact]
    public async Task Without_a_password_or_with_a_wrong_one_it_is_misuse()
    {
        var nobody = await CreateAsync("rsa.encrypted.pem", []);
        Assert.Equal((2, "", "danelaw: error: rsa.encrypted.pem: it is encrypted, and there is no terminal to ask for its password\ndanelaw: hint: give it with --password-file FILE or --password-env NAME\n"), (nobody.Code, nobody.Output, nobody.Error));
        var wrong = await CreateAsync("rsa.new.p12", ["-q"], typed: _ => "hunter2");
        Assert.Equal((2, "", "danelaw: error: rsa.new.p12: the password is wrong, or the file is damaged\n"), (wrong.Code, wrong.Output, wrong.Error));
        var unset = await CreateAsync("rsa.new.p12", ["--password-env", "NONE", "-q"]);
        Assert.Equal((2, "danelaw: error: --password-env: there is no variable NONE in the environment\n"), (unset.Code, unset.Error));
        Assert.Equal(2, (await CreateAsync("-", ["--password-file", "-"])).Code);
    }

    [Fact]
    public async Task An_anchor_may_stand_in_a_bundle_or_beside_it()
    {
        var run = await CreateAsync("rsa.old.p12", ["--password-file", "pass.txt", "--usage", "2", "-q"]);
        Assert.Equal(0, run.Code);
        var beside = await CreateAsync("rsa.cert.pem", ["--anchor", "ca.pem", "--usage", "2", "--allow", "-q"]);
        Assert.Equal(run.Output, beside.Output);
    }

    [Fact]
    public async Task One_password_on_standard_input_is_for_every_file()
    {
        var run = await CreateAsync("rsa.old.p12", ["--anchor", "rsa.new.p12", "--password-file", "-", "--usage", "2", "--allow", "-q"], input: Password + "\n");
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: no record was made: there is more than one certificate for the anchor", run.Error, StringComparison.Ordinal);
    }

    /// <summary>No part of a key, in any spelling, and no password: whatever is given, as text and as JSON, right and wrong.</summary>
    [Fact]
    public async Task Nothing_of_a_private_key_or_password_is_ever_shown()
    {
        var secrets = Secrets().ToList();
        Assert.True(secrets.Count > 100, $"{secrets.Count} secrets");
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            var name = Path.GetFileName(path);
            foreach (var run in (CommandRun[])[
                await CreateAsync(name, ["--json"], typed: _ => Password),
                await CreateAsync(name, ["--format", "form", "--usage", "1"], typed: _ => Password),
                await CreateAsync(name, ["--usage", "2", "--selector", "0"], typed: _ => Password),
                await CreateAsync(name, [], typed: _ => "wrong " + Password)])
            {
                var said = run.Output + run.Error;
                Assert.NotEqual(70, run.Code);
                Assert.All(secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    [Fact]
    public async Task A_folder_of_certbots_is_its_chain_and_what_its_settings_mean_is_told()
    {
        using var folder = new Testing.Peers.TestFolder("lineage");
        folder.Write("live/mx.example.org/fullchain.pem", File.ReadAllText(Path.Combine(Folder, "p256.cert.pem")) + File.ReadAllText(Path.Combine(Folder, "ca.pem")));
        var settings = folder.Write("renewal/mx.example.org.conf", "version = 2.1.0\n[renewalparams]\nkey_type = ecdsa\n");
        string[] call = ["tlsa", "create", folder["live/mx.example.org/"], "--name", "mx.example.org"];

        var run = await CommandRun.OfAsync(call);
        Assert.Equal((0, $"_25._tcp.mx.example.org. IN TLSA 3 1 1 {Digest("p256")}\n"), (run.Code, run.Output));
        Assert.Equal($"danelaw: hint: certbot makes a new key at the next renewal, which this record will not match: {settings} has no reuse_key = True; danelaw explain ACME-KEY-CHANGES\n", run.Error);
        folder.Write("renewal/mx.example.org.conf", "reuse_key = True\n");
        Assert.Equal("", (await CommandRun.OfAsync(call)).Error);
        Assert.Equal("", (await CommandRun.OfAsync([.. call, "--usage", "2", "-q"])).Error);
    }

    private static string Digest(string key) => File.ReadLines(Path.Combine(Folder, "digests.txt")).Select(line => line.Split(' ')).Single(line => line[0] == key)[1];

    /// <summary>The password, each line of each private key as it stands there, and in hexadecimal and base64 what only the private half has.</summary>
    private static IEnumerable<string> Secrets()
    {
        yield return Password;
        foreach (var path in Directory.EnumerateFiles(Folder, "*.pem").Where(path => File.ReadAllText(path).Contains("PRIVATE KEY", StringComparison.Ordinal)))
            foreach (var line in File.ReadAllLines(path).Where(line => line.Length > 20 && !line.Contains("-----", StringComparison.Ordinal) && !line.Contains(':', StringComparison.Ordinal)))
                yield return line;
        using var rsa = RSA.Create();
        rsa.ImportFromPem(File.ReadAllText(Path.Combine(Folder, "rsa.key.pem")));
        using var ec = ECDsa.Create();
        ec.ImportFromPem(File.ReadAllText(Path.Combine(Folder, "p256.key.pem")));
        var numbers = rsa.ExportParameters(includePrivateParameters: true);
        foreach (var number in (byte[][])[numbers.D!, numbers.P!, numbers.Q!, numbers.DP!, numbers.DQ!, numbers.InverseQ!, ec.ExportParameters(includePrivateParameters: true).D!, File.ReadAllBytes(Path.Combine(Folder, "ed25519.key.der"))[^32..], File.ReadAllBytes(Path.Combine(Folder, "ed448.key.der"))[^57..]])
        {
            yield return Convert.ToHexString(number)[..32];
            yield return Convert.ToBase64String(number)[..20];
        }
    }
}
