using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Operator.Rollover;

/// <summary>
/// A private key with its certificate and issuers, as it stands in one file that servers read: the key first, as Postfix wants it. Written anew from
/// what was read, so that the same chain is the same octets wherever it came from. The key is told to nobody.
/// </summary>
public sealed class ChainFile
{
    /// <summary>Each certificate is judged with all that stand beside it.</summary>
    private const int MostCertificates = 16;

    private readonly byte[] _pem;

    private ChainFile(byte[] pem, Chain chain, CertificateSummary leaf) => (_pem, Chain, Leaf) = (pem, chain, leaf);

    /// <summary>What the plan knows of it.</summary>
    public Chain Chain { get; }

    /// <summary>What its certificate says.</summary>
    public CertificateSummary Leaf { get; }

    /// <summary>The kind of its key.</summary>
    public KeyAlgorithm Algorithm => AlgorithmOf(Leaf.KeyAlgorithm);

    /// <summary>The same chain as another roll's settings mean it, or the same ones after a change: by other records.</summary>
    /// <param name="chain">What the plan knows of it.</param>
    internal ChainFile As(Chain chain) => new(_pem, chain, Leaf);

    internal byte[] ToPem() => _pem;

    /// <summary>Says what it is, and nothing of the key.</summary>
    public override string ToString() => $"chain of {Leaf.Subject}";

    /// <summary>Reads a chain.</summary>
    /// <param name="certificates">PEM with the certificate and its issuers; with the private key too where <paramref name="key"/> is null.</param>
    /// <param name="key">PEM with the private key; null where it stands with the certificates.</param>
    /// <param name="roll">Which records are to mean it, for which services.</param>
    /// <param name="now">The time.</param>
    /// <param name="chain">The chain; null on failure.</param>
    /// <param name="fault">Why it cannot be used, as a phrase that tells nothing of the key; empty on success.</param>
    internal static bool TryRead(string certificates, string? key, RollSettings roll, DateTimeOffset now, [NotNullWhen(true)] out ChainFile? chain, out string fault)
    {
        chain = null;
        if (!TryFindBlocks(certificates, out var blocks, out fault)) return false;
        var keys = blocks.Where(block => IsKey(block.Label)).ToList();
        if (key is not null)
        {
            if (!TryFindBlocks(key, out var more, out fault)) return false;
            keys = [.. more.Where(block => IsKey(block.Label))];
        }

        var chainBlocks = blocks.Where(block => block.Label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE").ToList();
        if (keys.Count != 1)
        {
            fault = keys.Count == 0 ? "there is no private key" : "there is more than one private key";
            return false;
        }

        if (chainBlocks.Count is 0 or > MostCertificates)
        {
            fault = chainBlocks.Count == 0 ? "there is no certificate" : string.Create(CultureInfo.InvariantCulture, $"there are {chainBlocks.Count} certificates in it, and no chain that a server shows has more than {MostCertificates}: it is a list of authorities, perhaps");
            return false;
        }

        var text = new StringBuilder();
        text.Append(PemEncoding.Write(keys[0].Label, keys[0].Data)).Append('\n');
        foreach (var block in chainBlocks) text.Append(PemEncoding.Write("CERTIFICATE", block.Data)).Append('\n');
        var pem = text.ToString();
        if (!PemObject.TryReadAll(pem, out var objects, out fault)) return false;
        if (objects[0].Kind != PemObjectKind.PrivateKey)
        {
            fault = objects[0].Kind == PemObjectKind.EncryptedPrivateKey ? "the private key is encrypted, and a server could not read it" : "the private key cannot be read";
            return false;
        }

        if (objects.Skip(1).Any(item => item.Kind != PemObjectKind.Certificate) || !CertificateSummary.TryRead(objects[1].Data, out var leaf))
        {
            fault = "a certificate cannot be read";
            return false;
        }

        if (leaf.PublicKey != objects[0].Data)
        {
            fault = $"private key and first certificate ({leaf.Subject}) do not belong together";
            return false;
        }

        if (leaf.NotBefore is not { } begin || leaf.NotAfter is not { } end)
        {
            fault = "the dates of the certificate cannot be read";
            return false;
        }

        ImmutableArray<Octets> sent = [.. objects.Skip(1).Select(item => item.Data)];
        var records = new List<TlsaRecord>();
        foreach (var kind in roll.Records)
        {
            if (!TryMake(sent, kind, roll, now < begin ? begin : now, out var record, out fault)) return false;
            records.Add(record);
        }

        var octets = Encoding.ASCII.GetBytes(pem);
        var published = TlsaSet.Of(records);
        chain = new(octets, new(Digest(octets), Digest(leaf.PublicKey.Span), published, begin, end) { Leaf = Digest(sent[0].Span), Meaning = MeaningOf(sent, roll, now < begin ? begin : now).Union(published) }, leaf);
        return true;
    }

    /// <summary>The records with a digest that mean the certificate which an endpoint shows, whatever stands beside it.</summary>
    /// <param name="certificate">The certificate.</param>
    internal static TlsaSet MeaningOf(Octets certificate)
    {
        var records = new List<TlsaRecord>();
        foreach (var selector in new[] { TlsaSelector.PublicKey, TlsaSelector.Certificate })
        {
            foreach (var matching in new[] { TlsaMatching.Sha256, TlsaMatching.Sha512 })
            {
                if (TlsaRecord.TryCreate(certificate, TlsaUsage.DaneEe, selector, matching, out var record, out _)) records.Add(record);
            }
        }

        return TlsaSet.Of(records);
    }

    /// <summary>The SHA-256 of octets.</summary>
    internal static Octets Digest(ReadOnlySpan<byte> octets) => new(SHA256.HashData(octets));

    /// <summary>The kind of a key by its name for people.</summary>
    internal static KeyAlgorithm AlgorithmOf(string name) =>
        name.StartsWith("RSA", StringComparison.Ordinal) ? KeyAlgorithm.Rsa
        : name.StartsWith("ECDSA", StringComparison.Ordinal) ? KeyAlgorithm.Ecdsa
        : name.StartsWith("Ed", StringComparison.Ordinal) ? KeyAlgorithm.Eddsa
        : KeyAlgorithm.Any;

    /// <summary>The record of a kind, and that it alone makes every service of the roll match: what cannot be relied on alone is not published.</summary>
    private static bool TryMake(ImmutableArray<Octets> sent, RecordKind kind, RollSettings roll, DateTimeOffset now, out TlsaRecord record, out string fault)
    {
        ImmutableArray<DomainName> names = [.. roll.Owners.Select(owner => owner.Name).Distinct()];
        var creation = new TlsaCreation { Source = CertificateFile.OfChain(sent), Usage = kind.Usage, Selector = kind.Selector, Matching = kind.Matching, Names = names, Ports = [.. roll.Owners.Select(owner => (int)owner.Port).Distinct()] };
        if (!creation.TryMake(now, out record, out _, out fault))
        {
            fault = $"no record {kind} can be made: {fault}";
            return false;
        }

        if (kind.Usage is TlsaUsage.PkixTa or TlsaUsage.PkixEe)
        {
            // Which authorities a client trusts is its own affair, and it needs the rest of RFC 6698 §2.1.1 all the same; mail servers use neither.
            if (!roll.Owners.Any(owner => owner.Port == 25)) return true;
            fault = $"records {kind} are not used between mail servers (RFC 7672 §3.1.3): take \"3 1 1\", or \"2 1 1\" beside it";
            return false;
        }

        foreach (var owner in roll.Owners)
        {
            var verdict = Judge(sent, record, owner, now);
            if (verdict.IsMatch) continue;
            fault = $"by a record {kind} a client of {owner} would not match it: {verdict.Explanation}";
            return false;
        }

        return true;
    }

    /// <summary>Every record with a digest by which clients of every service find the chain, whoever publishes it.</summary>
    private static TlsaSet MeaningOf(ImmutableArray<Octets> sent, RollSettings roll, DateTimeOffset now)
    {
        var records = new List<TlsaRecord>();
        for (var i = 0; i < sent.Length; i++)
        {
            foreach (var selector in new[] { TlsaSelector.PublicKey, TlsaSelector.Certificate })
            {
                // What matches by one digest of it matches by the other.
                var usage = i == 0 ? TlsaUsage.DaneEe : TlsaUsage.DaneTa;
                if (!TlsaRecord.TryCreate(sent[i], usage, selector, TlsaMatching.Sha256, out var record, out _) || !roll.Owners.All(owner => Judge(sent, record, owner, now).IsMatch)) continue;
                records.Add(record);
                if (TlsaRecord.TryCreate(sent[i], usage, selector, TlsaMatching.Sha512, out var longer, out _)) records.Add(longer);
            }
        }

        return TlsaSet.Of(records);
    }

    private static DaneVerdict Judge(ImmutableArray<Octets> sent, TlsaRecord record, CheckTarget owner, DateTimeOffset now) =>
        DaneVerifier.Judge(sent, [record], new() { Service = ServicePorts.KindOf(owner.Port), ReferenceNames = [owner.Name] }, now);

    private static bool IsKey(string label) => label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);

    private static bool TryFindBlocks(string text, out List<(string Label, byte[] Data)> blocks, out string fault)
    {
        blocks = [];

        // What comes next passes over a block with a damaged boundary, and so might take an authority for the server's own.
        if (!PemObject.TryReadAll(text, out _, out fault)) return false;
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            blocks.Add((label, Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }

        if (!rest.Contains("-----BEGIN", StringComparison.Ordinal)) return true;
        fault = text.Contains("ENCRYPTED", StringComparison.Ordinal) ? "the private key is encrypted, and a server could not read it" : "there is a broken block of PEM in it";
        return false;
    }
}
