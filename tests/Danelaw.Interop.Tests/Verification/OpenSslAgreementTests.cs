using System.Collections.Concurrent;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Testing.Peers;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;
using Danelaw.Verification.Paths;

namespace Danelaw.Interop.Tests.Verification;

/// <summary>Danelaw and OpenSSL judge the same chains by the same records; where they differ the case says why, and then they must differ.</summary>
public sealed class OpenSslAgreementTests
{
    public static TheoryData<string> Areas { get; } = new(ChainCase.Areas.Keys.Order());

    [Theory, MemberData(nameof(Areas)), Peer("openssl"), Rule("R38"), Rule("R39"), Rule("R43"), Rule("R44"), Rule("R46"), Rule("R48")]
    public async Task OpenSSL_and_Danelaw_agree_about(string area)
    {
        var rows = new ConcurrentBag<string>();
        var wrong = new ConcurrentBag<string>();
        var cancellationToken = TestContext.Current.CancellationToken;
        await Parallel.ForEachAsync(ChainCase.Areas[area](), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (one, token) =>
        {
            var theirs = await OpenSslDane.JudgeAsync(one.Chain, "mx.example.org", one.Records, one.Reference, one.Roots, token);
            var ours = DaneVerifier.Judge(one.Chain, one.Records, Policy(one), Forge.Now);
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {ours.Reason} {ours.Depth}; openssl {(theirs.IsMatch ? "ok" : "no")} {theirs.Depth} {one.Difference}"));
            var agree = ours.IsMatch == theirs.IsMatch && (ours.Depth == theirs.Depth || one.DepthDifference is not null);

            // Where a path is accepted here and not there, the finding that tells it finds the same.
            if (ours.IsMatch && ours.Depth > 0 && one.Records.All(record => record.Usage == TlsaUsage.DaneTa) && FirstPath.WhyPassedBy(one.Chain, one.Records, Forge.Now, new(new())) is var why && why is null != theirs.IsMatch)
                wrong.Add($"{one.Name}: told is {why ?? "nothing"}\n{theirs.Everything}");
            if (agree != (one.Difference is null)) wrong.Add($"{one.Name}: {ours.Reason} {ours.Depth}: {ours.Explanation}\n{theirs.Everything}");
        });

        foreach (var row in rows.Order(StringComparer.Ordinal)) TestContext.Current.TestOutputHelper?.WriteLine(row);
        Assert.Empty(wrong);
    }

    /// <summary>OpenSSL honours all four usages, and the common name too; so each case is judged by the kind of service that comes nearest.</summary>
    private static DanePolicy Policy(ChainCase one) => new()
    {
        Service = one.Records.Any(record => record.UsabilityFor(ServiceKind.Smtp) == Usability.UsageNotForSmtp) ? ServiceKind.Other : ServiceKind.Smtp,
        ReferenceNames = [DomainName.Parse(one.Reference)],
        Roots = one.Roots.IsEmpty ? null : new TrustStore(one.Roots),
    };
}
