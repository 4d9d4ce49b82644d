using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Verification;

/// <summary>Chains with octets changed, cut out, doubled and moved at random, with a fixed seed. Whatever comes of them, nothing throws and no path passes that was not signed.</summary>
public sealed class MutationTests
{
    private const int Rounds = 3000;

    [Fact, Rule("R43")]
    public void Broken_chains_never_throw_and_never_pass()
    {
        var random = new Random(7671);
        var root = Forge.Root("Root").Make();
        Octets[] pieces = [Certificate("Inner", "Root"), Certificate("mx.example.org", "Inner"), root, .. Corpus("ed25519"), .. Corpus("pss-largest-salt"), .. Corpus("rsa-exponent-3")];
        var policy = new DanePolicy { Service = ServiceKind.Other, ReferenceNames = [DomainName.Parse("mx.example.org")], Roots = new([root]) };
        for (var round = 0; round < Rounds; round++)
        {
            var leaf = Mutate(pieces[random.Next(pieces.Length)], random);
            ImmutableArray<Octets> chain = [leaf, .. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(2) == 0 ? Mutate(pieces[random.Next(pieces.Length)], random) : pieces[random.Next(pieces.Length)])];
            ImmutableArray<TlsaRecord> records = [.. Enumerable.Range(0, 3).Select(_ => Record(pieces[random.Next(pieces.Length)], random))];

            var verdict = DaneVerifier.Judge(chain, records, policy, Forge.Now);

            // The leaf was changed: no signature holds, and no record names it but by a key that the change did not touch.
            Assert.True(!verdict.IsMatch || pieces.Contains(leaf), verdict.Explanation);
            Assert.NotEmpty(verdict.Explanation);
            CertificateSummary.TryRead(leaf, out _);
            _ = CertificateFile.TryRead(leaf.Memory, out _, out _);
        }
    }

    private static Octets Mutate(Octets certificate, Random random)
    {
        var octets = certificate.ToArray().ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(octets.Count);
            var length = Math.Min(random.Next(1, 20), octets.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    octets[at] = (byte)random.Next(256);
                    break;
                case 1 when octets.Count > length:
                    octets.RemoveRange(at, length);
                    break;
                case 2:
                    octets.InsertRange(at, octets.GetRange(at, length));
                    break;
                case 3:
                    octets.InsertRange(random.Next(octets.Count), octets.GetRange(at, length));
                    break;
                default:
                    octets[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return new(octets.ToArray());
    }

    private static TlsaRecord Record(Octets certificate, Random random)
    {
        // DANE-TA and PKIX usages: what they name must have been signed for.
        var usage = (TlsaUsage)random.Next(3);
        Assert.True(TlsaRecord.TryCreate(certificate, usage, (TlsaSelector)random.Next(2), (TlsaMatching)random.Next(3), out var record, out _));
        return record;
    }

    private static Octets Certificate(string subject, string issuer) =>
        (Forge.Leaf(subject, issuer) with { Extensions = [Extension.Authority(3), Extension.DnsNames("mx.example.org"), Extension.KeyUsage("1000011"), Extension.Purposes("1.3.6.1.5.5.7.3.1"), Extension.NameConstraints([Extension.Dns("example.org")], [])] }).Make();

    private static ImmutableArray<Octets> Corpus(string name)
    {
        Assert.True(CertificateFile.TryReadCertificates(Repository.Corpus("certificates", name + ".pem"), out var chain, out var fault), fault);
        return chain;
    }
}
