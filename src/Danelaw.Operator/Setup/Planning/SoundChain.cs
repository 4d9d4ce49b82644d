using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>A private key with its certificate and issuers in the order in which a server sends them, wherever they stand.</summary>
/// <param name="PublicKey">The key's SubjectPublicKeyInfo in DER.</param>
/// <param name="Key">Where the private key stands.</param>
/// <param name="Certificates">Its certificate, then the issuers.</param>
internal sealed record SoundChain(Octets PublicKey, Place Key, ImmutableArray<ChainBlock> Certificates)
{
    internal CertificateSummary Leaf => Certificates[0].Summary!;

    /// <summary>The kind of the key as a file's name: <c>rsa</c>, <c>ecdsa</c>, <c>ed25519</c>.</summary>
    internal string Algorithm => AlgorithmOf(PublicKey);

    /// <summary>The kind of a key as a file's name.</summary>
    internal static string AlgorithmOf(Octets publicKey) => CertificateSummary.DescribeKey(publicKey).Split(' ')[0].ToLowerInvariant() is { Length: > 0 } name && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') ? name : "key";

    /// <summary>Whether a TLSA record means this chain.</summary>
    internal bool IsMeantBy(TlsaRecord record) => AsShown.IsMeantBy(record);

    /// <summary>The chain as a server shows it that reads it.</summary>
    internal ShownChain AsShown => new(PublicKey, [.. Certificates.Select(block => block.Object.Data)]);

    /// <summary>Of chains that will be shown those that whoever is shown another one today comes to see: the same certificate, or else the same key, the same kind of key, or any.</summary>
    /// <param name="today">What is shown today.</param>
    /// <param name="chains">The chains.</param>
    internal static SoundChain[] Successors(ShownChain today, IReadOnlyCollection<SoundChain> chains)
    {
        var algorithm = AlgorithmOf(today.PublicKey);
        return new Func<SoundChain, bool>[] { today.HasLeafOf, chain => chain.PublicKey == today.PublicKey, chain => chain.Algorithm == algorithm, _ => true }
            .Select(isMeant => chains.Where(isMeant).ToArray()).FirstOrDefault(found => found.Length > 0) ?? [];
    }

    /// <summary>The chains of the keys in a server's files.</summary>
    /// <param name="facts">The files.</param>
    /// <param name="fault">Why there is none, or not for each key, as a phrase; empty where all is sound.</param>
    internal static ImmutableArray<SoundChain> Of(ChainFacts facts, out string fault)
    {
        fault = "";
        foreach (var file in facts.Files)
        {
            if (file.IsRead) continue;
            fault = $"{file.Path} {(file.State == FileState.Missing ? "does not exist" : "cannot be read")}";
            return [];
        }

        if (!facts.Faults.IsEmpty)
        {
            fault = $"{facts.Faults[0].Place.File}: {facts.Faults[0].Text}";
            return [];
        }

        if (facts.Blocks.FirstOrDefault(block => block.Object.Kind is PemObjectKind.EncryptedPrivateKey or PemObjectKind.UnreadablePrivateKey) is { } unusable)
        {
            fault = $"the private key in {unusable.Place} is {(unusable.Object.Kind == PemObjectKind.EncryptedPrivateKey ? "encrypted: a server cannot start by itself with it" : "of a kind that is not supported")}";
            return [];
        }

        var keys = facts.Blocks.Where(block => block.Object.Kind == PemObjectKind.PrivateKey).DistinctBy(block => block.Object.Data).ToArray();
        var chains = ImmutableArray.CreateBuilder<SoundChain>();
        if (keys.Length == 0) fault = $"there is no private key in {string.Join(" and ", facts.Use.Files)}";
        foreach (var key in keys)
        {
            if (facts.Blocks.FirstOrDefault(block => block.Summary is not null && block.Summary.PublicKey == key.Object.Data) is not { } leaf) fault = $"no certificate in {string.Join(" and ", facts.Use.Files)} belongs to the private key in {key.Place}";
            else chains.Add(new(key.Object.Data, key.Place, Order(leaf, facts.Blocks)));
        }

        return chains.ToImmutable();
    }

    /// <summary>Whether a certificate is valid at a time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="fault">Why not, as a phrase; empty where it is.</param>
    internal bool IsValidAt(DateTimeOffset now, out string fault)
    {
        fault = Leaf.NotBefore is { } begin && now < begin ? $"the certificate is valid from {Time(begin)} on, and not yet"
            : Leaf.NotAfter is { } end && now > end ? $"the certificate has expired on {Time(end)}"
            : "";
        return fault.Length == 0;
    }

    /// <summary>From a certificate up to the highest issuer that stands beside it.</summary>
    private static ImmutableArray<ChainBlock> Order(ChainBlock leaf, ImmutableArray<ChainBlock> blocks)
    {
        var chain = ImmutableArray.CreateBuilder<ChainBlock>();
        for (var next = leaf; next is not null; next = chain[^1].Summary!.IsSelfIssued ? null : blocks.FirstOrDefault(block => block.Summary is { } issuer && issuer.Subject == chain[^1].Summary!.Issuer && !chain.Any(known => known.Object.Data == block.Object.Data))) chain.Add(next);
        return chain.ToImmutable();
    }

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
