using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using CsCheck;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>Answers made of kept records are those that asking would have brought.</summary>
public class SynthesisTests
{
    private const int Questions = 150;

    [Fact, Rfc(8198, "4"), Rfc(8198, "5.1"), Rfc(8198, "5.2"), Rfc(8198, "5.3"), Rfc(8198, "5.4")]
    public async Task What_is_made_of_kept_records_is_what_a_resolver_without_a_cache_concludes()
    {
        var asked = 0;
        var made = 0;
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var world = RandomWorld.Create(random);
                var keeping = world.Resolver();
                var small = world.Resolver(world.Options with { CacheBytes = 12_000 });
                var fresh = world.Resolver(world.Options with { CacheBytes = 0 });
                for (var i = 0; i < Questions; i++)
                {
                    var (name, type) = RandomWorld.Question(random);
                    var expected = Tell(await Ask(fresh, name, type));
                    world.Queries.Clear();
                    Assert.Equal(expected, Tell(await Ask(keeping, name, type)));
                    if (!world.Queries.Exists(query => query.Question.Name == name && query.Question.Type == type)) made++;
                    Assert.Equal(expected, Tell(await Ask(small, name, type)));
                    asked++;
                }
            },
            iter: LongRun.Times(20),
            threads: 1);

        // Names are drawn from few labels, so that most of the answers can be made.
        Assert.InRange(made, asked / 3, asked);
    }

    private static async Task<Answer> Ask(Resolver resolver, DomainName name, RecordType type) => await resolver.LookupAsync(name, type, TestContext.Current.CancellationToken);

    /// <summary>All of an answer but its age and who gave it.</summary>
    private static string Tell(Answer answer) => string.Join('\n', [
        $"{answer.Question} {answer.Security} {answer.ResponseCode} {answer.Reason} {answer.FinalName} {answer.Explanation.Split("; the reply is from")[0]}",
        .. answer.Chain.Select(link => $"{link.Records.Owner} {link.Records.Type} {string.Join(' ', link.Records.Data)} {link.Security}")]);
}
