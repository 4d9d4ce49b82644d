using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Verification;
using Danelaw.Verification.Paths;

namespace Danelaw.Tlsa;

/// <summary>Makes a TLSA record for a server from the certificates or the key that it uses, and refuses what could not work.</summary>
public sealed record TlsaCreation
{
    /// <summary>What the server uses: its certificate and those above it in order, or a public key.</summary>
    public required CertificateFile Source { get; init; }

    /// <summary>The usage. By default DANE-EE (R59).</summary>
    public TlsaUsage Usage { get; init; } = TlsaUsage.DaneEe;

    /// <summary>The selector. By default the public key (R59).</summary>
    public TlsaSelector Selector { get; init; } = TlsaSelector.PublicKey;

    /// <summary>The matching type. By default SHA-256 (R59).</summary>
    public TlsaMatching Matching { get; init; } = TlsaMatching.Sha256;

    /// <summary>Whether a record with SHA-256 of the same is made beside this one: then nothing is said of its being needed. Default false.</summary>
    public bool IsBesideSha256 { get; init; }

    /// <summary>For usages 0 and 2, the authority that the record is to name; null for the topmost that the source leads to.</summary>
    public CertificateFile? Anchor { get; init; }

    /// <summary>Whether the server is known to send the authority although it is not among the certificates of the source. By default it is not.</summary>
    public bool IsAnchorSent { get; init; }

    /// <summary>
    /// Whether usages 1 and 3 may name an authority's certificate as the server's own. By default only where the source knows that it is, or where it issued itself and stands alone,
    /// as servers without an authority have it.
    /// </summary>
    public bool AllowsAuthority { get; init; }

    /// <summary>The names under which the service is reached. By default none: then no name is held against the certificate.</summary>
    public ImmutableArray<DomainName> Names { get; init; } = [];

    /// <summary>The ports of the service. By default 25.</summary>
    public ImmutableArray<int> Ports { get; init; } = [25];

    /// <summary>What carries the service. By default TCP.</summary>
    public TlsaTransport Transport { get; init; }

    /// <summary>The mailbox whose SMIMEA record is made (RFC 8162), such as <c>hugh@example.com</c>: the certificates are then its user's, and no server's. By default none.</summary>
    public string? Mailbox { get; init; }

    /// <summary>Makes the record.</summary>
    /// <param name="now">The time that dates are held against: an authority that has expired is refused, of other dates the notes tell.</param>
    /// <param name="record">The record, or the default on failure.</param>
    /// <param name="notes">What whoever publishes it should know, a sentence each without full stop.</param>
    /// <param name="fault">Why it cannot work, as a phrase; empty on success.</param>
    public bool TryMake(DateTimeOffset now, out TlsaRecord record, out ImmutableArray<string> notes, out string fault)
    {
        record = default;
        notes = [];
        var isAuthority = Usage is TlsaUsage.PkixTa or TlsaUsage.DaneTa;
        if (Source.Certificates.IsEmpty && Source.PublicKey.IsEmpty) fault = "there is neither a certificate nor a public key";
        else if (Anchor is not null && !isAuthority) fault = $"usage {(byte)Usage} names the {Whose} own certificate: an anchor goes with usages 0 and 2";
        else if (Source.Certificates.IsEmpty && Selector == TlsaSelector.Certificate) fault = "selector 0 means the whole certificate, and there is only a public key: give the certificate, or choose selector 1";
        else if (Source.Certificates.IsEmpty && Anchor is not null) fault = $"a public key leads to no anchor: give the certificates of the {(Mailbox is null ? "server" : "user")}";
        else if (!isAuthority && IsNobodysOwn(out fault)) return false;
        else fault = "";
        if (fault.Length > 0) return false;
        if (Source.Certificates.IsEmpty)
        {
            if (!TlsaRecord.TryCreateFromKey(Source.PublicKey, Usage, Matching, out record, out fault)) return false;
        }
        else if (!TryChoose(isAuthority, out var chosen, out fault) || !TryCreate(chosen, out record, out fault))
        {
            return false;
        }

        if (isAuthority && !Source.Certificates.IsEmpty && (HasEnded(record, now, out fault) || !TryProve(record, now, out fault) || IsMissing(record, out fault)))
        {
            record = default;
            return false;
        }

        notes = [.. Notes(record, now)];
        return true;
    }

    /// <summary>Whether records that are made together are enough for every client. SHA-512 is nothing that a client must know (R38, R59).</summary>
    /// <param name="records">All that is to stand at one owner.</param>
    /// <param name="fault">Who could use none of them, as a phrase; empty on success.</param>
    public static bool AreEnough(IEnumerable<TlsaRecord> records, out string fault)
    {
        var all = records.ToList();
        var isAlone = all.Exists(record => record is { Usage: TlsaUsage.DaneEe, Selector: TlsaSelector.PublicKey, Matching: TlsaMatching.Sha512 }) && all.TrueForAll(record => record.Matching == TlsaMatching.Sha512);
        fault = isAlone ? "3 1 2 alone is of no use to clients that do not know SHA-512, and none has to know it (RFC 6698 §6)" : "";
        return !isAlone;
    }

    /// <summary>The record at the owner name of each name and port, in the order given.</summary>
    /// <param name="record">The record.</param>
    /// <param name="timeToLive">The TTL in seconds, 0 to 2^31 - 1.</param>
    /// <param name="records">The resource records, or none on failure.</param>
    /// <param name="fault">The name and port that make no owner name; empty on success.</param>
    public bool TryPlace(TlsaRecord record, uint timeToLive, out ImmutableArray<ResourceRecord> records, out string fault)
    {
        records = [];
        var placed = ImmutableArray.CreateBuilder<ResourceRecord>();
        foreach (var name in Names)
        {
            foreach (var port in Ports)
            {
                if (!TlsaOwner.TryFor(port, Transport, name, out var owner))
                {
                    fault = string.Create(CultureInfo.InvariantCulture, $"port {port} and {HostNames.Show(name)} make no owner name");
                    return false;
                }

                placed.Add(new(owner, RecordType.TLSA, RecordClass.IN, timeToLive, record.ToRecordData()));
            }
        }

        fault = "";
        records = placed.ToImmutable();
        return true;
    }

    /// <summary>Whether what is to be named as the server's own is an authority's: no client could match such a record (RFC 7671 §5.1).</summary>
    private bool IsNobodysOwn(out string fault)
    {
        fault = "";
        if (AllowsAuthority || Source.IsOwnKnown || Source.Certificates.IsEmpty || !PathCertificate.TryRead(Source.Certificates[0], out var first) || !first.Extensions.IsAuthority) return false;
        var isAlone = Source.Certificates.Distinct().Count() == 1;
        if (isAlone && first.IsSelfIssued) return false;
        fault = $"{(isAlone ? $"the certificate {first.Label}, which {first.Issuer} issued," : $"the first certificate, {first.Label},")} is an authority's, and usage {(byte)Usage} names the {Whose} own: give that one, before those of its issuers";
        return true;
    }

    /// <summary>Which certificate, or bare key, the record is made of.</summary>
    private bool TryChoose(bool isAuthority, out Octets chosen, out string fault)
    {
        chosen = Source.Certificates[0];
        fault = "";
        if (!isAuthority) return true;
        if (Anchor is not null)
        {
            chosen = Anchor.Certificates.IsEmpty ? Anchor.PublicKey : Anchor.Certificates[0];
            if (chosen.IsEmpty) fault = "the anchor is neither a certificate nor a public key";
            else if (Anchor.Certificates.Length > 1) fault = "there is more than one certificate for the anchor";
            else if (Anchor.Certificates.IsEmpty && Selector == TlsaSelector.Certificate) fault = "selector 0 means the whole certificate, and the anchor is only a public key: give its certificate, or choose selector 1";
            return fault.Length == 0;
        }

        // R60: the topmost that the server itself can show.
        if (!PathCertificate.TryRead(chosen, out var leaf))
        {
            fault = "the first certificate cannot be read";
            return false;
        }

        var certificates = Certificates();
        var top = TopOf(leaf, certificates);
        chosen = top.Frame.Der;
        var standsAlone = ReferenceEquals(top, leaf) && !leaf.IsSelfIssued && !leaf.Extensions.IsAuthority;
        if (standsAlone && certificates.Length == 1) fault = $"usage {(byte)Usage} names an authority, and there is only the {Whose} certificate {leaf.Label}, which {leaf.Issuer} issued: give the chain, or the anchor";
        else if (standsAlone) fault = $"usage {(byte)Usage} names an authority, and none of the certificates given signed the first one, {leaf.Label}, which {leaf.Issuer} issued";
        return fault.Length == 0;
    }

    private bool TryCreate(Octets chosen, out TlsaRecord record, out string fault) => Anchor is { Certificates.IsEmpty: true }
        ? TlsaRecord.TryCreateFromKey(chosen, Usage, Matching, out record, out fault)
        : TlsaRecord.TryCreate(chosen, Usage, Selector, Matching, out record, out fault);

    /// <summary>Whether every certificate that the record means has expired. Clients hold an anchor against its dates (R43), and no renewal changes those.</summary>
    private bool HasEnded(TlsaRecord record, DateTimeOffset now, out string fault)
    {
        fault = "";
        foreach (var der in Chain())
        {
            if (!PathCertificate.TryRead(der, out var certificate) || !record.Matches(certificate.Frame) || !Validity.TryRead(certificate.Frame.Validity.Span, out var validity)) continue;
            if (now <= validity.NotAfter) return false;
            fault = string.Create(CultureInfo.InvariantCulture, $"the authority {certificate.Label} expired at {validity.NotAfter.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, and usage {(byte)Usage} needs a valid one (RFC 7671 §5.2): name another as the anchor");
        }

        return fault.Length > 0;
    }

    /// <summary>Holds the new record against the chain as a client would; only dates and names, which can change, are left to the notes.</summary>
    private bool TryProve(TlsaRecord record, DateTimeOffset now, out string fault)
    {
        fault = "";
        var chain = Chain();
        // Whether the authorities of usage 0 are trusted is each client's own affair: here they are.
        var policy = new DanePolicy { Service = ServiceKind.Other, ReferenceNames = Names, Roots = new(chain) };
        var verdict = DaneVerifier.Judge(chain, [record], policy, now);

        // What a certificate may be used for is held against TLS servers there; mail is noted.
        if (Mailbox is not null && verdict.Reason == DaneReason.WrongPurpose) return true;

        // Where only authorities are given there is no server's certificate to hold the record against.
        var isAuthorities = PathCertificate.TryRead(chain[0], out var first) && first.Extensions.IsAuthority;
        if (verdict.IsMatch || isAuthorities || verdict.Reason is DaneReason.Expired or DaneReason.NotYetValid or DaneReason.NameMismatch) return true;
        fault = verdict.Reason == DaneReason.NoPath && Anchor is not null && first is not null ? NoPath(first) : verdict.Explanation;
        return false;
    }

    /// <summary>Where the way to the anchor ends: what was given of it may be less than the server sends.</summary>
    private string NoPath(PathCertificate leaf)
    {
        var top = TopOf(leaf, Certificates());
        var end = top.IsSelfIssued
            ? $"the way up ends at {top.Label}, which issued itself: name that one as the anchor"
            : $"{top.Label} was issued by {top.Issuer}, whose certificate is not among those given: give the whole chain, as the {(Mailbox is null ? "server sends it" : "user has it")}, or name that one as the anchor";
        return $"no path leads from {leaf.Label} to the anchor (RFC 7671 §5.2): {end}";
    }

    /// <summary>R60: whether the record names an authority that the server does not send, by a digest, from which nobody can know it, or by its bare key, on which not everybody builds (R44).</summary>
    private bool IsMissing(TlsaRecord record, out string fault)
    {
        fault = "";
        if (IsAnchorSent || Mailbox is not null || Usage != TlsaUsage.DaneTa || this is { Selector: TlsaSelector.Certificate, Matching: TlsaMatching.Full } || Source.Certificates.Any(sent => Certificate.TryRead(sent, out var certificate) && record.Matches(certificate))) return false;
        var label = Anchor is { Certificates: [var der, ..] } && PathCertificate.TryRead(der, out var anchor) ? $" {anchor.Label}" : "";
        fault = $"the anchor{label} is not among the certificates of the server, and it must send one that is named by {(Matching == TlsaMatching.Full ? "its key alone (RFC 7671 §5.2.3)" : "a digest (RFC 7671 §5.2.2)")}: give them as it sends them, or match the whole certificate (2 0 0)";
        return true;
    }

    private ImmutableArray<Octets> Chain() => Anchor is null ? Source.Certificates : [.. Source.Certificates, .. Anchor.Certificates];

    private ImmutableArray<PathCertificate> Certificates()
    {
        var read = ImmutableArray.CreateBuilder<PathCertificate>();
        foreach (var der in Source.Certificates)
            if (PathCertificate.TryRead(der, out var certificate)) read.Add(certificate);
        return read.ToImmutable();
    }

    /// <summary>The key of the server itself, as SubjectPublicKeyInfo; null where only an authority's was given.</summary>
    private Octets? OwnKey => !Source.Certificates.IsEmpty ? Certificate.TryRead(Source.Certificates[0], out var own) ? own.PublicKey : null
        : Usage is TlsaUsage.PkixEe or TlsaUsage.DaneEe ? Source.PublicKey : null;

    /// <summary>The topmost certificate to which a sound path leads, the leaf where none does.</summary>
    private static PathCertificate TopOf(PathCertificate leaf, ImmutableArray<PathCertificate> certificates) =>
        new PathSearch(leaf, certificate => certificates.Where(other => other.Subject.Equals(certificate.Issuer)), new(new())).All.Where(path => path.Fault is null).MaxBy(path => path.Depth)!.Top;

    private string Whose => Mailbox is null ? "server's" : "user's";

    private IEnumerable<string> Notes(TlsaRecord record, DateTimeOffset now) => Mailbox is { } mailbox ? MailNotes(mailbox, now) : ServerNotes(record, now);

    /// <summary>Of a certificate for S/MIME (RFC 8550).</summary>
    private IEnumerable<string> MailNotes(string mailbox, DateTimeOffset now)
    {
        if (Usage is TlsaUsage.PkixEe or TlsaUsage.DaneEe && (Selector != TlsaSelector.Certificate || Matching != TlsaMatching.Full)) yield return "others recognise the certificate by this record, and cannot encrypt to it: selector 0 and matching type 0 give them all of it";
        if (Source.Certificates.IsEmpty || !PathCertificate.TryRead(Source.Certificates[0], out var own)) yield break;
        if (Validity.TryRead(own.Frame.Validity.Span, out var validity) && now > validity.NotAfter) yield return $"the certificate {own.Label} has expired";
        if (own.Extensions.IsAuthority && Usage is TlsaUsage.PkixTa or TlsaUsage.DaneTa) yield break;
        if (own.Extensions.Purposes is { } purposes && !purposes.Contains(ObjectIdentifiers.MailProtection) && !purposes.Contains(ObjectIdentifiers.AnyPurpose)) yield return $"the certificate {own.Label} is not for mail by its extended key usage (RFC 8550 §4.4.4)";
        if (!MailNames.IsBorne(own, mailbox)) yield return $"the certificate {own.Label} does not bear {mailbox} (RFC 8550 §3)";
    }

    private IEnumerable<string> ServerNotes(TlsaRecord record, DateTimeOffset now)
    {
        var isAuthority = Usage is TlsaUsage.PkixTa or TlsaUsage.DaneTa;
        if (OwnKey is { } ownKey && KeySize.IsSmall(ownKey)) yield return "the server's key is smaller than RFC 9325 §4.5 allows (RSA of 2048 bits, curves of 224): current servers and clients refuse it, whatever the record says; make a larger one";
        if (Usage is TlsaUsage.PkixTa or TlsaUsage.PkixEe && Ports.Contains(25)) yield return $"mail servers do not use usage {(byte)Usage} on port 25; usage 3 or 2 is for them (RFC 7672 §3.1.3)";
        if (Source.Certificates.IsEmpty && isAuthority) yield return $"with usage {(byte)Usage} the key must be that of the authority, not of the server";
        if (Usage == TlsaUsage.DaneTa && !(Matching == TlsaMatching.Full && Selector == TlsaSelector.Certificate)) yield return "the server must send the authority's certificate in its chain, even one that issued itself (RFC 7671 §5.2.2)";
        if (!isAuthority && Selector == TlsaSelector.Certificate) yield return "selector 0 breaks with every renewal of the certificate; selector 1 lasts as long as the key (RFC 7671 §5.1)";
        if (Matching == TlsaMatching.Full) yield return "matching type 0 makes large records; SHA-256 is what is recommended (RFC 7671 §10.1.2)";
        if (Matching == TlsaMatching.Sha512) yield return IsBesideSha256
            ? "publish one with SHA-512 for every other key in the RRset too, because clients that know it look at no weaker digest (RFC 7671 §9)"
            : "publish a record with SHA-256 beside it, because clients need not know SHA-512, and one with SHA-512 for every other key in the RRset, because those that know it look at no weaker digest (RFC 7671 §9)";
        if (isAuthority)
            foreach (var der in Chain())
                if (PathCertificate.TryRead(der, out var authority) && record.Matches(authority.Frame) && Validity.TryRead(authority.Frame.Validity.Span, out var its) && now < its.NotBefore)
                    yield return string.Create(CultureInfo.InvariantCulture, $"the authority {authority.Label} is not valid before {its.NotBefore.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, and usage {(byte)Usage} needs a valid one (RFC 7671 §5.2)");
        if (Source.Certificates.IsEmpty || Usage == TlsaUsage.DaneEe || !PathCertificate.TryRead(Source.Certificates[0], out var leaf)) yield break;
        if (Validity.TryRead(leaf.Frame.Validity.Span, out var validity) && now > validity.NotAfter) yield return $"the certificate {leaf.Label} has expired, and usage {(byte)Usage} needs a valid one (RFC 7671 §5.2)";
        else if (now < validity.NotBefore) yield return string.Create(CultureInfo.InvariantCulture, $"the certificate {leaf.Label} is not valid before {validity.NotBefore.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, and usage {(byte)Usage} needs a valid one (RFC 7671 §5.2)");
        if (isAuthority)
        {
            foreach (var der in Source.Certificates[1..])
                if (PathCertificate.TryRead(der, out var issuer) && Validity.TryRead(issuer.Frame.Validity.Span, out var until) && now > until.NotAfter) yield return $"the certificate {issuer.Label} of the chain has expired, and usage {(byte)Usage} needs a chain of valid ones (RFC 7671 §5.2)";
            var isOfItself = record.Matches(leaf.Frame) && record is not { Selector: TlsaSelector.PublicKey, Matching: TlsaMatching.Full };
            if (isOfItself && !leaf.Extensions.IsAuthority) yield return "the record names the server's own certificate as an authority, which OpenSSL, and Postfix by it, does not take: to such senders nothing matches. Usage 3 is for it (3 1 1)";
            else if (isOfItself && leaf.IsSelfIssued && Source.Certificates.Distinct().Count() == 1) yield return "if the server shows this certificate as its own, OpenSSL, and Postfix by it, does not take the record: to such senders nothing matches. Usage 3 is for that (3 1 1)";
            else if (Usage == TlsaUsage.DaneTa && !isOfItself && !leaf.Extensions.IsAuthority && FirstPath.WhyPassedBy(Chain(), [record], now, new(new())) is { } why) yield return $"OpenSSL, and Postfix by it, does not find the way to what the record names: {why}. To such senders nothing matches; usage 3 needs no path (3 1 1)";
        }

        if (!Names.IsDefaultOrEmpty && leaf.Extensions.Fault is null && !(isAuthority && leaf.Extensions.IsAuthority))
            foreach (var name in Names)
                if (!HostNames.IsBorne(leaf, [name], allowsCommonName: Ports.Contains(25))) yield return $"the certificate {leaf.Label} does not bear {HostNames.Show(name)}, and usage {(byte)Usage} needs it (RFC 7672 §3.2.2)";
    }
}
