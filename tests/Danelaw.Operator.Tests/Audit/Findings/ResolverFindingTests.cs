using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Resolving;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>The resolver by what it answered.</summary>
public sealed class ResolverFindingTests
{
    private static readonly ResolverProbe Sound = new(IPAddress.Loopback, ExchangeOutcome.Replied, true, ExchangeOutcome.Replied, ResponseCode.ServerFailure, DomainName.Parse("bogus.example."));

    private static async Task<DoctorReport> JudgeAsync(ResolverProbe probe)
    {
        using var host = new HostFolder();
        return Doctor.Judge(await host.ReadAsync(), host.Files, new() { Resolvers = [probe] }, new CheckOptions(), HostFolder.Now);
    }

    private static async Task<string?> FindAsync(ResolverProbe probe) => (await JudgeAsync(probe)).Findings.Select(HostFolder.Say).SingleOrDefault();

    [Fact]
    public async Task One_that_validates_is_no_finding()
    {
        var report = await JudgeAsync(Sound);
        Assert.Empty(report.Findings);
        Assert.Empty(report.Unseen);
    }

    [Fact, Rfc(7672, "2.1.1"), Rule("R10")]
    public async Task One_that_does_not_validate_answers_nothing_or_lets_forged_answers_pass_is_an_error()
    {
        Assert.Equal("error RESOLVER-SILENT /etc/resolv.conf", await FindAsync(Sound with { Root = ExchangeOutcome.TimedOut }));
        Assert.Equal("error RESOLVER-NOT-VALIDATING /etc/resolv.conf", await FindAsync(Sound with { IsAuthentic = false }));
        Assert.Equal("error RESOLVER-NOT-VALIDATING /etc/resolv.conf", await FindAsync(Sound with { BogusCode = ResponseCode.NoError }));
    }

    [Fact]
    public async Task Where_the_bogus_name_tells_nothing_that_is_unseen()
    {
        foreach (var probe in new[] { Sound with { Bogus = ExchangeOutcome.TimedOut, BogusCode = null }, Sound with { BogusCode = ResponseCode.NameError, IsBogusAuthentic = true } })
        {
            var report = await JudgeAsync(probe);
            Assert.Empty(report.Findings);
            Assert.Contains("--bogus-name", Assert.Single(report.Unseen).Why, StringComparison.Ordinal);
        }
    }
}
