using System.Diagnostics;
using System.Globalization;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Benchmarks;

/// <summary>
/// Signatures verified a second on one core, beside what <c>openssl speed</c> makes of the same algorithm. Both take turns, five rounds, the medians count. Ours hashes 300 octets
/// of data first; OpenSSL's figure is for a digest that stands ready, but for Ed25519.
/// </summary>
internal static class VerifyTable
{
    private const int Rounds = 5;

    private static readonly (SecurityAlgorithm Algorithm, string Peer, int Repetitions)[] Lines =
    [
        (SecurityAlgorithm.RsaSha256, "rsa2048", 10000),
        (SecurityAlgorithm.EcdsaP256Sha256, "ecdsap256", 5000),
        (SecurityAlgorithm.EcdsaP384Sha384, "ecdsap384", 1000),
        (SecurityAlgorithm.Ed25519, "ed25519", 5000),
    ];

    internal static void Take()
    {
        Console.WriteLine("| algorithm | Danelaw / openssl speed, verifications a second of CPU | importing a key costs so many verifications |\n|---|---|---|");
        foreach (var (algorithm, peer, repetitions) in Lines)
        {
            var data = new byte[300];
            var signer = SigningKey.Generate(algorithm);
            var signature = signer.Sign(data);
            var field = signer.PublicKey.Span.ToArray();
            if (!VerificationKey.TryImport(algorithm, field, out var key)) throw new InvalidOperationException("the key cannot be imported");
            var (ours, theirs, imports) = (new List<double>(), new List<double>(), new List<double>());
            Rate(() => key.Verify(data, signature), repetitions);
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(Rate(() => key.Verify(data, signature), repetitions));
                theirs.Add(AskOpenSsl(peer));
                imports.Add(Rate(() => VerificationKey.TryImport(algorithm, field, out _), repetitions));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {SecurityAlgorithms.ToText(algorithm)} | {Middle(ours) / Middle(theirs):F2} | {Middle(ours) / Middle(imports):F2} |"));
        }
    }

    private static double Rate(Func<bool> work, int repetitions)
    {
        var started = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < repetitions; i++)
            if (!work()) throw new InvalidOperationException("a sound signature was refused");
        return repetitions / (Environment.CpuUsage.TotalTime - started).TotalSeconds;
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
