using System.Globalization;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Unbound;

/// <summary>Unbound's own scenarios for its validator: what it concludes, we conclude. Where we differ the RFC that says so is named.</summary>
public class ScenarioTests
{
    /// <summary>Scenarios in which we differ on purpose, or that are about something that a stub does not do.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["val_anchor_nx"] = "Unbound lets a zone above deny that an anchored zone exists. An anchor is somebody's word that it does: bogus (RFC 4035 §5)",
        ["val_anchor_nx_nosig"] = "the same",
        ["val_dnametoolong"] = "Unbound sets no AD bit for YXDOMAIN; the DNAME's signature proves it (RFC 6672 §2.2)",
        ["val_faildnskey_ok"] = "unbound's option to believe zones without keys",
        ["val_nsec3_iter_high"] = "NSEC3 records with differing parameters: RFC 5155 §8.2 allows to call that bogus",
        ["val_nx_nsec3_collision"] = "the same",
        ["val_nx_nsec3_params"] = "the same",
        ["val_refer_unsignadd"] = "looks into unbound's cache",
        ["val_referd"] = "looks into unbound's cache",
        ["val_referglue"] = "looks into unbound's cache",
        ["val_negcache_nodata"] = "answers from NSEC records in the cache (RFC 8198)",
        ["val_negcache_nxdomain"] = "answers from NSEC records in the cache (RFC 8198)",
        ["val_ta_algo_missing"] = "Unbound wants a signature of each algorithm of the anchors; one valid path suffices (RFC 6840 §5.11)",
    };

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.Corpus("unbound"), "val_*.rpl").Select(path => Path.GetFileNameWithoutExtension(path)!).Where(file => !Different.ContainsKey(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Unbounds_scenario_comes_out_as_unbound_says(string file)
    {
        var scenario = Scenario.Read(Repository.Corpus("unbound", file + ".rpl"));
        DsaTranslation.Apply(scenario);
        Assert.True(TrustAnchors.TryCreate(scenario.Anchors, out var anchors, out _));
        var internet = new ScriptedInternet(scenario);
        var clock = new FakeTimeProvider(scenario.Now);
        var resolver = new Resolver(internet, new() { Upstreams = [new(TransportKind.Datagram, new IPEndPoint(IPAddress.Loopback, 53))], Anchors = anchors, NegativeAnchors = [.. scenario.Insecure] }, clock);
        Entry? query = null;
        foreach (var step in scenario.Steps)
        {
            internet.Step = step.Number;
            if (step.Kind == "TIME_PASSES") clock.Advance(TimeSpan.FromSeconds(step.Seconds));
            if (step.Kind == "QUERY") query = step.Entry;
            if (step.Kind != "CHECK_ANSWER" || query!.Reply.Contains("CD")) continue;
            var expected = step.Entry!;
            internet.Step = scenario.Steps.Last(each => each.Kind == "QUERY" && each.Number <= step.Number).Number;
            var answer = await resolver.LookupAsync(query.Question.Name, query.Question.Type, TestContext.Current.CancellationToken);
            var actual = answer.IsFailure ? "SERVFAIL" : $"{answer.ResponseCode}{(answer.Security == Security.Secure ? " secure" : " insecure")}";
            var wanted = expected.Code == ResponseCode.ServerFailure ? "SERVFAIL" : $"{expected.Code}{(expected.Reply.Contains("AD") ? " secure" : " insecure")}";

            // Without DO or AD in the query unbound leaves AD out.
            if (!query.Reply.Contains("DO") && !query.Reply.Contains("AD")) (wanted, actual) = (wanted.Split(' ')[0], actual.Split(' ')[0]);
            Assert.True(wanted == actual, string.Create(CultureInfo.InvariantCulture, $"step {step.Number}, {query.Question}: wanted {wanted}, came to {actual}: {answer.Reason}: {answer.Explanation}\n{string.Join('\n', internet.Log)}"));
        }
    }
}
