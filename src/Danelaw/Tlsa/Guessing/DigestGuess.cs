using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa.Guessing;

/// <summary>
/// Recognises the mistake behind a record that matches nothing: the digest of nothing, of a text in place of DER, of another certificate or
/// part of one, by another digest, under the wrong parameters, written twice, cut. Pure; it can accuse nobody by chance, since everything rests on digests that agree.
/// </summary>
/// <param name="chains">The chains that were shown, each once.</param>
/// <param name="known">Files that the record may have been made of.</param>
/// <param name="isMail">Whether it is about mail between servers, where usages 0 and 1 mean nothing (R36).</param>
internal sealed class DigestGuess(ImmutableArray<ImmutableArray<Octets>> chains, ImmutableArray<KnownFile> known, bool isMail)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly GuessTable _table = new(chains, known);

    /// <summary>Recognises the mistake.</summary>
    /// <param name="record">A record that matches nothing.</param>
    /// <param name="guess">What it is, or null.</param>
    /// <returns>False when nothing is known of it, or nothing is wrong with it but what it means.</returns>
    internal bool TryRecognise(TlsaRecord record, [NotNullWhen(true)] out Guess? guess)
    {
        guess = null;
        if (record.Data.IsEmpty) return false;
        if (OfContent(record) is { } content) guess = content;
        else if (_table.TryFind(record.Data, out var found)) guess = OfTable(record, found, "");
        else if (record.Data.Length >= 16 && !record.Data.Span.ContainsAnyExcept(record.Data.Span[0])) guess = new(GuessKind.OtherThing, string.Create(CultureInfo.InvariantCulture, $"{record.Data.Length} times the same octet, which stands for something that was never filled in"), Leaf(0));
        else guess = Unwrap(record.Data).Select(inner => _table.TryFind(inner.Data, out var found) ? OfTable(record with { Data = inner.Data }, found, inner.How) : null).FirstOrDefault(one => one is not null);
        return guess is not null;
    }

    /// <summary>What the data says of itself, where it stands for itself or was meant to.</summary>
    private Guess? OfContent(TlsaRecord record)
    {
        var data = record.Data;
        var text = Encoding.Latin1.GetString(data.Span);
        if (PemBlock.IsIn(text))
        {
            var isSecret = text.Contains("PRIVATE KEY-----", StringComparison.Ordinal);
            return new(isSecret ? GuessKind.PrivateKey : GuessKind.OtherThing, isSecret ? "the PEM text of a private key" : "a PEM text, where DER must stand", Leaf(0));
        }

        var isFull = record.Matching == TlsaMatching.Full;
        if (DerKinds.Recognise(data.Span) is { } kind)
            return new(kind is DerKinds.PrivateKey or DerKinds.EncryptedPrivateKey or DerKinds.Pkcs12 ? GuessKind.PrivateKey : GuessKind.OtherThing, kind, Leaf(0));
        var selector = Certificate.TryRead(data, out _) ? TlsaSelector.Certificate : PublicKeyInfo.IsWellFormed(data.Span) ? TlsaSelector.PublicKey : (TlsaSelector?)null;
        if (selector is not { } right || (isFull && right == record.Selector)) return null;
        return new(GuessKind.OtherThing, $"a whole {(right == TlsaSelector.Certificate ? "certificate" : "public key")} ({Parameters(record, right, TlsaMatching.Full, null)})", record with { Selector = right, Matching = TlsaMatching.Full }) { IsOfShownKey = true };
    }

    private Guess? OfTable(TlsaRecord record, Mistakable found, string how)
    {
        if (found.IsNothing) return new(GuessKind.Nothing, found.What + how, Leaf(0));
        if (found.Selector is not { } selector || found.Place is not { } place) return new(GuessKind.OtherThing, found.What + how, Right(record, found.Place)) { IsOfShownKey = found.Place is { Depth: 0 } };
        var isAuthority = IsAuthority(record.Usage);
        var isOfAuthority = place.Depth > 0 || IsItsOwnIssuer(place);
        var usage = isAuthority == isOfAuthority || (!isAuthority && place.Depth == 0) ? (TlsaUsage?)null : Family(record.Usage, isOfAuthority);
        var wrong = Parameters(record, selector, found.Matching, usage);

        // Right in every parameter, and still without a match: then the chain is at fault, and not the data.
        if (wrong.Length == 0) return how.Length == 0 ? null : new(GuessKind.OtherThing, found.What + how, Right(record, place)) { IsOfShownKey = place.Depth == 0 };
        return new(GuessKind.OtherThing, $"{found.What}{how} ({wrong})", Right(record, place)) { IsOfShownKey = place.Depth == 0 };
    }

    /// <summary>The parameters under which the data would be right, where they differ from the record's.</summary>
    private static string Parameters(TlsaRecord record, TlsaSelector selector, TlsaMatching matching, TlsaUsage? usage)
    {
        var wrong = new List<string>();
        if (usage is { } meant) wrong.Add(string.Create(CultureInfo.InvariantCulture, $"usage {(byte)meant}, not {(byte)record.Usage}"));
        if (selector != record.Selector) wrong.Add(string.Create(CultureInfo.InvariantCulture, $"selector {(byte)selector}, not {(byte)record.Selector}"));
        if (matching != record.Matching) wrong.Add(string.Create(CultureInfo.InvariantCulture, $"matching type {(byte)matching}, not {(byte)record.Matching}"));
        return string.Join("; ", wrong);
    }

    /// <summary>The record that was meant: of the authority's key where the record names one, and otherwise of the server's (RFC 7671 §5.1).</summary>
    private TlsaRecord? Right(TlsaRecord record, (int Chain, int Depth)? place)
    {
        if (place is not { } at) return Leaf(0);
        var isAuthority = IsAuthority(record.Usage) && at.Depth > 0;
        return TlsaRecord.TryCreate(chains[at.Chain][isAuthority ? at.Depth : 0], Family(record.Usage, isAuthority), TlsaSelector.PublicKey, TlsaMatching.Sha256, out var right, out _) ? right : null;
    }

    private TlsaRecord? Leaf(int chain) =>
        chain < chains.Length && chains.Length == 1 && TlsaRecord.TryCreate(chains[chain][0], TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var right, out _) ? right : null;

    private bool IsItsOwnIssuer((int Chain, int Depth) place) => PathCertificate.TryRead(chains[place.Chain][place.Depth], out var certificate) && certificate.IsSelfIssued;

    private static bool IsAuthority(TlsaUsage usage) => usage is TlsaUsage.PkixTa or TlsaUsage.DaneTa;

    private TlsaUsage Family(TlsaUsage usage, bool isAuthority) => !isMail && usage is TlsaUsage.PkixTa or TlsaUsage.PkixEe
        ? isAuthority ? TlsaUsage.PkixTa : TlsaUsage.PkixEe
        : isAuthority ? TlsaUsage.DaneTa : TlsaUsage.DaneEe;

    /// <summary>What the data was before it was written once too often.</summary>
    private static IEnumerable<(Octets Data, string How)> Unwrap(Octets data)
    {
        if (Ascii.IsValid(data.Span))
        {
            var text = Encoding.ASCII.GetString(data.Span).Trim();
            if (IsHex(text) && Octets.TryParseHex(text, out var plain)) yield return (plain, ", whose hexadecimal digits were taken for its octets");
            var decoded = new byte[text.Length];
            if (Convert.TryFromBase64String(text, decoded, out var length)) yield return (Octets.Copy(decoded.AsSpan(0, length)), ", whose base64 text was taken for its octets");
        }

        var read = Convert.ToBase64String(data.Span);
        if (IsHex(read) && Octets.TryParseHex(read, out var digits)) yield return (digits, ", whose hexadecimal digits were read as base64");
    }

    private static bool IsHex(string text) => text.Length >= 32 && text.Length % 2 == 0 && !text.AsSpan().ContainsAnyExcept(HexDigits);
}
