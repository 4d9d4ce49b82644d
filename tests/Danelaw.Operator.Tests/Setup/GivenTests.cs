using Danelaw.Operator.Audit;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Certificates that are given once the servers read chain files of Danelaw's.</summary>
public sealed class GivenTests : IDisposable
{
    private const string Owned = "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem";

    private readonly SetupHost _host = new SetupHost { Published = [] }.HowTo();

    public void Dispose() => _host.Dispose();

    private async Task SetUpAsync() => Assert.Equal(SetupResult.Done, (await new SetClock().Run(_host, new(), new()).ApplyAsync(await _host.PlanAsync(), null, TestContext.Current.CancellationToken)).Result);

    private async Task<SetupPlan> GiveAsync()
    {
        var options = new SetupOptions { CertificateFile = "/root/new.pem", KeyFile = "/root/new.key" };
        var facts = new SetupReader(_host.Host.Files, options).Read(await _host.Host.ReadAsync(), NetworkFacts.None, await _host.Host.ExamineAsync());
        return SetupPlanner.Plan(facts with { Asked = [SetupHost.Address(), SetupHost.Answer([])] }, options, HostFolder.Now);
    }

    private void Give(string key, string certificates) => _host.Host.WriteKey("/root/new.key", key).Write("/root/new.pem", certificates);

    [Fact]
    public async Task A_later_certificate_for_the_key_comes_into_the_chain_file()
    {
        await SetUpAsync();
        Give(_host.Host.Leaf.PrivateKeyToPem(), _host.Host.Leaf.ToPem() + _host.Host.Root.ToPem());
        Assert.DoesNotContain((await GiveAsync()).Steps, step => step.Stage == SetupStage.Chains);
        Give(_host.Host.Leaf.PrivateKeyToPem(), _host.Reissue("mx.example.org", 80) + _host.Host.Root.ToPem());
        var step = Assert.Single((await GiveAsync()).Steps, step => step.Stage == SetupStage.Chains);
        var change = Assert.IsType<Change.WriteChain>(Assert.Single(step.Changes));
        Assert.Equal((Owned, "/root/new.pem:1"), (change.File, change.Certificates[0].ToString()));
        Assert.Equal(["postfix reload"], step.Reloads.Select(reload => reload.Command));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    public async Task A_group_that_was_let_read_the_chain_file_goes_on_reading_it(UnixFileMode mode, UnixFileMode expected)
    {
        await SetUpAsync();
        File.SetUnixFileMode(_host.Host.Here(Owned), mode);
        var certificate = _host.Reissue("mx.example.org", 80) + _host.Host.Root.ToPem();
        Give(_host.Host.Leaf.PrivateKeyToPem(), certificate);
        var plan = await GiveAsync();
        await new SetClock().Run(_host, new(), new()).ApplyAsync(plan with { Steps = [.. plan.Steps.Where(step => step.Stage == SetupStage.Chains)] }, null, TestContext.Current.CancellationToken);
        Assert.Contains(certificate, await File.ReadAllTextAsync(_host.Host.Here(Owned), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(expected, File.GetUnixFileMode(_host.Host.Here(Owned)));
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_though_the_key_is_shown_already()
    {
        await SetUpAsync();
        var other = _host.Host.Authority.Issue(new() { Name = "mx.example.org", Issuer = _host.Host.Root });
        Give(_host.Host.Leaf.PrivateKeyToPem(), other.ToPem());
        Assert.Contains("belongs to the private key", Assert.Single((await GiveAsync()).Obstacles, one => one.IsFatal).What, StringComparison.Ordinal);
        Give(_host.Host.Leaf.PrivateKeyToPem(), _host.Reissue("mx.example.org", -1));
        Assert.Contains("has expired", Assert.Single((await GiveAsync()).Obstacles, one => one.IsFatal).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_kind_beside_that_of_today_is_shown_too()
    {
        await SetUpAsync();
        using var key = System.Security.Cryptography.RSA.Create(2048);
        using var rsa = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=mx.example.org", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1).CreateSelfSigned(HostFolder.Now.AddDays(-1), HostFolder.Now.AddDays(90));
        Give(_host.Host.Leaf.PrivateKeyToPem() + key.ExportPkcs8PrivateKeyPem() + "\n", _host.Host.Leaf.ToPem() + _host.Host.Root.ToPem() + rsa.ExportCertificatePem() + "\n");
        Assert.Equal($"{Owned}, {Owned.Replace("ecdsa", "rsa", StringComparison.Ordinal)}", Assert.Single((await GiveAsync()).Steps.SelectMany(step => step.Changes).OfType<Change.SetParameter>(), change => change.Name == "smtpd_tls_chain_files").Value);
    }

    [Fact]
    public async Task What_danelaw_rolls_is_given_another_certificate_by_its_offers()
    {
        await SetUpAsync();
        _host.Host.WriteKey("/etc/danelaw/rollover.toml", $"[[roll]]\nname = \"mx\"\nowners = [\"mx.example.org:25\"]\nreload = []\nchain = [{{ file = \"{Owned}\", offers = [\"/etc/letsencrypt/live/mx\"] }}]\npublisher = {{ kind = \"manual\" }}\n");
        Give(_host.Host.Leaf.PrivateKeyToPem(), _host.Reissue("mx.example.org", 80));
        var told = Assert.Single((await GiveAsync()).Obstacles, one => one.IsFatal);
        Assert.StartsWith($"danelaw rollover looks after {Owned}", told.What, StringComparison.Ordinal);
        Assert.Contains("add { certificate = \"/root/new.pem\", key = \"/root/new.key\" } to the offers", told.ToDo, StringComparison.Ordinal);
    }
}
