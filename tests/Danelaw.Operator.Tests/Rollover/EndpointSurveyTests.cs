using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Checks;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Tests.Audit.Beside;
using Danelaw.Operator.Tests.Rollover.Running;
using Danelaw.Probes;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>What a roll sees at an endpoint.</summary>
public sealed class EndpointSurveyTests
{
    [Theory]
    [InlineData("the server ends the session right after the handshake, with the alert certificate_required (RFC 8446 §6.2)", true)]
    [InlineData("the server ended the handshake with the alert handshake_failure", false)]
    public async Task A_server_that_demands_certificates_of_its_clients_shows_its_key_all_the_same(string detail, bool isSeen)
    {
        using var scene = new RollScene();
        Assert.True(CheckTarget.TryParse("submissions://127.0.0.1", out var endpoint, out _));
        var roll = scene.Roll with { Endpoints = [endpoint] };
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var shown = new CertificateRequest("CN=mx.example.org", key, HashAlgorithmName.SHA256).CreateSelfSigned(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var prober = new OneAnswer(target => new() { Target = target, Outcome = target.Algorithm == KeyAlgorithm.Any ? ProbeOutcome.HandshakeFailed : ProbeOutcome.AlgorithmNotOffered, Detail = detail, Chain = target.Algorithm == KeyAlgorithm.Any ? [new(shown.RawData)] : [] });

        var sight = await new EndpointSurvey(new ScriptedLookup(), prober, [], () => [IPAddress.Loopback]).LookAsync(roll, TestContext.Current.CancellationToken);

        Assert.Equal(isSeen, Assert.Single(sight.Views).Key is not null);
        Assert.Equal(!isSeen, sight.Problems.Any(problem => problem.Contains("completed no handshake", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Why_an_address_could_not_be_had_is_told()
    {
        using var scene = new RollScene();
        var lookup = new ScriptedLookup().Add(ScriptedLookup.Failed("mx.example.org.", Danelaw.Dns.Records.RecordType.A));

        var sight = await new EndpointSurvey(lookup, new OneAnswer(target => new() { Target = target }), [], () => [IPAddress.Loopback]).LookAsync(scene.Roll with { Endpoints = [] }, TestContext.Current.CancellationToken);

        Assert.All(sight.Views, view => Assert.True(view.HasNoAddress));
        Assert.Contains("the addresses of mx.example.org. could not be looked up: its signature has expired", sight.Problems);
    }

    private sealed class OneAnswer(Func<ProbeTarget, Observation> answer) : IProber
    {
        public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default) => ValueTask.FromResult(answer(target));
    }
}
