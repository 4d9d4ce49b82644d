using System.Globalization;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;

namespace Danelaw.Cli.Rendering.Tracing;

/// <summary>The words of a chain of trust, for text and picture alike.</summary>
internal static class TraceWords
{
    public static string Of(KeyRole role) => role switch
    {
        KeyRole.None => "key",
        KeyRole.KeySigning => "KSK",
        KeyRole.ZoneSigning => "ZSK",
        KeyRole.Combined => "CSK",
    };

    public static string Of(DigestAlgorithm digest) => digest switch
    {
        DigestAlgorithm.Sha1 => "SHA-1",
        DigestAlgorithm.Sha256 => "SHA-256",
        DigestAlgorithm.Sha384 => "SHA-384",
        DigestAlgorithm.Gost => "GOST",
        DigestAlgorithm.Gost12 => "GOST12",
        DigestAlgorithm.Sm3 => "SM3",
        _ => string.Create(CultureInfo.InvariantCulture, $"digest type {(byte)digest}"),
    };

    public static string Of(SecurityAlgorithm algorithm)
    {
        var text = SecurityAlgorithms.ToText(algorithm);
        return char.IsAsciiDigit(text[0]) ? "algorithm " + text : text;
    }

    public static string Of(DelegationSignerState state) => state switch
    {
        DelegationSignerState.NotCompared => "not compared",
        DelegationSignerState.Matches => "matches",
        DelegationSignerState.WrongDigest => "wrong digest",
        DelegationSignerState.NoKey => "no such key",
        DelegationSignerState.Unsupported => "not supported",
        DelegationSignerState.Passed => "passed over for a better digest",
    };

    /// <summary>A few words on a signature that does not stand.</summary>
    public static string Fault(LookupReason state) => state switch
    {
        LookupReason.None => "not checked",
        LookupReason.ValidSignature => "valid",
        LookupReason.SignatureExpired => "expired",
        LookupReason.SignatureNotYetValid => "not yet valid",
        LookupReason.SignatureTimesReversed => "ends before it begins",
        LookupReason.SignatureInvalid => "does not fit the data",
        LookupReason.KeyMissing => "no such key",
        LookupReason.KeyUnfit => "by an unfit key",
        _ => "does not fit",
    };

    /// <summary>How long a signature still holds, of how long in all.</summary>
    public static string Validity(in TracedSignature signature, DateTimeOffset now, bool withDates)
    {
        var text = signature.Inception > now && signature.Expiration > now
            ? $"begins in {Days(signature.Inception - now)} days"
            : signature.Expiration < now
                ? $"ended {Days(now - signature.Expiration)} days ago"
                : $"{Days(signature.Expiration - now)} of {Days(signature.Expiration - signature.Inception)} days left";
        return withDates ? $"{text}, {Time(signature.Inception)} to {Time(signature.Expiration)}" : text;
    }

    public static string Days(TimeSpan time) => time.TotalDays.ToString("0.0", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Of(TracedKey key) => string.Create(CultureInfo.InvariantCulture, $"{Of(key.Role)} {key.Tag} {Of(key.Algorithm)} {key.Bits} bits");

    public static string Of(TracedDelegationSigner signer) => string.Create(CultureInfo.InvariantCulture, $"{signer.KeyTag} {Of(signer.Algorithm)} {Of(signer.DigestType)}");

    /// <summary>The name without the closing dot, or the beginning of the hash.</summary>
    public static string Span(string text, bool isShortHash)
    {
        if (isShortHash) return text.Length <= 10 ? text : text[..8] + "…";
        return text.Length > 1 && text.EndsWith('.') && !text.EndsWith("\\.", StringComparison.Ordinal) ? text[..^1] : text;
    }

    /// <summary>What a record of denial shows.</summary>
    public static string Shows(TracedDenialRecord record)
    {
        var shows = new List<string>();
        if (record.Matches is { } matches) shows.Add(record.IsHashed || record.Set.Owner.Equals(matches) ? $"is that of {Words.Of(matches)}" : $"shows that only names below {Words.Of(matches)} have records");
        if (record.Covers is { } covers) shows.Add($"covers {Words.Of(covers)}");
        return shows.Count == 0 ? "concerns another name" : string.Join(", ", shows);
    }

    public static string Kind(TracedDenialRecord record) => record.IsHashed ? "NSEC3" : "NSEC";

    /// <summary>What a denial denies.</summary>
    public static string What(TracedDenial denial) =>
        denial.Type == RecordType.None || denial.IsNameError ? $"no name {Words.Of(denial.Name)}" : $"no {RecordTypes.ToText(denial.Type)} at {Words.Of(denial.Name)}";

    public static string Of(Question question) => $"{Words.Of(question.Name)} {RecordTypes.ToText(question.Type)}";

    public static string ExtendedError(ushort code) => string.Create(CultureInfo.InvariantCulture, $"{code} ({ExtendedErrors.ToText(code)})");

    /// <summary>Text with its middle left out where it is longer than this.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var tail = (length - 1) / 3;
        return $"{text[..(length - 1 - tail)]}…{text[^tail..]}";
    }

    public static string Name(DomainName name, int length = 48) => Cut(Words.Of(name), length);
}
