using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

public sealed class TlsaCreateTests(CertificateFiles files) : IClassFixture<CertificateFiles>
{
    private Task<CommandRun> CreateAsync(params string[] args) => CommandRun.OfAsync(["tlsa", "create", .. args], folder: files.Folder);

    [Theory, Rfc(6698, "2.1"), Rfc(7671, "5.1")]
    [InlineData("leaf.pem")]
    [InlineData("leaf.der")]
    [InlineData("chain.pem")]
    [InlineData("public.pem")]
    public async Task By_default_it_is_3_1_1_for_port_25(string file)
    {
        var run = await CreateAsync(file, "--name", "mx.example.org");
        var digest = CertificateFiles.Sha256(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal((0, $"_25._tcp.mx.example.org. IN TLSA 3 1 1 {digest}\n", ""), (run.Code, run.Output, run.Error));
    }

    [Theory, Rfc(6698, "2.1")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_usage_selector_and_matching_type_can_be_made(int usage)
    {
        var certificate = usage is 0 or 2 ? files.Authority : files.Leaf;
        foreach (var (selector, data) in new[] { (0, certificate.RawData), (1, certificate.PublicKey.ExportSubjectPublicKeyInfo()) })
        {
            foreach (var (matching, hex) in new[] { (0, Convert.ToHexStringLower(data)), (1, CertificateFiles.Sha256(data)), (2, CertificateFiles.Sha512(data)) })
            {
                string[] allow = (usage, selector, matching) == (3, 1, 2) ? ["--allow"] : [];
                var run = await CreateAsync(["chain.pem", "--name", "mx.example.org", "--port", "443", "--usage", $"{usage}", "--selector", $"{selector}", "--matching", $"{matching}", "-q", .. allow]);
                Assert.Equal((0, $"_443._tcp.mx.example.org. IN TLSA {usage} {selector} {matching} {hex}\n", ""), (run.Code, run.Output, run.Error));
            }
        }
    }

    [Fact, Rule("R60")]
    public async Task The_authority_may_be_named_apart_from_the_chain()
    {
        var expected = $"_25._tcp.mx.example.org. IN TLSA 2 1 1 {CertificateFiles.Sha256(files.Authority.PublicKey.ExportSubjectPublicKeyInfo())}\n";
        var run = await CreateAsync("chain.pem", "--name", "mx.example.org", "--usage", "2", "--anchor", "ca.pem", "-q");
        Assert.Equal((0, expected), (run.Code, run.Output));
        var unsent = await CreateAsync("leaf.pem", "--name", "mx.example.org", "--usage", "2", "--anchor", "ca.pem");
        Assert.Equal((1, ""), (unsent.Code, unsent.Output));
        Assert.Equal("danelaw: error: no record was made: the anchor \"Test authority\" is not among the certificates of the server, and it must send one that is named by a digest (RFC 7671 §5.2.2): give them as it sends them, or match the whole certificate (2 0 0)\n", unsent.Error);
        Assert.Equal(expected, (await CreateAsync("leaf.pem", "--name", "mx.example.org", "--usage", "2", "--anchor", "ca.pem", "--allow")).Output);
        Assert.Equal(1, (await CreateAsync("leaf.pem", "--name", "mx.example.org", "--anchor", "ca.pem")).Code);
    }

    [Fact]
    public async Task Port_protocol_and_ttl_go_into_the_record()
    {
        var run = await CreateAsync("leaf.pem", "--name", "Mx.example.org.", "--port", "853", "--protocol", "udp", "--ttl", "3600");
        Assert.StartsWith("_853._udp.Mx.example.org. 3600 IN TLSA 3 1 1 ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_the_letters_of_a_language_becomes_an_A_label()
    {
        var run = await CreateAsync("leaf.pem", "--name", "mx.bücher.example");
        Assert.StartsWith("_25._tcp.mx.xn--bcher-kva.example. IN TLSA ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_a_file_too()
    {
        var run = await CommandRun.OfAsync(["tlsa", "create", "-", "--name", "mx.example.org"], input: files.Leaf.ExportCertificatePem());
        Assert.EndsWith(CertificateFiles.Sha256(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo()) + "\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_it_fits_its_schema()
    {
        var run = await CreateAsync("leaf.pem", "--name", "mx.example.org", "--json");
        await SchemaTests.AssertValidAsync("tlsa", run.Output);
        Assert.Contains("\"subject\":\"CN=mx.example.org\"", run.Output, StringComparison.Ordinal);
        await SchemaTests.AssertValidAsync("tlsa", (await CreateAsync("public.pem", "--name", "mx.example.org", "--json")).Output);
    }

    [Theory]
    [InlineData("missing.pem", "cannot read missing.pem: there is no such file")]
    [InlineData("empty.pem", "empty.pem: it is empty")]
    [InlineData("text.pem", "text.pem: it is neither PEM nor a certificate or public key in DER")]
    [InlineData(".", "cannot read .: it is a folder without fullchain.pem")]
    public async Task A_file_that_is_of_no_use_is_named_with_its_fault(string file, string fault)
    {
        var run = await CreateAsync(file, "--name", "mx.example.org", "-q");
        Assert.Equal((2, "", $"danelaw: error: {fault}\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_block_that_is_no_certificate_is_misuse()
    {
        var run = await CreateAsync("noise.pem", "--name", "mx.example.org");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: noise.pem: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("private.pem")]
    [InlineData("request.pem")]
    public async Task A_private_key_and_a_request_give_their_public_key(string file)
    {
        var run = await CreateAsync(file, "--name", "mx.example.org");
        var digest = CertificateFiles.Sha256(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal((0, $"_25._tcp.mx.example.org. IN TLSA 3 1 1 {digest}\n", ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_public_key_gives_no_record_of_a_certificate()
    {
        var run = await CreateAsync("public.pem", "--name", "mx.example.org", "--selector", "0");
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Equal("danelaw: error: no record was made: selector 0 means the whole certificate, and there is only a public key: give the certificate, or choose selector 1\n", run.Error);
    }

    [Theory]
    [InlineData("--usage 4", "--usage takes a number from 0 to 3, not '4'")]
    [InlineData("--selector 2", "--selector takes a number from 0 to 1, not '2'")]
    [InlineData("--matching x", "--matching takes a number from 0 to 2, not 'x'")]
    [InlineData("--port 0", "--port takes a number from 1 to 65535, not '0'")]
    [InlineData("--port 65536", "--port takes a number from 1 to 65535, not '65536'")]
    [InlineData("--protocol quic", "--protocol takes tcp, udp or sctp, not 'quic'")]
    [InlineData("--format bind", "--format takes zone, rfc3597, nsupdate, json, form, tinydns, dnscontrol, octodns, terraform-cloudflare, terraform-route53, terraform-azure, not 'bind'")]
    [InlineData("--json --format zone", "--json and --format zone cannot be given together")]
    [InlineData("--port 25,", "--port 25,: a port is missing before or behind a comma")]
    [InlineData("--port tls", "--port takes a number from 1 to 65535 or the name of a service, not 'tls'")]
    [InlineData("--zone example.org", "--zone has no meaning with --format zone")]
    [InlineData("--zone example.org --format terraform-route53", "--zone has no meaning with --format terraform-route53")]
    [InlineData("--format octodns", "--format octodns needs --zone")]
    [InlineData("--format dnscontrol", "--format dnscontrol needs --zone")]
    [InlineData("--format terraform-azure", "--format terraform-azure needs --zone")]
    [InlineData("--format terraform-cloudflare --ttl 86401", "--ttl 86401: Cloudflare takes 60 to 86400 seconds, 30 for Enterprise zones, and 1 for its own choice")]
    [InlineData("--replace", "--replace has a meaning with --format nsupdate only")]
    [InlineData("--anchor - --password-file -", "--anchor and --password-file cannot both be standard input")]
    [InlineData("--zone example.net --format form", "_25._tcp.mx.example.org does not lie in the zone example.net")]
    [InlineData("--password-env A --password-file B", "--password-file and --password-env cannot be given together")]
    [InlineData("--live mx.example.org:25", "FILE and --live cannot be given together")]
    [InlineData("--resolver 127.0.0.1", "--resolver has a meaning with --live only")]
    public async Task Values_that_make_no_sense_are_misuse(string options, string fault)
    {
        var run = await CreateAsync(["leaf.pem", "--name", "mx.example.org", "-q", .. options.Split(' ')]);
        Assert.Equal((2, "", $"danelaw: error: {fault}\n"), (run.Code, run.Output, run.Error));
    }

    [Theory, Rule("R20")]
    [InlineData("_25._tcp.mx.example.org", "names a service already: with the labels of a port before it nobody would ask for it")]
    [InlineData("_tcp.mx.example.org", "names a service already: with the labels of a port before it nobody would ask for it")]
    [InlineData("_mx._TCP.example.org", "names a service already: with the labels of a port before it nobody would ask for it")]
    [InlineData("192.0.2.1", "is an address, and TLSA records stand under names")]
    [InlineData("2001:db8::1", "is an address, and TLSA records stand under names")]
    [InlineData("[192.0.2.1]", "is an address, and TLSA records stand under names")]
    [InlineData("mx.example.org:25", "is not the name of a host alone")]
    [InlineData("root@mx.example.org", "is not the name of a host alone")]
    [InlineData("smtp://mx.example.org", "is a URL")]
    [InlineData(".", "is the root, and no host")]
    public async Task A_name_that_is_no_hosts_is_misuse(string name, string fault)
    {
        var run = await CreateAsync("leaf.pem", "--name", name, "-q");
        Assert.Equal((2, "", $"danelaw: error: --name {name} {fault}\n"), (run.Code, run.Output, run.Error));

        // An owner is what publish takes, but not of an owner.
        if (name.StartsWith('_') && name[1] != '2') return;
        var published = await CommandRun.OfAsync("publish", name == "_25._tcp.mx.example.org" ? "_465._tcp." + name : name, "--to", "manual", "--tlsa", "3 1 1 " + new string('a', 64), "--dry-run", "-q");
        Assert.Equal(2, published.Code);
        Assert.Contains(fault, published.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_has_no_room_for_the_port_is_misuse()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 49), 5));
        var run = await CreateAsync("leaf.pem", "--name", name, "-q");
        Assert.Equal(2, run.Code);
        Assert.Contains("longer than the 255 octets", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "danelaw: hint: mail servers do not use usage 1 on port 25")]
    [InlineData("3 --matching 2 --allow", "danelaw: hint: publish a record with SHA-256 beside it")]
    [InlineData("3 --selector 0", "danelaw: hint: selector 0 breaks with every renewal")]
    public async Task What_will_hurt_later_is_hinted_at(string usage, string hint)
    {
        var run = await CreateAsync(["leaf.pem", "--name", "mx.example.org", "--usage", .. usage.Split(' ')]);
        Assert.Equal(0, run.Code);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "5.2.2")]
    public async Task A_server_certificate_alone_is_refused_as_an_authority()
    {
        var run = await CreateAsync("leaf.pem", "--name", "mx.example.org", "--usage", "2");
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: no record was made: usage 2 names an authority", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_server_that_is_not_there_is_exit_3_with_its_reason()
    {
        var run = await CreateAsync("--live", "smtp://127.0.0.1:1", "--name", "mx.example.org");
        Assert.Equal((3, ""), (run.Code, run.Output));
        Assert.StartsWith("danelaw: error: 127.0.0.1:1: refused", run.Error, StringComparison.Ordinal);
    }
}
