using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;
using Danelaw.Tlsa.Guessing;

namespace Danelaw.Tests.Tlsa;

/// <summary>Records that were made by mistake, with the commands that people use: <c>tests/Corpora/mistaken-records/make</c>.</summary>
public sealed class DigestGuessTests
{
    private static readonly ImmutableArray<Octets> Chain = Read("fullchain.pem");
    private static readonly DigestGuess Guess = new([Chain], [Known("key.pem"), Known("req.pem")], isMail: true);

    public static TheoryData<string, string, string> Mistakes() =>
        [.. File.ReadLines(Repository.Corpus("mistaken-records", "records.txt")).Select(line => line.Split('\t')).Select(parts => new TheoryDataRow<string, string, string>(parts[0], parts[1], parts[2]))];

    [Theory, MemberData(nameof(Mistakes))]
    public void A_mistake_is_recognised_and_the_right_record_named(string text, string words, string command)
    {
        Assert.True(TlsaRecord.TryParse(text, out var record, out var fault), fault + command);

        Assert.True(Guess.TryRecognise(record, out var guess), command);

        Assert.Contains(words, guess.What, StringComparison.Ordinal);
        Assert.Equal(words.Contains("nothing", StringComparison.Ordinal) || words.Contains("empty line", StringComparison.Ordinal) ? GuessKind.Nothing : text.StartsWith("3 1 0", StringComparison.Ordinal) && words.EndsWith("private key", StringComparison.Ordinal) ? GuessKind.PrivateKey : GuessKind.OtherThing, guess.Kind);
        if (guess is { Kind: GuessKind.OtherThing, Right: { } right }) Assert.True(right.UsabilityFor(Danelaw.Verification.ServiceKind.Smtp) == Usability.Usable && right.Matches(Certificate(right.Usage == TlsaUsage.DaneTa ? 1 : 0)));
    }

    [Fact]
    public void The_record_that_was_meant_is_the_servers_key_and_for_an_authority_the_authoritys()
    {
        var pem = SHA256.HashData(File.ReadAllBytes(Repository.Corpus("mistaken-records", "ca.pem")));

        Assert.Equal(Record(1, TlsaUsage.DaneTa), Right(new(TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Sha256, new(pem))));
        Assert.Equal(Record(0, TlsaUsage.DaneEe), Right(new(TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha256, new(pem))));
    }

    [Fact]
    public void Where_PKIX_usages_count_they_stay()
    {
        var https = new DigestGuess([Chain], [], isMail: false);
        Assert.True(https.TryRecognise(Record(0, TlsaUsage.PkixEe) with { Selector = TlsaSelector.Certificate }, out var guess));

        Assert.Equal(TlsaUsage.PkixEe, guess.Right!.Value.Usage);
        Assert.Equal(TlsaUsage.DaneEe, Right(Record(0, TlsaUsage.PkixEe) with { Selector = TlsaSelector.Certificate }).Usage);
    }

    [Fact]
    public void What_is_right_in_every_parameter_is_no_mistake()
    {
        foreach (var matching in (TlsaMatching[])[TlsaMatching.Full, TlsaMatching.Sha256, TlsaMatching.Sha512])
        {
            foreach (var selector in (TlsaSelector[])[TlsaSelector.Certificate, TlsaSelector.PublicKey])
            {
                Assert.False(Guess.TryRecognise(Record(0, TlsaUsage.DaneEe, selector, matching), out _));
                Assert.False(Guess.TryRecognise(Record(1, TlsaUsage.DaneTa, selector, matching), out _));
            }
        }
    }

    [Fact]
    public void Another_key_is_no_mistake_and_neither_is_a_record_without_data()
    {
        for (var i = 0; i < 200; i++)
        {
            Assert.False(Guess.TryRecognise(new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(SHA256.HashData([1, (byte)i]))), out _));
            Assert.False(Guess.TryRecognise(new(TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Sha512, new(SHA512.HashData([1, (byte)i]))), out _));
        }

        Assert.False(Guess.TryRecognise(new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, default), out _));
    }

    [Fact]
    public void Nothing_that_is_known_of_a_file_leads_back_to_it()
    {
        var secret = File.ReadAllText(Repository.Corpus("mistaken-records", "key.pem"));
        var known = Known("key.pem");

        Assert.All(known.Digests, digest => Assert.True(digest.Digest.Length is 32 or 64));
        foreach (var line in secret.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-'))) Assert.DoesNotContain(known.Digests, digest => digest.What.Contains(line, StringComparison.Ordinal));
    }

    [Fact]
    public void Octets_of_any_kind_do_no_harm()
    {
        var random = new Random(6);
        for (var i = 0; i < 2000; i++)
        {
            var data = new byte[random.Next(0, 200)];
            random.NextBytes(data);
            if (i % 3 == 0) for (var at = 0; at < data.Length; at++) data[at] = (byte)(0x20 + (data[at] % 0x5F));
            Guess.TryRecognise(new((TlsaUsage)random.Next(0, 5), (TlsaSelector)random.Next(0, 3), (TlsaMatching)random.Next(0, 4), new(data)), out _);
        }

        Assert.False(new DigestGuess([[Octets.Copy([1, 2, 3])], []], [], isMail: true).TryRecognise(Record(0, TlsaUsage.DaneEe), out _));
    }

    private static TlsaRecord Right(TlsaRecord record)
    {
        Assert.True(Guess.TryRecognise(record, out var guess));
        return guess.Right!.Value;
    }

    private static TlsaRecord Record(int depth, TlsaUsage usage, TlsaSelector selector = TlsaSelector.PublicKey, TlsaMatching matching = TlsaMatching.Sha256) =>
        TlsaRecord.TryCreate(Chain[depth], usage, selector, matching, out var record, out var fault) ? record : throw new InvalidOperationException(fault);

    private static Certificate Certificate(int depth) => Danelaw.Certificates.Certificate.TryRead(Chain[depth], out var certificate) ? certificate : throw new InvalidOperationException();

    private static KnownFile Known(string name) => KnownFile.Of(name, File.ReadAllBytes(Repository.Corpus("mistaken-records", name)));

    private static ImmutableArray<Octets> Read(string name) =>
        CertificateFile.TryReadCertificates(File.ReadAllBytes(Repository.Corpus("mistaken-records", name)), out var certificates, out var fault) ? certificates : throw new InvalidOperationException(fault);
}
