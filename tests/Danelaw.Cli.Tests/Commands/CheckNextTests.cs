using System.Security.Cryptography;
using System.Text.Json;
using Danelaw.Cli.Tests.Running;
using Danelaw.Testing.Peers;

namespace Danelaw.Cli.Tests.Commands;

/// <summary><c>check --next</c> with all that is to come: mx.dual.lab has records of an RSA and an ECDSA key, and another host's server answers for it, as before both are deployed.</summary>
public sealed class CheckNextTests(LabWorld world) : IClassFixture<LabWorld>, IDisposable
{
    private readonly TestFolder _folder = new("next");

    public void Dispose() => _folder.Dispose();

    [Fact, Rule("R64")]
    public async Task Every_key_of_a_file_counts()
    {
        Assert.Equal(["next", "next"], await StatesAsync("--next", Write("dual.pem", [.. Identities.Select(identity => identity.Key + identity.Chain)])));
        Assert.Equal(["next", "next"], await StatesAsync("--next", Write("certificates.pem", [.. Identities.Select(identity => identity.Chain)])));
        Assert.Equal(["next", "next"], await StatesAsync("--next", Write("keys.pem", [.. Identities.Select(identity => identity.Key)])));
    }

    [Fact, Rule("R64")]
    public async Task Several_files_may_be_given()
    {
        string[] files = [.. Identities.Select((identity, i) => Write($"{i}.pem", identity.Chain))];

        Assert.Equal(["next", "next"], await StatesAsync("--next", files[0], "--next", files[1]));
        Assert.Equal(["next", "stale"], await StatesAsync("--next", files[0]));
        Assert.Equal(["other", "other"], await StatesAsync());
    }

    private IEnumerable<(string Key, string Chain)> Identities =>
        world.Lab.Hosts.Single(host => host.Name.TrimEnd('.') == "mx.dual.lab").Tls.Identities.Select(identity => (
            identity.Certificate.PrivateKeyToPem() + "\n",
            string.Concat(identity.Sent.Select(der => PemEncoding.WriteString("CERTIFICATE", der.Span) + "\n"))));

    private string Write(string name, params string[] parts) => _folder.Write(name, string.Concat(parts));

    private async Task<string?[]> StatesAsync(params string[] options)
    {
        var other = world.Lab.Hosts.Single(host => host.Name.TrimEnd('.') == "mx.good.lab").Addresses[0];
        var run = await world.RunAsync(["check", "smtp://mx.dual.lab:25", "--json", "--connect-to", $"mx.dual.lab:25:{other}:{world.Lab.ConnectTo.Split(':')[^1]}", .. options]);
        if (run.Output.Length == 0) Assert.Fail(run.Error);
        using var json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.GetProperty("hosts")[0].GetProperty("tlsa").GetProperty("records").EnumerateArray().Select(record => record.GetProperty("state").GetString()).Order()];
    }
}
