using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Tlsa;

public sealed class TlsaCreationTests
{
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Octets Intermediate = Forge.Intermediate("Intermediate", "Root").Make();
    private static readonly Octets Leaf = Forge.Leaf("mx.example.org", "Intermediate").Make();
    private static readonly Octets Key = new(Signing.EcdsaSha256.PublicKeyOf("mx.example.org"));

    [Fact, Rule("R59"), Rfc(7671, "5.1")]
    public void The_default_is_3_1_1_of_the_first_certificate()
    {
        var record = Make(new() { Source = File(Leaf, Intermediate, Root) }, out var notes);

        Assert.Equal($"3 1 1 {Convert.ToHexStringLower(SHA256.HashData(Key.Span))}", record.ToString());
        Assert.Empty(notes);
        Assert.Equal(record, Make(new() { Source = KeyFile(Key) }, out _));
    }

    [Fact, Rule("R60"), Rfc(7671, "5.2.2")]
    public void For_an_authority_the_topmost_of_the_path_is_chosen_whatever_else_stands_in_the_file()
    {
        var stranger = Forge.Root("Stranger").Make();

        var record = Make(new() { Source = File(Leaf, stranger, Root, Intermediate), Usage = TlsaUsage.DaneTa, Selector = TlsaSelector.Certificate }, out var notes);

        Assert.Equal($"2 0 1 {Convert.ToHexStringLower(SHA256.HashData(Root.Span))}", record.ToString());
        Assert.Equal(["the server must send the authority's certificate in its chain, even one that issued itself (RFC 7671 §5.2.2)"], notes);
        Assert.Equal(Intermediate, Make(new() { Source = File(Leaf, Intermediate), Usage = TlsaUsage.PkixTa, Selector = TlsaSelector.Certificate, Matching = TlsaMatching.Full }, out _).Data);
    }

    [Fact, Rule("R60")]
    public void The_anchor_may_be_named_as_a_certificate_or_a_key()
    {
        var creation = new TlsaCreation { Source = File(Leaf, Intermediate), Anchor = File(Root), Usage = TlsaUsage.DaneTa, Selector = TlsaSelector.Certificate, Matching = TlsaMatching.Full };
        Assert.Equal(Root, Make(creation, out var notes).Data);
        Assert.Equal(["matching type 0 makes large records; SHA-256 is what is recommended (RFC 7671 §10.1.2)"], notes);
        var rootKey = new Octets(Signing.EcdsaSha256.PublicKeyOf("Root"));
        Assert.Equal(rootKey, Make(creation with { Anchor = KeyFile(rootKey), Selector = TlsaSelector.PublicKey, IsAnchorSent = true }, out _).Data);
    }

    [Fact]
    public void What_cannot_work_is_refused_with_the_reason()
    {
        AssertFault("selector 0 means the whole certificate, and there is only a public key: give the certificate, or choose selector 1",
            new() { Source = KeyFile(Key), Selector = TlsaSelector.Certificate });
        AssertFault("usage 2 names an authority, and there is only the server's certificate \"mx.example.org\", which CN=Intermediate issued: give the chain, or the anchor",
            new() { Source = File(Leaf), Usage = TlsaUsage.DaneTa });
        AssertFault("usage 0 names an authority, and none of the certificates given signed the first one, \"mx.example.org\", which CN=Intermediate issued",
            new() { Source = File(Leaf, Root), Usage = TlsaUsage.PkixTa });
        AssertFault("usage 3 names the server's own certificate: an anchor goes with usages 0 and 2",
            new() { Source = File(Leaf), Anchor = File(Root) });
        AssertFault("selector 0 means the whole certificate, and the anchor is only a public key: give its certificate, or choose selector 1",
            new() { Source = File(Leaf, Intermediate), Anchor = KeyFile(Key), Usage = TlsaUsage.DaneTa, Selector = TlsaSelector.Certificate });
        AssertFault("there is more than one certificate for the anchor",
            new() { Source = File(Leaf, Intermediate), Anchor = File(Root, Intermediate), Usage = TlsaUsage.DaneTa });
        AssertFault("a public key leads to no anchor: give the certificates of the server",
            new() { Source = KeyFile(Key), Anchor = File(Root), Usage = TlsaUsage.DaneTa });
        AssertFault("there is no usage 4: 0 is PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE", new() { Source = File(Leaf), Usage = (TlsaUsage)4 });
        AssertFault("there is no selector 2: 0 is the certificate, 1 the public key", new() { Source = File(Leaf), Selector = (TlsaSelector)2 });
        AssertFault("there is no matching type 3: 0 is the full data, 1 SHA-256, 2 SHA-512", new() { Source = File(Leaf), Matching = (TlsaMatching)3 });
        AssertFault("there is neither a certificate nor a public key", new() { Source = new() });
    }

    [Fact, Rule("R60")]
    public void An_anchor_that_did_not_issue_the_chain_is_refused()
    {
        var stranger = Forge.Root("Stranger").Make();
        var creation = new TlsaCreation { Source = File(Leaf, Intermediate), Anchor = File(stranger), Usage = TlsaUsage.DaneTa };

        Assert.False(creation.TryMake(Forge.Now, out var record, out _, out var fault));
        Assert.Equal("no path leads from \"mx.example.org\" to the anchor (RFC 7671 §5.2): \"Intermediate\" was issued by CN=Root, whose certificate is not among those given: give the whole chain, as the server sends it, or name that one as the anchor", fault);
        Assert.Equal(default, record);
        Assert.False((creation with { Source = File(Leaf, Intermediate, Root) }).TryMake(Forge.Now, out _, out _, out fault));
        Assert.EndsWith("the way up ends at \"Root\", which issued itself: name that one as the anchor", fault, StringComparison.Ordinal);
        AssertFault("no path leads from \"mx.example.org\" to the anchor (RFC 7671 §5.2): \"mx.example.org\" was issued by CN=Intermediate, whose certificate is not among those given: give the whole chain, as the server sends it, or name that one as the anchor",
            creation with { Source = File(Leaf), Anchor = File(Root) });
    }

    [Fact, Rfc(9325, "4.5")]
    public void A_small_key_is_told_though_the_record_is_made()
    {
        Make(new() { Source = File((Forge.Leaf("mx.example.org", "Intermediate") with { KeyKind = Signing.Rsa(1024, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11") }).Make()) }, out var notes);
        Assert.StartsWith("the server's key is smaller than RFC 9325 §4.5 allows", Assert.Single(notes), StringComparison.Ordinal);
        Make(new() { Source = KeyFile(new(Signing.Rsa(1024, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11").PublicKeyOf("mx"))) }, out notes);
        Assert.Single(notes);
    }

    [Fact, Rule("R60")]
    public void A_digest_of_a_key_whose_certificate_the_server_does_not_send_is_refused()
    {
        var rootKey = KeyFile(new(Signing.EcdsaSha256.PublicKeyOf("Root")));

        Assert.False(new TlsaCreation { Source = File(Leaf, Intermediate), Anchor = rootKey, Usage = TlsaUsage.DaneTa }.TryMake(Forge.Now, out _, out _, out var fault));
        Assert.Contains("an anchor that is named by a digest must be sent (RFC 7671 §5.2.2)", fault, StringComparison.Ordinal);
    }

    [Theory, Rule("R60"), Rfc(7671, "5.2.2")]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Sha256)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Sha512)]
    public void A_digest_of_an_anchor_that_the_server_does_not_send_is_refused(TlsaSelector selector, TlsaMatching matching)
    {
        var creation = new TlsaCreation { Source = File(Leaf, Intermediate), Anchor = File(Root), Usage = TlsaUsage.DaneTa, Selector = selector, Matching = matching };
        AssertFault("the anchor \"Root\" is not among the certificates of the server, and it must send one that is named by a digest (RFC 7671 §5.2.2): give them as it sends them, or match the whole certificate (2 0 0)", creation);

        var sent = Make(creation with { Source = File(Leaf, Root, Intermediate) }, out _);
        Assert.Equal(sent, Make(creation with { IsAnchorSent = true }, out _));
        Make(creation with { Selector = TlsaSelector.Certificate, Matching = TlsaMatching.Full }, out _);

        // Clients of usage 0 have the authorities that they trust.
        Make(creation with { Usage = TlsaUsage.PkixTa }, out _);
        AssertFault("the anchor \"Root\" is not among the certificates of the server, and it must send one that is named by a digest (RFC 7671 §5.2.2): give them as it sends them, or match the whole certificate (2 0 0)", creation with { Source = File(Intermediate) });
    }

    /// <summary>Clients are only advised to build on a key whose certificate they are not sent (R44).</summary>
    [Fact, Rule("R60"), Rfc(7671, "5.2.3")]
    public void The_bare_key_of_an_anchor_that_the_server_does_not_send_is_refused()
    {
        const string fault = "the anchor \"Root\" is not among the certificates of the server, and it must send one that is named by its key alone (RFC 7671 §5.2.3): give them as it sends them, or match the whole certificate (2 0 0)";
        var creation = new TlsaCreation { Source = File(Leaf, Intermediate), Anchor = File(Root), Usage = TlsaUsage.DaneTa, Selector = TlsaSelector.PublicKey, Matching = TlsaMatching.Full };

        AssertFault(fault, creation);
        Assert.Equal(Make(creation with { Source = File(Leaf, Intermediate, Root) }, out _), Make(creation with { IsAnchorSent = true }, out _));
    }

    [Fact, Rule("R43")]
    public void What_is_not_valid_yet_is_noted()
    {
        var root = (Forge.Root("Root") with { NotBefore = Forge.Now.AddSeconds(1) }).Make();
        Make(new() { Source = File(Leaf, Intermediate, root), Usage = TlsaUsage.DaneTa }, out var notes);
        Assert.Contains("the authority \"Root\" is not valid before 2026-11-01T12:00:01Z, and usage 2 needs a valid one (RFC 7671 §5.2)", notes);
        var leaf = (Forge.Leaf("mx.example.org", "Intermediate") with { NotBefore = Forge.Now.AddSeconds(1) }).Make();
        Make(new() { Source = File(leaf, Intermediate), Usage = TlsaUsage.PkixEe }, out notes);
        Assert.Contains("the certificate \"mx.example.org\" is not valid before 2026-11-01T12:00:01Z, and usage 1 needs a valid one (RFC 7671 §5.2)", notes);
    }

    [Fact]
    public void An_issuer_that_is_no_authority_is_refused()
    {
        var root = (Forge.Root("Root") with { Extensions = [Extension.Authority(isAuthority: false)] }).Make();

        Assert.False(new TlsaCreation { Source = File(Forge.Leaf("mx.example.org", "Root").Make(), root), Usage = TlsaUsage.DaneTa }.TryMake(Forge.Now, out _, out _, out var fault));
        Assert.Contains("\"Root\" signed another certificate but is no certificate authority", fault, StringComparison.Ordinal);
        Assert.False(new TlsaCreation { Source = File(Forge.Leaf("mx.example.org", "Root").Make(), root), Usage = TlsaUsage.PkixTa }.TryMake(Forge.Now, out _, out _, out fault));
        Assert.StartsWith("the record 0 1 1 ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_issued_itself_and_an_authority_alone_are_anchors()
    {
        var self = Forge.Leaf("mx.example.org", "mx.example.org").Make();
        Assert.Equal(self, Make(new() { Source = File(self), Usage = TlsaUsage.DaneTa, Selector = TlsaSelector.Certificate, Matching = TlsaMatching.Full }, out var notes).Data);
        Assert.Contains(notes, note => note.Contains("Usage 3 is for it", StringComparison.Ordinal));
        Assert.Equal(self, Make(new() { Source = File(self), Usage = TlsaUsage.PkixTa, Selector = TlsaSelector.Certificate, Matching = TlsaMatching.Full }, out _).Data);
        Assert.Equal(Intermediate, Make(new() { Source = File(Intermediate), Usage = TlsaUsage.DaneTa, Selector = TlsaSelector.Certificate, Matching = TlsaMatching.Full }, out _).Data);
    }

    [Fact]
    public void What_works_but_is_unwise_is_noted()
    {
        var names = ImmutableArray.Create(DomainName.Parse("mx.example.net"));
        Make(new() { Source = File(Leaf, Intermediate), Usage = TlsaUsage.PkixEe, Selector = TlsaSelector.Certificate, Matching = TlsaMatching.Sha512, Names = names }, out var notes);

        Assert.Equal(
            [
                "mail servers do not use usage 1 on port 25; usage 3 or 2 is for them (RFC 7672 §3.1.3)",
                "selector 0 breaks with every renewal of the certificate; selector 1 lasts as long as the key (RFC 7671 §5.1)",
                "publish a record with SHA-256 beside it, because clients need not know SHA-512, and one with SHA-512 for every other key in the RRset, because those that know it look at no weaker digest (RFC 7671 §9)",
                "the certificate \"mx.example.org\" does not bear mx.example.net, and usage 1 needs it (RFC 7672 §3.2.2)",
            ],
            notes);
        var expired = (Forge.Leaf("mx.example.org", "Intermediate") with { NotAfter = Forge.Now.AddDays(-1) }).Make();
        Assert.True(new TlsaCreation { Source = File(expired, Intermediate), Usage = TlsaUsage.DaneTa }.TryMake(Forge.Now, out _, out notes, out _));
        Assert.Contains("the certificate \"mx.example.org\" has expired, and usage 2 needs a valid one (RFC 7671 §5.2)", notes);
        var ended = (Forge.Intermediate("Intermediate", "Root") with { NotAfter = Forge.Now.AddDays(-1) }).Make();
        Make(new() { Source = File(Leaf, ended, Root), Usage = TlsaUsage.DaneTa }, out notes);
        Assert.Contains("the certificate \"Intermediate\" of the chain has expired, and usage 2 needs a chain of valid ones (RFC 7671 §5.2)", notes);
    }

    [Theory, Rule("R43"), Rfc(7671, "5.2")]
    [InlineData(TlsaUsage.PkixTa, TlsaSelector.Certificate)]
    [InlineData(TlsaUsage.DaneTa, TlsaSelector.Certificate)]
    [InlineData(TlsaUsage.DaneTa, TlsaSelector.PublicKey)]
    public void An_authority_that_has_expired_is_refused(TlsaUsage usage, TlsaSelector selector)
    {
        var root = (Forge.Root("Root") with { NotAfter = Forge.Now.AddSeconds(-1) }).Make();
        var fault = $"the authority \"Root\" expired at 2026-11-01T11:59:59Z, and usage {(byte)usage} needs a valid one (RFC 7671 §5.2): name another as the anchor";

        AssertFault(fault, new() { Source = File(Leaf, Intermediate, root), Usage = usage, Selector = selector });
        AssertFault(fault, new() { Source = File(Leaf, Intermediate), Anchor = File(root), Usage = usage, Selector = selector });
        Make(new() { Source = File(Leaf, Intermediate, root), Anchor = File(Intermediate), Usage = usage, Selector = selector }, out _);
        Make(new() { Source = File(Leaf, Intermediate, root) }, out _);
    }

    [Fact, Rule("R43")]
    public void Of_two_certificates_of_an_authority_one_that_is_valid_is_enough()
    {
        var old = (Forge.Root("Root") with { NotAfter = Forge.Now.AddSeconds(-1) }).Make();

        Make(new() { Source = File(Leaf, Intermediate, old, Root), Anchor = KeyFile(new(Signing.EcdsaSha256.PublicKeyOf("Root"))), Usage = TlsaUsage.DaneTa }, out _);
    }

    [Fact, Rule("R59"), Rfc(7671, "9")]
    public void SHA512_alone_is_not_enough()
    {
        var weak = Make(new() { Source = File(Leaf) }, out _);
        var strong = Make(new() { Source = File(Leaf), Matching = TlsaMatching.Sha512 }, out _);

        Assert.False(TlsaCreation.AreEnough([strong], out var fault));
        Assert.Equal("3 1 2 alone is of no use to clients that do not know SHA-512, and none has to know it (RFC 6698 §6)", fault);
        Assert.True(TlsaCreation.AreEnough([strong, weak], out fault));
        Assert.Equal("", fault);
        Assert.True(TlsaCreation.AreEnough([weak], out _));
    }

    [Theory, Rfc(7671, "5.1")]
    [InlineData(TlsaUsage.DaneEe)]
    [InlineData(TlsaUsage.PkixEe)]
    public void An_authority_is_no_servers_own(TlsaUsage usage)
    {
        foreach (var file in (CertificateFile[])[File(Root, Intermediate, Leaf), File(Intermediate, Root), File(Intermediate, Leaf)])
        {
            Assert.False(new TlsaCreation { Source = file, Usage = usage }.TryMake(Forge.Now, out var none, out _, out var fault));
            Assert.Matches("^the first certificate, \"(Root|Intermediate)\", is an authority's, and usage [13] names the server's own: give that one, before those of its issuers$", fault);
            Assert.Equal(default, none);
            Assert.True(new TlsaCreation { Source = file, Usage = usage, AllowsAuthority = true }.TryMake(Forge.Now, out _, out _, out _));
            Assert.True(new TlsaCreation { Source = CertificateFile.OfChain(file.Certificates), Usage = usage }.TryMake(Forge.Now, out _, out _, out _));
        }

        AssertFault($"the certificate \"Intermediate\", which CN=Root issued, is an authority's, and usage {(byte)usage} names the server's own: give that one, before those of its issuers", new() { Source = File(Intermediate), Usage = usage });
        Assert.True(new TlsaCreation { Source = File(Root, Root), Usage = usage }.TryMake(Forge.Now, out _, out _, out _));
        Assert.True(new TlsaCreation { Source = File(Root, Intermediate), Usage = TlsaUsage.DaneTa }.TryMake(Forge.Now, out _, out _, out _));
    }

    [Fact]
    public void With_usage_1_the_name_is_missed_also_in_a_certificate_that_calls_itself_an_authority()
    {
        Make(new() { Source = File(Root), Usage = TlsaUsage.PkixEe, Names = [DomainName.Parse("mx.example.net")], Ports = [993] }, out var notes);

        Assert.Contains("the certificate \"Root\" does not bear mx.example.net, and usage 1 needs it (RFC 7672 §3.2.2)", notes);
    }

    [Fact, Rule("R01")]
    public void The_record_is_placed_at_every_name_and_port()
    {
        var creation = new TlsaCreation { Source = File(Leaf), Names = [DomainName.Parse("a.example"), DomainName.Parse("b.example")], Ports = [25, 465] };
        var record = Make(creation, out _);

        Assert.True(creation.TryPlace(record, 3600, out var placed, out _));
        Assert.Equal(["_25._tcp.a.example.", "_465._tcp.a.example.", "_25._tcp.b.example.", "_465._tcp.b.example."], placed.Select(line => line.Owner.ToString()));
        Assert.All(placed, line => Assert.Equal((RecordType.TLSA, 3600u, record.ToRecordData()), (line.Type, line.TimeToLive, line.Data)));
        Assert.False((creation with { Ports = [25, 0] }).TryPlace(record, 3600, out placed, out var fault));
        Assert.Equal("port 0 and a.example make no owner name", fault);
        Assert.Empty(placed);
    }

    private static TlsaRecord Make(TlsaCreation creation, out ImmutableArray<string> notes)
    {
        Assert.True(creation.TryMake(Forge.Now, out var record, out notes, out var fault), fault);
        return record;
    }

    private static void AssertFault(string expected, TlsaCreation creation)
    {
        Assert.False(creation.TryMake(Forge.Now, out var record, out _, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal(default, record);
    }

    private static CertificateFile File(params Octets[] certificates) => Read(string.Join('\n', certificates.Select(der => PemEncoding.WriteString("CERTIFICATE", der.Span))));

    private static CertificateFile KeyFile(Octets key) => Read(PemEncoding.WriteString("PUBLIC KEY", key.Span));

    private static CertificateFile Read(string pem)
    {
        Assert.True(CertificateFile.TryRead(Encoding.ASCII.GetBytes(pem), out var file, out var fault), fault);
        return file;
    }
}
