using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing.Signing;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>How far a zone is on its way to be signed, where not every server is seen.</summary>
public sealed class ZoneSigningJudgeTests
{
    private static readonly DomainName Zone = DomainName.Parse("example.org.");

    /// <summary>A DNSKEY and its DS, of another tool: RFC 6605 §6.1.</summary>
    private static readonly Octets Key = new((byte[])[0x01, 0x01, 3, 13, .. Convert.FromBase64String("GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==")]);

    private static SigningServer Server(int number) => new(DomainName.Parse($"ns{number}.example.org."), IPAddress.Parse($"192.0.2.{number}")) { Keys = [Key], ByItself = Security.Secure, FromAbove = Security.Secure };

    private static ZoneSigningReport Judge(Octets? signer, params SigningServer[] servers) => ZoneSigningJudge.Judge(new(Zone, IsZone: true)
    {
        Servers = [.. servers],
        Parent = DomainName.Parse("org."),
        Parents = [new("a.org-servers.example. 192.0.2.100", Security.Secure, signer is { } ds ? [ds] : [], "")],
    });

    private static Octets Signer()
    {
        var digest = System.Security.Cryptography.SHA256.HashData([.. "\u0007example\u0003org\0"u8, .. Key.Span]);
        var sum = 0u;
        for (var i = 0; i < Key.Length; i++) sum += (i & 1) == 0 ? (uint)Key.Span[i] << 8 : Key.Span[i];
        var tag = (ushort)((sum + (sum >> 16)) & 0xffff);
        return new((byte[])[(byte)(tag >> 8), (byte)(tag & 0xff), 13, 2, .. digest]);
    }

    [Fact]
    public void One_server_that_does_not_answer_makes_no_broken_zone()
    {
        var silent = Server(2) with { Keys = [], ByItself = default, FromAbove = default, Fault = "no answer within 5 s" };
        var report = Judge(Signer(), Server(1), silent);

        Assert.Equal(ZoneSigningState.Unreachable, report.State);
        Assert.Contains("ns2.example.org. 192.0.2.2 could not be seen: no answer within 5 s", report.Reason, StringComparison.Ordinal);
        Assert.Equal(ZoneSigningState.PartlySigned, Judge(null, Server(1) with { FromAbove = Security.Insecure }, silent).State);
        Assert.Equal(ZoneSigningState.Secure, Judge(Signer(), Server(1), Server(2)).State);
    }

    [Fact]
    public void One_that_answers_wrongly_does_whoever_else_is_silent()
    {
        var silent = Server(1) with { Keys = [], ByItself = default, FromAbove = default, Fault = "no answer within 5 s" };
        var wrong = Server(2) with { ByItself = Security.Bogus, FromAbove = Security.Bogus, Explanation = "the signature has expired" };

        Assert.Equal(ZoneSigningState.Broken, Judge(Signer(), silent, wrong).State);
    }
}
