using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Interop.Tests.Survival;
using Danelaw.Lab;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile;

/// <summary>The whole command at mail servers that send without end: its exit status, its memory, its time. What it says of each step is held by the catalogue of hostile servers.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const int Failing = 1, Undetermined = 3;
    private const long MostMemory = 64 << 20;

    /// <summary>The limits of one look at an address, and what starting and ending take.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Rule("R28"), Rfc(3207, "4.2"), Rfc(7672, "2.2")]
    public async Task No_flood_is_believed_kept_or_waited_for()
    {
        await using var lab = await MiniInternet.StartAsync(cancellationToken: Cancelled);
        using var folder = new TestFolder("flood");
        var anchor = folder.Write("root.ds", lab.Anchor + "\n");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=mx.good.lab", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        Task<MeasuredRun> CheckAsync(string whereto) => MeasuredRun.RunAsync(
            Path.Combine(Repository.Root, "danelaw"),
            ["check", "good.lab", "--resolver", $"{lab.Upstream}", "--trust-anchor", anchor, "--connect-to", lab.ConnectNameServersTo, "--connect-to", whereto],
            Cancelled);

        var honest = await CheckAsync(lab.ConnectTo);
        Assert.True(honest.ExitCode == 0, honest.Output + honest.Error);

        var wrong = new List<string>();
        foreach (var flood in Enum.GetValues<Flood>())
        {
            await using var server = new FloodingServer(flood, certificate);
            var run = await CheckAsync(string.Create(CultureInfo.InvariantCulture, $":25:127.0.0.1:{server.Port}"));
            var above = Math.Max(0, run.PeakMemory - honest.PeakMemory);
            var line = string.Create(CultureInfo.InvariantCulture, $"{flood,-18} exit {run.ExitCode}, {run.Wall.TotalSeconds:F1} s, {run.Cpu.TotalSeconds:F2} s of CPU, {above / 1048576.0:F1} MiB above an honest check");
            output.WriteLine("TELL: " + line);
            if (run.ExitCode != Expected(flood) || above > MostMemory || run.Wall > MostTime || run.Output.Length > 16384) wrong.Add($"{line}\n{run.Output}{run.Error}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Whoever cuts the dialogue off may be anybody on the way; whoever speaks TLS wrongly, or shows another key, would get no mail.</summary>
    private static int Expected(Flood flood) => flood is Flood.Greetings or Flood.EndlessGreeting or Flood.Extensions or Flood.EndlessExtension or Flood.Reset or Flood.Leave ? Undetermined : Failing;
}
