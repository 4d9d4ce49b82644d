using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Checks;
using Danelaw.Comparing;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering.Comparing;

/// <summary>A comparison and what is told of it beside: why, and what to do.</summary>
/// <param name="Target">The service.</param>
/// <param name="Report">The check that it rests on.</param>
/// <param name="Host">Its host.</param>
/// <param name="Comparison">What came of it.</param>
/// <param name="Now">When that was.</param>
internal sealed record ToldComparison(CheckTarget Target, CheckReport Report, HostReport Host, TlsaComparison Comparison, DateTimeOffset Now)
{
    /// <summary>Where the records stand, or would.</summary>
    public DomainName Owner => Host.TlsaAnswer?.Question.Name ?? (TlsaOwner.TryFor(Target.Port, Target.Name, out var owner) ? owner : Target.Name);

    /// <summary>Why the verdict is as it is, in a sentence.</summary>
    public string Explanation => Comparison.Verdict switch
    {
        ComparisonVerdict.Agreeing => Comparison.HasFiles ? "What is published, what is served and what is on disk are the same." : "What is published and what is served are the same.",
        ComparisonVerdict.Differing => "Something is in one place and not in another.",
        ComparisonVerdict.Unseen when Comparison is { IsPublicationSeen: true, IsServiceSeen: true } => "Not every authoritative server has said which records it has.",
        ComparisonVerdict.Unseen when Report.Verdict == CheckVerdict.Verified => "Not everything that the server has could be seen.",
        ComparisonVerdict.Unseen or ComparisonVerdict.Unpublished => Report.Explanation,
    };

    /// <summary>What is to be done, a sentence each.</summary>
    public ImmutableArray<string> Advice => [.. Advise().Distinct()];

    /// <summary>When a server may show a key whose record is published now (RFC 7671 §8.1): not before every cache has forgotten the set without it, and as long again, as rollover waits.</summary>
    public DateTimeOffset? EarliestUse => Comparison.TimeToLive is { } seconds ? Now.AddSeconds(2L * seconds) : null;

    private IEnumerable<string> Advise()
    {
        foreach (var key in Comparison.Keys)
        {
            // In a zone that is not signed a record means nothing to anybody.
            if (key.IsServed && !key.IsPublished && Comparison is { IsPublicationSeen: true, Security: Security.Secure })
                yield return $"Publish a record of what {Where(key)} shows{(Comparison.Records.IsEmpty ? "" : ", at once")}: {Publish(key)}";
            if (key.IsServed && Comparison.HasFiles && !key.IsOnDisk)
            {
                var renewed = Comparison.Keys.FirstOrDefault(other => other.IsOnDisk && !other.IsServed && other.PublicKey.Equals(key.PublicKey));
                yield return renewed is null
                    ? $"{Where(key)} shows {ComparisonText.Describe(key)}, which is in none of the files given: give its file too, or have the server read the ones it has."
                    : $"{Where(key)} shows another certificate of the key than {string.Join(", ", renewed.Files)} has: have the server read it.";
            }

            if (!key.IsOnDisk || key.IsServed || Comparison.Security != Security.Secure || Comparison.Keys.Any(other => other.IsServed && other.PublicKey.Equals(key.PublicKey))) continue;
            yield return key.IsPublished
                ? $"{string.Join(", ", key.Files)} is published and not served yet: the server may have it once its record is older than twice the TTL{TimeToLiveText} at every authoritative server (RFC 7671 §8.1)."
                : $"Publish a record of {string.Join(", ", key.Files)} before the server gets it: {Publish(key)}{(EarliestUse is { } time ? string.Create(CultureInfo.InvariantCulture, $". Published now, the server may have it from {time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} on, twice the TTL{TimeToLiveText} (RFC 7671 §8.1)") : "")}";
        }

        foreach (var record in Comparison.IsServiceSeen ? Comparison.Unmet : [])
            yield return $"{record.Parameters} {Short(record)} means nothing that was seen: keep it if it is of a key to come, and otherwise take it out: danelaw publish {Words.Of(Owner)} --remove --tlsa \"{record}\" --to WAY";
        foreach (var server in Comparison.Servers)
            if (Comparison.IsSame(server) == false) yield return $"{server.Server} has other records than were validated: danelaw lookup {Words.Of(Owner)} TLSA --all-servers";
    }

    private string TimeToLiveText => Comparison.TimeToLive is { } seconds ? string.Create(CultureInfo.InvariantCulture, $" of {seconds} s") : "";

    private string Publish(ComparedKey key) => $"danelaw publish {Words.Of(Owner)} --tlsa \"{RecordOf(key)}\" --to WAY";

    private static string RecordOf(ComparedKey key) => TlsaRecord.TryCreateFromKey(key.PublicKey, TlsaUsage.DaneEe, TlsaMatching.Sha256, out var record, out _) ? record.ToString() : "3 1 1 ..";

    private static string Where(ComparedKey key) => string.Join(", ", key.Endpoints.Select(endpoint => endpoint.Observation.Target.Address.ToString()).Distinct());

    private static string Short(TlsaRecord record) => Words.Short(record)[(record.Parameters.Length + 1)..];
}
