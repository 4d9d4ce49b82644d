using System.Diagnostics;
using System.Globalization;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Benchmarks;

/// <summary>
/// Signatures verified a second of processor time on one core, beside what <c>openssl speed</c> makes of the same algorithm. In each round ours is measured before and after OpenSSL's,
/// so that what else the machine does slows both alike; the median of the rounds' ratios counts. Ours hashes 300 octets of data first; OpenSSL's figure is for a digest that
/// stands ready, but for Ed25519.
/// </summary>
internal static class VerifyTable
{
    private const int Rounds = 9;

    /// <summary>How long ours is measured before OpenSSL's second, and again after it.</summary>
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    private static readonly (SecurityAlgorithm Algorithm, string Peer)[] Lines =
    [
        (SecurityAlgorithm.RsaSha256, "rsa2048"),
        (SecurityAlgorithm.EcdsaP256Sha256, "ecdsap256"),
        (SecurityAlgorithm.EcdsaP384Sha384, "ecdsap384"),
        (SecurityAlgorithm.Ed25519, "ed25519"),
        (SecurityAlgorithm.Ed448, "ed448"),
    ];

    internal static void Take()
    {
        Console.WriteLine("| algorithm | Danelaw / openssl speed, verifications a second of CPU | lowest and highest of the rounds | importing a key costs so many verifications |\n|---|---|---|---|");
        foreach (var (algorithm, peer) in Lines)
        {
            var data = new byte[300];
            var signer = SigningKey.Generate(algorithm);
            var signature = signer.Sign(data);
            var field = signer.PublicKey.Span.ToArray();
            if (!VerificationKey.TryImport(algorithm, field, out var key)) throw new InvalidOperationException("the key cannot be imported");
            bool Verify() => key.Verify(data, signature);
            var (ratios, imports) = (new List<double>(), new List<double>());
            Rate(Verify);
            for (var round = 0; round < Rounds; round++)
            {
                var before = Rate(Verify);
                var theirs = AskOpenSsl(peer);
                var ours = (before + Rate(Verify)) / 2;
                ratios.Add(ours / theirs);
                imports.Add(ours / Rate(() => VerificationKey.TryImport(algorithm, field, out _)));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {SecurityAlgorithms.ToText(algorithm)} | {Middle(ratios):F2} | {ratios.Min():F2} to {ratios.Max():F2} | {Middle(imports):F2} |"));
        }
    }

    /// <summary>How often a second of processor time the work is done.</summary>
    private static double Rate(Func<bool> work)
    {
        var (done, started) = (0, Environment.CpuUsage.TotalTime);
        while (true)
        {
            for (var i = 0; i < 50; i++)
                if (!work()) throw new InvalidOperationException("a sound signature was refused");
            done += 50;
            if (Environment.CpuUsage.TotalTime - started is var spent && spent >= Half) return done / spent.TotalSeconds;
        }
    }

    /// <summary>The last figure of the last line: verifications a second of user time.</summary>
    private static double AskOpenSsl(string algorithm)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", ["speed", "-seconds", "1", algorithm]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("openssl does not start");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var lines = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        return double.Parse(lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
