using System.Security.Cryptography;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Tests.Certificates;

/// <summary>Which certificates of a file are a server's own, and what stands above each.</summary>
public sealed class OwnCertificatesTests
{
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Intermediate = Forge.Intermediate("Intermediate", "Root").Make();
    private static readonly Octets Other = Forge.Intermediate("Other", "Root").Make();
    private static readonly Octets Leaf = Forge.Leaf("mx.example.org", "Intermediate").Make();
    private static readonly Octets Second = (Forge.Leaf("mx.example.org", "Other") with { Key = "second" }).Make();

    [Fact, Rule("R64")]
    public void A_file_with_keys_is_split_as_a_server_reads_it()
    {
        var all = Read(Key("mx.example.org"), Pem(Leaf), Pem(Intermediate), Key("second"), Pem(Second), Pem(Other));

        Assert.Equal([[Leaf, Intermediate], [Second, Other]], all.Parts.Select(part => part.Certificates.ToArray()));
        Assert.All(all.Parts, part => Assert.True(part.IsOwnKnown));
        Assert.True(all is { IsInOrder: true, HasStrayKey: false });
    }

    [Fact]
    public void Of_certificates_alone_each_leaf_has_all_the_others_above_it()
    {
        var all = Read(Pem(Leaf), Pem(Second), Pem(Intermediate), Pem(Other), Pem(Leaf));

        Assert.Equal([[Leaf, Intermediate, Other], [Second, Intermediate, Other]], all.Parts.Select(part => part.Certificates.ToArray()));
        Assert.All(all.Parts, part => Assert.False(part.IsOwnKnown));
    }

    [Fact]
    public void The_leaf_is_found_wherever_it_stands_and_that_it_is_not_first_is_known()
    {
        var all = Read(Pem(Root), Pem(Intermediate), Pem(Leaf));

        Assert.Equal([[Leaf, Root, Intermediate]], all.Parts.Select(part => part.Certificates.ToArray()));
        Assert.False(all.IsInOrder);
        Assert.True(Read(Pem(Leaf), Pem(Root)).IsInOrder);
    }

    [Fact]
    public void Authorities_alone_stay_as_they_are_unless_a_key_says_whose_they_are()
    {
        Assert.Equal([[Root]], Read(Pem(Root)).Parts.Select(part => part.Certificates.ToArray()));
        Assert.Equal([[Intermediate, Root]], Read(Pem(Intermediate), Pem(Root)).Parts.Select(part => part.Certificates.ToArray()));
        Assert.All(Read(Pem(Intermediate), Pem(Root)).Parts, part => Assert.False(part.IsOwnKnown));
        var twin = Forge.Root("Twin").Make();
        var keyed = Read(Key("Root"), Pem(Root), Key("Twin"), Pem(twin));
        Assert.Equal([[Root], [twin]], keyed.Parts.Select(part => part.Certificates.ToArray()));
        Assert.All(keyed.Parts, part => Assert.True(part.IsOwnKnown));
    }

    [Fact]
    public void Namesakes_that_issued_themselves_are_two()
    {
        var old = (Forge.Leaf("mx.example.org", "mx.example.org") with { Key = "old", Signer = "old" }).Make();
        var renewed = Forge.Leaf("mx.example.org", "mx.example.org").Make();

        Assert.Equal([old, renewed], Read(Pem(old), Pem(renewed)).Parts.Select(part => part.Certificates[0]));
    }

    [Fact]
    public void A_key_of_none_of_the_certificates_is_a_part_of_its_own()
    {
        var all = Read(Key("second"), Pem(Leaf), Pem(Intermediate));

        Assert.True(all.HasStrayKey);
        Assert.Equal([Leaf, Intermediate], all.Parts[0].Certificates);
        Assert.Equal(new Octets(Signing.EcdsaSha256.PublicKeyOf("second")), all.Parts[1].PublicKey);
    }

    [Fact]
    public void Several_keys_alone_are_as_many_parts()
    {
        Octets[] keys = [new(Signing.EcdsaSha256.PublicKeyOf("one")), new(Signing.EcdsaSha256.PublicKeyOf("two"))];

        Assert.Equal(keys, Read(Key("one"), Key("two"), Key("one")).Parts.Select(part => part.PublicKey));
        Assert.Equal(keys, Read([.. keys.Select(key => PemEncoding.WriteString("PUBLIC KEY", key.Span))]).Parts.Select(part => part.PublicKey));
        Assert.Equal(KeySourceOutcome.PasswordWanted, KeySource.ReadAll(Encoding.ASCII.GetBytes(Key("one") + File.ReadAllText(Repository.Corpus("key-sources", "p256.encrypted.pem"))), null, out var none, out _));
        Assert.Empty(none.Parts);
    }

    [Fact]
    public void More_keys_or_servers_than_anybody_has_are_refused()
    {
        var certificates = string.Concat(Enumerable.Range(0, 33).Select(number => Pem(Forge.Leaf($"mx{number}.example.org", "Intermediate").Make())));
        AssertUnfit("it holds more than 32 certificates of servers", certificates);
        AssertUnfit("it holds more than 32 private keys", Pem(Leaf) + string.Concat(Enumerable.Repeat(Key("one"), 33)));
    }

    private static KeySourceContent Read(params string[] blocks)
    {
        Assert.Equal(KeySourceOutcome.Read, KeySource.ReadAll(Encoding.ASCII.GetBytes(string.Join('\n', blocks)), null, out var all, out var fault));
        Assert.Equal("", fault);
        return all;
    }

    private static void AssertUnfit(string expected, string text)
    {
        Assert.Equal(KeySourceOutcome.Unfit, KeySource.ReadAll(Encoding.ASCII.GetBytes(text), null, out var all, out var fault));
        Assert.Equal((expected, 0), (fault, all.Parts.Length));
    }

    private static string Pem(Octets certificate) => PemEncoding.WriteString("CERTIFICATE", certificate.Span) + "\n";

    private static string Key(string name) => Signing.EcKey(name, ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem() + "\n";
}
