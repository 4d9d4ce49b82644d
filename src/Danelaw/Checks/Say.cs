using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Tlsa;

namespace Danelaw.Checks;

/// <summary>How reports put things: names without their closing dot, records as they stand in a zone file.</summary>
internal static class Say
{
    internal static string Name(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];

    internal static string Owner(HostEvidence host) => TlsaOwner.TryFor(host.Port, host.TlsaBase, out var owner) ? Name(owner) : Name(host.TlsaBase);

    internal static string EndPoint(IPEndPoint endPoint) => endPoint.ToString();

    /// <summary>A record as it is to be published: where an alias leads, for nothing can stand beside an alias (RFC 1034 §3.6.2), and with the TTL of those that are there (RFC 2181 §5.2).</summary>
    internal static string Line(HostEvidence host, TlsaRecord record) =>
        TlsaOwner.TryFor(host.Port, host.TlsaBase, out var owner) ? string.Create(CultureInfo.InvariantCulture, $"{TlsaAlias(host)?.FinalName ?? owner} {TimeToLive(host)} IN TLSA {record}") : $"TLSA {record}";

    /// <summary>The lookup at the TLSA owner where it is an alias; null where it is none, or nothing can be said of its end.</summary>
    internal static Answer? TlsaAlias(HostEvidence host) =>
        TlsaOwner.TryFor(host.Port, host.TlsaBase, out var owner) ? host.TlsaAnswers.FirstOrDefault(answer => answer.Question.Name == owner && answer is { Security: Security.Secure, IsAlias: true }) : null;

    /// <summary>The TTL that the zone gives the set; what a cache has left of it says nothing. An hour for a set that is to be made.</summary>
    private static uint TimeToLive(HostEvidence host) => host is { TlsaState: TlsaState.Secure, TlsaAnswer.Chain: [.., { OriginalTimeToLive: { } seconds }] } ? seconds : 3600;

    /// <summary>A moment to the minute, never an earlier one.</summary>
    internal static string Moment(DateTimeOffset time) => time.AddTicks(TimeSpan.TicksPerMinute - 1).UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A record short enough for a sentence.</summary>
    internal static string Short(TlsaRecord record)
    {
        var hex = record.Data.ToHex();
        return hex.Length <= 16 ? record.ToString() : $"{record.Parameters} {hex[..16]}…";
    }

    /// <summary>Several things in one sentence.</summary>
    internal static string List(IEnumerable<string> things, int most = 6)
    {
        var all = things.ToArray();
        if (all.Length > most) all = [.. all[..(most - 1)], string.Create(CultureInfo.InvariantCulture, $"{all.Length - most + 1} more")];
        return all.Length <= 1 ? string.Concat(all) : string.Join(", ", all[..^1]) + " and " + all[^1];
    }

    /// <summary>How somebody looks closer at a lookup: a command that can be copied as it is, a line of its own.</summary>
    internal static string Trace(Answer answer, CheckOptions options) =>
        string.Join(' ', options.AskedWith.Select(ShellWord.Quote).Prepend($"danelaw lookup {ShellWord.QuoteName(Name(answer.Question.Name))} {RecordTypes.ToText(answer.Question.Type)} --trace"));

    /// <summary>How somebody sees what a zone lacks until it is trusted, as a command.</summary>
    internal static string Dnssec(DomainName zone, CheckOptions options) => string.Join(' ', options.AskedWith.Select(ShellWord.Quote).Prepend($"danelaw dnssec {ShellWord.QuoteName(Name(zone))}"));

    /// <summary>3 1 1 for a key: what to publish (RFC 7671 §5.1, RFC 7672 §3.1.1).</summary>
    internal static bool TryRecommend(Octets certificate, out TlsaRecord record) =>
        TlsaRecord.TryCreate(certificate, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out record, out _);

    /// <summary>The same for a key that was shown without a certificate.</summary>
    internal static TlsaRecord Recommend(Octets publicKey) => new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(SHA256.HashData(publicKey.Span)));
}
