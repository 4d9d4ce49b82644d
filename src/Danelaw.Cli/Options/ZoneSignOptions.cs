using System.CommandLine;
using System.Globalization;
using Danelaw.Cli.Running;
using Danelaw.Dns;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Options;

/// <summary>How a zone is signed, from options.</summary>
internal sealed class ZoneSignOptions
{
    private static readonly TimeSpan DefaultValidity = TimeSpan.FromDays(14);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(68 * 365);

    private readonly Option<bool> _nsec = Flag.Of("--nsec", "deny by NSEC, also where the zone came with NSEC3");
    private readonly Option<bool> _nsec3 = Flag.Of("--nsec3", "deny by NSEC3 as the following options say; default what the zone came with, else NSEC");
    private readonly Option<bool> _optOut = Flag.Of("--opt-out", "leave unsigned delegations out of the NSEC3 chain (RFC 5155 §6); for registries");
    private readonly Option<string> _iterations = Flag.Value("--iterations", "N", "further NSEC3 iterations; default 0, as RFC 9276 asks");
    private readonly Option<string> _salt = Flag.Value("--salt", "HEX", "of NSEC3; default none, as RFC 9276 asks");
    private readonly Option<string> _inception = Flag.Value("--inception", "TIME", "when signatures begin: RFC 3339, seconds since the epoch, or YYYYMMDDHHmmSS; default an hour ago");
    private readonly Option<string> _expiry = Flag.Value("--expiry", "TIME", "when signatures end; default now and --validity");
    private readonly Option<string> _validity = Flag.Value("--validity", "DURATION", "from now until signatures end; default 14d");
    private readonly Option<string> _jitter = Flag.Value("--jitter", "DURATION", "let each signature end earlier by a random time up to this; with --refresh no longer than they hold");
    private readonly Option<string> _seed = Flag.Value("--seed", "N", "draw the same jitter again");
    private readonly Option<string> _refresh = Flag.Value("--refresh", "DURATION", "of a signed input keep good signatures that hold at least so long; default a quarter of the validity");
    private readonly Option<bool> _afresh = Flag.Of("--afresh", "keep no signature of a signed input");
    private readonly Option<string> _serial = Flag.Value("--serial", "RULE", "keep (default), increment, unixtime or date (YYYYMMDDnn); where these are not above the serial that the zone has, it goes on by one", "keep", "increment", "unixtime", "date");
    private readonly Option<string[]> _zonemd = Flag.Values("--zonemd", "HASH", "publish a digest over the zone (RFC 8976): sha384, sha512, or none; default those that the zone has, anew", "sha384", "sha512", "none");
    private readonly Option<string> _cds = Flag.Value("--cds", "WHAT", "CDS and CDNSKEY records: keep those of the zone (default), publish, delete (ask the parent to remove all DS, RFC 8078), none", "keep", "publish", "delete", "none");
    private readonly Option<string> _cdsDigest = Flag.Value("--cds-digest", "NAMES", "of the CDS records: sha256 (default), sha384, with a comma between", "sha256", "sha384");
    private readonly Option<string> _dnskeyTtl = Flag.Value("--dnskey-ttl", "SECONDS", "of the DNSKEY records; default that which the zone has, else that of the keys' files, else that of the SOA");

    public IReadOnlyList<Option> Denial => [_nsec, _nsec3, _optOut, _iterations, _salt];

    public IReadOnlyList<Option> Times => [_inception, _expiry, _validity, _jitter, _seed, _refresh, _afresh];

    public IReadOnlyList<Option> Apex => [_serial, _cds, _cdsDigest, _zonemd, _dnskeyTtl];

    /// <summary>Reads all of them.</summary>
    /// <exception cref="MisuseException">One makes no sense.</exception>
    public ZoneSigningOptions Read(ParseResult parsed, DateTimeOffset now)
    {
        var validity = ReadValidity(parsed, now);
        var length = validity.Expiration - now;
        var jitter = parsed.GetValue(_jitter) is { } spread ? Quantity.Duration("--jitter", spread, TimeSpan.Zero, Longest) : TimeSpan.Zero;
        if (jitter > TimeSpan.Zero && jitter >= length) throw new MisuseException("--jitter is longer than the signatures hold");
        if (parsed.GetValue(_seed) is not null && jitter == TimeSpan.Zero) throw new MisuseException("--seed has a meaning with --jitter only");
        if (parsed.GetValue(_afresh) && parsed.GetValue(_refresh) is not null) throw new MisuseException("--afresh and --refresh contradict each other");
        var refresh = parsed.GetValue(_refresh) is { } least ? Quantity.Duration("--refresh", least, TimeSpan.Zero, Longest) : length / 4;

        // Otherwise some signatures would be due as soon as they are made, and every run would make them anew.
        if (jitter > TimeSpan.Zero && !parsed.GetValue(_afresh) && jitter + refresh > length)
            throw new MisuseException($"--jitter {parsed.GetValue(_jitter)} and --refresh {parsed.GetValue(_refresh) ?? "(a quarter of the validity)"} together are longer than the signatures hold", "some would be due the moment they are made: spread them over less, or refresh later");
        return new()
        {
            Validity = validity,
            Now = now,
            Nsec3 = ReadNsec3(parsed),
            KeepsNsec3 = !parsed.GetValue(_nsec),
            Jitter = jitter,
            Seed = parsed.GetValue(_seed) is { } seed ? Quantity.Number("--seed", seed, 0, int.MaxValue) : null,
            Reuse = parsed.GetValue(_afresh) ? null : new(now, refresh),
            Serial = parsed.GetValue(_serial)?.ToLowerInvariant() switch
            {
                null or "keep" => SerialPolicy.Keep,
                "increment" => SerialPolicy.Increment,
                "unixtime" => SerialPolicy.UnixTime,
                "date" => SerialPolicy.Date,
                var other => throw new MisuseException($"--serial takes keep, increment, unixtime or date, not '{other}'"),
            },
            ChildRecords = parsed.GetValue(_cds)?.ToLowerInvariant() switch
            {
                null or "keep" => ChildRecordPolicy.Keep,
                "publish" => ChildRecordPolicy.Publish,
                "delete" => ChildRecordPolicy.Delete,
                "none" => ChildRecordPolicy.Remove,
                var other => throw new MisuseException($"--cds takes keep, publish, delete or none, not '{other}'"),
            },
            CdsDigests = parsed.GetValue(_cdsDigest) is { } digests ? [.. KeyOptions.ReadDigests("--cds-digest", digests)] : [Dnssec.Keys.DigestAlgorithm.Sha256],
            Digests = parsed.GetValue(_zonemd) is { Length: > 0 } hashes ? ReadDigests(hashes) : null,
            DnskeyTimeToLive = parsed.GetValue(_dnskeyTtl) is { } ttl ? (uint)Quantity.Number("--dnskey-ttl", ttl, 0, int.MaxValue) : null,
        };
    }

    private SignatureValidity ReadValidity(ParseResult parsed, DateTimeOffset now)
    {
        if (parsed.GetValue(_expiry) is not null && parsed.GetValue(_validity) is not null) throw new MisuseException("--expiry and --validity contradict each other");
        var inception = parsed.GetValue(_inception) is { } begin ? ZoneInputOptions.Moment("--inception", begin) : now.AddHours(-1);
        var expiration = parsed.GetValue(_expiry) is { } end ? ZoneInputOptions.Moment("--expiry", end)
            : now + (parsed.GetValue(_validity) is { } length ? Quantity.Duration("--validity", length, TimeSpan.FromSeconds(1), Longest) : DefaultValidity);
        // RFC 4034 §3.1.5: times are serial numbers, so nothing longer can be said.
        if (expiration <= inception) throw new MisuseException("the signatures would end before they begin");
        if (expiration <= now) throw new MisuseException("the signatures would be over already: --expiry lies in the past");
        if (expiration - inception > Longest) throw new MisuseException("a signature cannot hold for more than 68 years (RFC 4034 §3.1.5)");
        return new(inception, expiration);
    }

    private Nsec3Options? ReadNsec3(ParseResult parsed)
    {
        if (parsed.GetValue(_nsec) && parsed.GetValue(_nsec3)) throw new MisuseException("--nsec and --nsec3 contradict each other");
        if (!parsed.GetValue(_nsec3))
        {
            foreach (var option in Denial)
                if (option != _nsec && option != _nsec3 && parsed.GetResult(option) is { Implicit: false }) throw new MisuseException($"{option.Name} has a meaning with --nsec3 only");
            return null;
        }

        var salt = parsed.GetValue(_salt) is not { } hex || hex == "-" ? "" : hex;
        if (salt.Length > 510 || salt.Length % 2 != 0 || !salt.All(char.IsAsciiHexDigit)) throw new MisuseException("--salt takes up to 255 octets in hexadecimal, or - for none");
        return new()
        {
            OptOut = parsed.GetValue(_optOut),
            Iterations = parsed.GetValue(_iterations) is { } count ? (ushort)Quantity.Number("--iterations", count, 0, ushort.MaxValue) : (ushort)0,
            Salt = Octets.Copy(Convert.FromHexString(salt)),
        };
    }

    private static System.Collections.Immutable.ImmutableArray<ZoneDigestAlgorithm> ReadDigests(string[] hashes)
    {
        if (hashes.Length == 1 && hashes[0].Equals("none", StringComparison.OrdinalIgnoreCase)) return [];
        return [.. hashes.SelectMany(text => text.Split(',')).Select(text => text.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal) switch
        {
            "sha384" or "1" => ZoneDigestAlgorithm.Sha384,
            "sha512" or "2" => ZoneDigestAlgorithm.Sha512,
            _ => throw new MisuseException(string.Create(CultureInfo.InvariantCulture, $"{(text == "none" ? "--zonemd none goes with no other" : $"--zonemd takes sha384, sha512 or none, not '{text}'")}")),
        }).Distinct().Order()];
    }
}
