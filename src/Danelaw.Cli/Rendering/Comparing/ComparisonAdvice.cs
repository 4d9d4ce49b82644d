using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Comparing;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Cli.Rendering.Comparing;

/// <summary>
/// What is to be done about what a comparison found, a sentence each. A record of a key is offered only where a file or a record says whose the key is,
/// or behind the question whose it is: whoever stands between here and the server shows a key as well.
/// </summary>
internal sealed class ComparisonAdvice(ToldComparison told)
{
    private readonly TlsaComparison _comparison = told.Comparison;
    private readonly ImmutableArray<TlsaRecord> _strongest = DigestAgility.Apply([.. told.Host.Records.Where(record => record.Usability == Usability.Usable).Select(record => record.Record)], new DanePolicy().DigestOrder);

    /// <summary>The sentences, in the order in which they are to be followed.</summary>
    public IEnumerable<string> Sentences() =>
    [
        .. _comparison.Keys.SelectMany(Of),
        .. _comparison.IsServiceSeen ? _comparison.Unmet.Select(OfUnmet) : [],
        .. _comparison.Servers.Where(server => _comparison.IsSame(server) == false).Select(server => $"{server.Server} has other records than were validated: {Asking($"danelaw lookup {Owner} TLSA --all-servers")}"),
    ];

    private string Owner => ShellWord.QuoteName(Words.Of(told.Owner));

    private string Asking(string command) => string.Join(' ', told.AskedWith.Select(ShellWord.Quote).Prepend(command));

    private string TimeToLiveText => _comparison.TimeToLive is { } seconds ? string.Create(CultureInfo.InvariantCulture, $" of {seconds} s") : "";

    private IEnumerable<string> Of(ComparedKey key) =>
    [
        .. key.IsServed && _comparison.HasFiles && !key.IsOnDisk ? [NotOnDisk(key)] : Array.Empty<string>(),

        // In a zone that is not signed a record means nothing to anybody.
        .. key.IsServed && !key.IsPublished && _comparison is { IsPublicationSeen: true, Security: Security.Secure } ? Unpublished(key) : [],
        .. key.IsOnDisk && _comparison.Security == Security.Secure && !_comparison.Keys.Any(other => other.IsServed && other.PublicKey.Equals(key.PublicKey)) ? ToCome(key) : [],
    ];

    private string NotOnDisk(ComparedKey key)
    {
        var renewed = _comparison.Keys.FirstOrDefault(other => other.IsOnDisk && !other.IsServed && other.PublicKey.Equals(key.PublicKey));
        if (renewed is not null) return $"{Where(key)} shows another certificate of the key than {string.Join(", ", renewed.Files)} has: have the server read it.";
        var shown = $"{Where(key)} shows {ComparisonText.Describe(key)}, which is in none of the files given";
        if (key.IsPublished || IsKnown(key)) return $"{shown}: give its file too, or have the server read the ones it has.";
        var right = _comparison.Keys.Where(other => other is { IsOnDisk: true, IsServed: false, IsPublished: true }).SelectMany(other => other.Files).Distinct().ToArray();
        return right.Length > 0
            ? $"{shown}: have the server read {string.Join(", ", right)}, whose record is published. If it does read that, somebody is in between: publish no record of what was shown."
            : $"{shown}: if the server reads another file, give that one too. If it does not, somebody is in between: publish no record of what was shown.";
    }

    private IEnumerable<string> Unpublished(ComparedKey key)
    {
        var atOnce = _comparison.Records.IsEmpty ? "" : ", at once";
        if (!key.Records.IsEmpty) return key.Records.SelectMany(record => Stronger(record).Select(stronger => stronger.Matching).Distinct().Select(matching => SameDigest(key, record, matching)));
        if (key.IsAtFault)
        {
            var doubt = IsKnown(key) ? "" : " See first whether it is yours, by the file that the server reads: whoever is in between can send the issuer's certificate too.";
            return [$"{Where(key)} shows a chain that a record means, and it does not hold: {key.Refusal}.{doubt} Mend the chain, not the record; this tells how: {Asking($"danelaw check {ShellWord.Quote(told.Target.Text)}")}"];
        }

        if (IsKnown(key)) return [$"Publish a record of what {Where(key)} shows{(key.IsOnDisk ? $", the key of {string.Join(", ", key.Files)}" : "")}{atOnce}: {Publish(key)}"];
        return _comparison.HasFiles ? [] :
        [
            $"{Where(key)} shows a key without a record. See first whether it is yours, by the file that the server reads: {Asking($"danelaw tlsa compare {ShellWord.Quote(told.Target.Text)} FILE")}",
            $"If it is, publish a record of it{atOnce.Replace(",", "", StringComparison.Ordinal)}: {Publish(key)}. If it is not, somebody is in between, and no record of it may be published.",
        ];
    }

    /// <summary>RFC 7671 §9: clients look at the strongest digest of a usage and selector alone, so each key needs it, or none may have it.</summary>
    private string SameDigest(ComparedKey key, TlsaRecord record, TlsaMatching matching)
    {
        var digest = matching == TlsaMatching.Sha512 ? "SHA-512" : "stronger";
        return $"{record.Parameters} {Short(record)}, of what {Where(key)} shows, gives way to the {digest} digests beside it, of which none matches (RFC 7671 §9): publish that digest of it too"
            + (TryDigest(key, record, matching, out var missing) ? $": {Asking($"danelaw publish {Owner} --tlsa \"{missing}\" --to WAY")}" : ", of the same authority, or take those out.");
    }

    private static bool TryDigest(ComparedKey key, TlsaRecord record, TlsaMatching matching, out TlsaRecord missing)
    {
        missing = default;
        if (record.Usage is not (TlsaUsage.DaneEe or TlsaUsage.PkixEe)) return false;
        return record.Selector == TlsaSelector.PublicKey
            ? TlsaRecord.TryCreateFromKey(key.PublicKey, record.Usage, matching, out missing, out _)
            : TlsaRecord.TryCreate(key.Certificate, record.Usage, record.Selector, matching, out missing, out _);
    }

    /// <summary>The digests before which a record gives way.</summary>
    private IEnumerable<TlsaRecord> Stronger(TlsaRecord record) => _strongest.Contains(record) ? []
        : _strongest.Where(other => other.Usage == record.Usage && other.Selector == record.Selector && other.Matching != TlsaMatching.Full);

    private IEnumerable<string> ToCome(ComparedKey key)
    {
        var files = string.Join(", ", key.Files);
        if (!key.IsPublished)
            return [$"Publish a record of {files} before the server gets it: {Publish(key)}{(_comparison.EarliestUse is { } time ? string.Create(CultureInfo.InvariantCulture, $". If every authoritative server has it now, the server may have the key from {time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} on: twice the TTL{TimeToLiveText} and a margin (RFC 7671 §8.1)") : "")}"];

        // Where the server shows what nobody knows, the files are what it should have shown, as has been said.
        return IsDoubtful ? [] : [$"{files} is published and not served yet: the server may have it once its record is older than twice the TTL{TimeToLiveText} at every authoritative server (RFC 7671 §8.1)."];
    }

    private string OfUnmet(TlsaRecord record)
    {
        var what = $"{record.Parameters} {Short(record)} means nothing that was seen";
        var remove = Asking($"danelaw publish {Owner} --remove --tlsa \"{record}\" --to WAY");
        if (_comparison.Keys.Any(key => key is { IsServed: true, IsPublished: false } && key.Records.Any(weaker => Stronger(weaker).Contains(record))))
            return $"{what}, and clients pass over weaker digests for it (RFC 7671 §9): unless it is of a key to come, take it out: {remove}";
        if (record.Usage is TlsaUsage.DaneTa or TlsaUsage.PkixTa or TlsaUsage.PkixEe && _comparison.Keys.Any(key => key is { IsServed: true, IsPublished: false, IsAtFault: true })) return $"{record.Parameters} {Short(record)} means nothing that holds: keep it, it is the chain that wants mending.";
        return IsDoubtful ? $"{what}: keep it until it is known whose the key is that was shown, for it may be that of the server's own."
            : $"{what}: keep it if it is of a key to come, and otherwise take it out: {remove}";
    }

    /// <summary>Whether something is served of which neither a file nor a record says whose it is.</summary>
    private bool IsDoubtful => _comparison.Keys.Any(key => key is { IsServed: true, IsPublished: false } && key.Records.IsEmpty && !IsKnown(key));

    /// <summary>Whether a file holds the key.</summary>
    private bool IsKnown(ComparedKey key) => _comparison.Keys.Any(other => other.IsOnDisk && other.PublicKey.Equals(key.PublicKey));

    private string Publish(ComparedKey key) => Asking($"danelaw publish {Owner} --tlsa \"{RecordOf(key)}\" --to WAY");

    private static string RecordOf(ComparedKey key) => TlsaRecord.TryCreateFromKey(key.PublicKey, TlsaUsage.DaneEe, TlsaMatching.Sha256, out var record, out _) ? record.ToString() : "3 1 1 ..";

    private static string Where(ComparedKey key) => string.Join(", ", key.Endpoints.Select(endpoint => endpoint.Observation.Target.Address.ToString()).Distinct());

    private static string Short(TlsaRecord record) => Words.Short(record)[(record.Parameters.Length + 1)..];
}
