using System.Globalization;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Dnssec.Tests.Unbound;

/// <summary>Unbound's scenarios for its iterator and its validator, played with our own iterative resolver: what it concludes, we conclude. Where we differ the reason is named.</summary>
public class IterativeScenarioTests
{
    /// <summary>Scenarios that do not come out as unbound's, or that turn on something which the script does not hold for us.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["black_ds_entry"] = "only unbound's cache still knows what the script does not answer any more",
        ["black_key_entry"] = "the same",
        ["val_refer_unsignadd"] = "the same",
        ["val_referd"] = "the same",
        ["val_referglue"] = "the same",
        ["fetch_glue_cname"] = "an alias in place of glue (RFC 2181 §10.3)",
        ["iter_cycle_noh"] = "believes glue that lies in another zone; it does not count (RFC 9471 §2)",
        ["iter_dname_insec"] = "gives an alias loop as an answer; here nothing was found",
        ["iter_dnsseclame_bug"] = "asked whether there is a zone cut at the name, which the script does not answer",
        ["iter_dnsseclame_ds"] = "the same",
        ["iter_dnsseclame_ta"] = "the same",
        ["iter_ghost_sub"] = "the script has no answer for a part of the name",
        ["stop_nxdomain_minimised"] = "the same",
        ["iter_lame_aaaa"] = "unbound refuses an authoritative answer for the servers listed beside it; the answer counts",
        ["iter_lame_nosoa"] = "a server that denies without SOA and without authority does not serve the zone (RFC 2308 §2.2, RFC 1034 §4.2.1)",
        ["iter_ranoaa_lame"] = "the same",
        ["iter_pcnamech"] = "unbound goes by the zone's own list of its servers, here by that of the zone above, which says where the zone is (RFC 1034 §4.2.1)",
        ["iter_pcnamechrec"] = "the same",
        ["iter_scrub_ns_side"] = "a referral aside is not followed",
        ["trust_cname_chain"] = "what a server of the zone says of the alias's end counts as well: it is the same zone",
        ["val_anchor_nx"] = "Unbound lets a zone above deny that an anchored zone exists. An anchor is somebody's word that it does: bogus (RFC 4035 §5)",
        ["val_anchor_nx_nosig"] = "the same",
        ["val_any"] = "the keys were made anew, because nobody has DSA any more",
        ["val_any_dname"] = "the same",
        ["val_nsec3_cname_ds"] = "the same",
        ["val_cnametonsec"] = "the script has the proof in the referral alone and not for a query for DS",
        ["val_cnametooptin"] = "the same",
        ["val_dnametoolong"] = "Unbound sets no AD bit for YXDOMAIN; the DNAME's signature proves it (RFC 6672 §2.2)",
        ["val_faildnskey_ok"] = "unbound's option to believe zones without keys",
        ["val_nsec3_iter_high"] = "NSEC3 records with differing parameters: RFC 5155 §8.2 allows to call that bogus",
        ["val_nx_nsec3_collision"] = "the same",
        ["val_nx_nsec3_params"] = "the same",
        ["val_rrsig"] = "signatures are told as they came, and never as secure",
        ["val_ta_algo_missing"] = "Unbound wants a signature of each algorithm of the anchors; one valid path suffices (RFC 6840 §5.11)",
    };

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.Corpus("unbound"), "*.rpl").Select(path => Path.GetFileNameWithoutExtension(path)!).Where(file => !Different.ContainsKey(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Unbounds_scenario_comes_out_as_unbound_says(string file)
    {
        var scenario = Scenario.Read(Repository.Corpus("unbound", file + ".rpl"));
        DsaTranslation.Apply(scenario);
        Assert.True(TrustAnchors.TryCreate(scenario.Anchors, out var anchors, out _));
        var internet = new ScriptedAuthorities(scenario, !file.Contains("lame", StringComparison.Ordinal));
        var clock = new FakeTimeProvider(scenario.Now);
        var records = new List<ResourceRecord>();
        foreach (var (zone, address) in scenario.Hints)
        {
            var host = DomainName.Parse($"hint{records.Count}.invalid.");
            records.Add(new(zone, RecordType.NS, RecordClass.IN, 3600, new NameData(host).ToOctets()));
            records.Add(new(host, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? RecordType.A : RecordType.AAAA, RecordClass.IN, 3600, AddressData.ToOctets(address)));
        }

        Assert.True(RootHints.TryCreate(records, out var hints, out var fault), fault);
        var resolver = new Resolver(internet, new() { Iteration = new() { Hints = hints }, Anchors = anchors, NegativeAnchors = [.. scenario.Insecure] }, clock, clock);
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
            if (answer.IsFailure || !expected.Match.Overlaps(["all", "answer"])) continue;
            var theirs = expected.Answer.Where(record => record.Type != RecordType.RRSIG).Select(record => $"{record.Owner} {RecordTypes.ToText(record.Type)} {record.Data}").Order();
            var ours = answer.Chain.SelectMany(link => link.Records.Data.Select(data => $"{link.Records.Owner} {RecordTypes.ToText(link.Records.Type)} {data}")).Order();
            Assert.Equal(theirs, ours, StringComparer.OrdinalIgnoreCase);
        }
    }
}
