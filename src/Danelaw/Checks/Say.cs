using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Tlsa;

namespace Danelaw.Checks;

/// <summary>How reports put things: names without their closing dot, records as they stand in a zone file.</summary>
internal static class Say
{
    internal static string Name(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];

    internal static string Owner(HostEvidence host) => TlsaOwner.TryFor(host.Port, host.TlsaBase, out var owner) ? Name(owner) : Name(host.TlsaBase);

    internal static string EndPoint(IPEndPoint endPoint) => endPoint.ToString();

    /// <summary>A record as it is to be published.</summary>
    internal static string Line(HostEvidence host, TlsaRecord record) =>
        TlsaOwner.TryFor(host.Port, host.TlsaBase, out var owner) ? string.Create(CultureInfo.InvariantCulture, $"{owner} 3600 IN TLSA {record}") : $"TLSA {record}";

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

    /// <summary>3 1 1 for a key: what to publish (RFC 7671 §5.1, RFC 7672 §3.1.1).</summary>
    internal static bool TryRecommend(Octets certificate, out TlsaRecord record) =>
        TlsaRecord.TryCreate(certificate, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out record, out _);

    /// <summary>The same for a key that was shown without a certificate.</summary>
    internal static TlsaRecord Recommend(Octets publicKey) => new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(SHA256.HashData(publicKey.Span)));
}
