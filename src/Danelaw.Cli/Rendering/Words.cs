using System.Globalization;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering;

/// <summary>How text names things that JSON gives by code.</summary>
internal static class Words
{
    public static Ink Of(CheckVerdict verdict) => new(Kebab.Of(verdict), ToneOf(verdict));

    public static Tone ToneOf(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Verified => Tone.Good,
        CheckVerdict.Failing => Tone.Bad,
        CheckVerdict.Partial or CheckVerdict.Undetermined or CheckVerdict.Unreachable or CheckVerdict.Unprotected => Tone.Doubt,
    };

    /// <summary>The verdict behind a mark that tells it without colour.</summary>
    public static string Marked(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Verified => "✓ ",
        CheckVerdict.Failing => "✗ ",
        CheckVerdict.Partial => "! ",
        CheckVerdict.Undetermined or CheckVerdict.Unreachable => "? ",
        CheckVerdict.Unprotected => "– ",
    } + Kebab.Of(verdict);

    public static Ink Of(Security security) => new(Kebab.Of(security), security switch
    {
        Security.Secure => Tone.Good,
        Security.Insecure or Security.Indeterminate => Tone.Doubt,
        Security.Bogus => Tone.Bad,
    });

    public static Tone ToneOf(Severity severity) => severity switch
    {
        Severity.Error => Tone.Bad,
        Severity.Warning => Tone.Doubt,
        Severity.Note => Tone.Plain,
    };

    /// <summary>The state of a record as people say it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isTested">Whether anything that the server showed was held against it.</param>
    public static string Of(RecordState state, bool isTested) => state switch
    {
        RecordState.Other or RecordState.Stale when !isTested => "not tested",
        RecordState.Other => "matches nothing shown",
        RecordState.Stale or RecordState.Matching or RecordState.Next or RecordState.Unusable => Kebab.Of(state),
    };

    public static string Of(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Any => "",
        KeyAlgorithm.Rsa => "RSA",
        KeyAlgorithm.Ecdsa => "ECDSA",
        KeyAlgorithm.Eddsa => "EdDSA",
    };

    /// <summary>A name without the closing dot, as people write it.</summary>
    public static string Of(DomainName name) => name.IsRoot ? "." : name.ToString()[..^1];

    /// <summary>When results were judged: at a time, or over one where earlier runs have found some of them.</summary>
    public static string Judged((DateTimeOffset Oldest, DateTimeOffset Newest) times)
    {
        var (from, to) = (Minute(times.Oldest), Minute(times.Newest));
        return from == to ? $"Judged at {to} UTC" : $"Judged from {from} to {to} UTC, in more runs than one,";
    }

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A record with the middle of long data left out.</summary>
    public static string Short(TlsaRecord record)
    {
        var hex = record.Data.ToHex();
        return $"{record.Parameters} {(hex.Length <= 32 ? hex : $"{hex[..16]}..{hex[^8..]}")}";
    }
}
