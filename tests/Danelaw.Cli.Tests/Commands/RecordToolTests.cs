using Danelaw.Cli.Rendering.Records;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>What is written for programs that are not tried here, held against the grammar that their documentation has.</summary>
public sealed class RecordToolTests(CertificateFiles files) : IClassFixture<CertificateFiles>
{
    private string Key => CertificateFiles.Sha256(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());

    private string Strong => CertificateFiles.Sha512(files.Leaf.PublicKey.ExportSubjectPublicKeyInfo());

    private async Task<string> CreateAsync(params string[] args)
    {
        var run = await CommandRun.OfAsync(["tlsa", "create", "leaf.pem", "--name", "mx.example.org", "--port", "465,25", "--matching", "1", "--matching", "2", "-q", .. args], folder: files.Folder);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return run.Output;
    }

    /// <summary>documentation/language-reference/domain-modifiers/TLSA.md, top-level-functions/D_EXTEND.md, record-modifiers/TTL.md of DNSControl.</summary>
    [Fact]
    public async Task DNSControl_gets_one_call_with_names_within_the_domain()
    {
        var text = await CreateAsync("--format", "dnscontrol", "--zone", "example.org", "--ttl", "300");
        Assert.Equal(
            $"""["D_EXTEND","example.org",["TLSA","_465._tcp.mx",3,1,1,"{Key}",["TTL",300]],["TLSA","_465._tcp.mx",3,1,2,"{Strong}",["TTL",300]],["TLSA","_25._tcp.mx",3,1,1,"{Key}",["TTL",300]],["TLSA","_25._tcp.mx",3,1,2,"{Strong}",["TTL",300]]]""",
            ToolText.JavaScript(text).ToJsonString());
        Assert.StartsWith("// Not tried with DNSControl: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TTL(", await CreateAsync("--format", "dnscontrol", "--zone", "mx.example.org"), StringComparison.Ordinal);
    }

    /// <summary>docs/resources/dns_record.md of cloudflare/terraform-provider-cloudflare: data has usage, selector and matching_type as numbers, certificate as a string.</summary>
    [Fact]
    public async Task Cloudflare_gets_a_resource_a_record_with_the_whole_name()
    {
        var text = await CreateAsync("--format", "terraform-cloudflare", "--ttl", "1");
        var resources = ToolText.Hcl(text);
        Assert.Equal(
            ((string[])["465", "25"]).SelectMany(port => ((string[])[$"3_1_1_{Key[..8]}", $"3_1_2_{Strong[..8]}"]).Select(record => $"resource cloudflare_dns_record tlsa_{port}_tcp_mx_example_org_{record}")),
            resources.Select(resource => resource.Key));
        Assert.Equal(
            $$$"""{"zone_id":"var.cloudflare_zone_id","name":"_25._tcp.mx.example.org","type":"TLSA","ttl":1,"data":{"usage":3,"selector":1,"matching_type":2,"certificate":"{{{Strong}}}"}}""",
            resources[$"resource cloudflare_dns_record tlsa_25_tcp_mx_example_org_3_1_2_{Strong[..8]}"]!.ToJsonString());
        Assert.StartsWith("# Not tried with Terraform: ", text, StringComparison.Ordinal);
    }

    /// <summary>website/docs/r/route53_record.html.markdown of hashicorp/terraform-provider-aws: records is a list of strings in presentation form.</summary>
    [Fact]
    public async Task Route_53_gets_a_resource_an_RRset()
    {
        var resources = ToolText.Hcl(await CreateAsync("--format", "terraform-route53"));
        Assert.Equal(["resource aws_route53_record tlsa_465_tcp_mx_example_org", "resource aws_route53_record tlsa_25_tcp_mx_example_org"], resources.Select(resource => resource.Key));
        Assert.Equal(
            $$"""{"zone_id":"var.route53_zone_id","name":"_25._tcp.mx.example.org","type":"TLSA","ttl":3600,"records":["3 1 1 {{Key}}","3 1 2 {{Strong}}"]}""",
            resources["resource aws_route53_record tlsa_25_tcp_mx_example_org"]!.ToJsonString());
    }

    /// <summary>website/docs/r/dns_tlsa_record.html.markdown of hashicorp/terraform-provider-azurerm: a record block each, all four fields required.</summary>
    [Fact]
    public async Task Azure_gets_a_resource_an_RRset_with_a_block_a_record()
    {
        var resources = ToolText.Hcl(await CreateAsync("--format", "terraform-azure", "--zone", "example.org", "--ttl", "300"));
        Assert.Equal(
            $$"""{"name":"_25._tcp.mx","dns_zone_id":"var.azure_dns_zone_id","ttl":300,"record":[{"usage":3,"selector":1,"matching_type":1,"certificate_association_data":"{{Key}}"},{"usage":3,"selector":1,"matching_type":2,"certificate_association_data":"{{Strong}}"}]}""",
            resources["resource azurerm_dns_tlsa_record tlsa_25_tcp_mx_example_org"]!.ToJsonString());
    }

    /// <summary>octodns/record/tlsa.py and octodns/yaml.py of OctoDNS: four keys a value, all keys in natural order.</summary>
    [Fact]
    public async Task OctoDNS_gets_YAML_with_its_keys_in_natural_order()
    {
        var text = await CreateAsync("--format", "octodns", "--zone", "example.org", "--ttl", "60");
        string Entry(int port) => $"""
            '_{port}._tcp.mx':
              ttl: 60
              type: TLSA
              values:
                - certificate_association_data: '{Key}'
                  certificate_usage: 3
                  matching_type: 1
                  selector: 1
                - certificate_association_data: '{Strong}'
                  certificate_usage: 3
                  matching_type: 2
                  selector: 1

            """;
        Assert.Equal($"---\n# Not tried with OctoDNS: written by its documentation and the source of its YAML reader.\n{Entry(25)}{Entry(465)}", text);
    }

    [Theory]
    [InlineData("_25._tcp", "_465._tcp")]
    [InlineData("_25._tcp.a", "_25._tcp.b")]
    [InlineData("_25._tcp", "_25._tcp.a")]
    [InlineData("2a", "12a")]
    [InlineData("", "a")]
    [InlineData("12", "a")]
    [InlineData("a", "a0")]
    [InlineData("a18446744073709551616", "a18446744073709551617")]
    public void Numbers_in_names_count_as_numbers(string first, string second)
    {
        Assert.True(OctodnsYaml.NaturalOrder.Comparer.Compare(first, second) < 0);
        Assert.True(OctodnsYaml.NaturalOrder.Comparer.Compare(second, first) > 0);
        Assert.Equal(0, OctodnsYaml.NaturalOrder.Comparer.Compare(first, first));
    }

    [Fact]
    public async Task A_name_with_other_letters_cannot_end_a_string_or_begin_a_template()
    {
        string[] name = ["tlsa", "create", "leaf.pem", "--name", "a\\\"${b}.example.org", "-q", "--format"];
        foreach (var format in (string[])["terraform-cloudflare", "terraform-route53"])
        {
            var run = await CommandRun.OfAsync([.. name, format], folder: files.Folder);
            var resource = ToolText.Hcl(run.Output).Single().Value!;
            Assert.Equal("_25._tcp.a\\\"\\${b}.example.org", resource["name"]!.GetValue<string>());
        }

        var call = ToolText.JavaScript((await CommandRun.OfAsync([.. name, "dnscontrol", "--zone", "example.org"], folder: files.Folder)).Output);
        Assert.Equal("_25._tcp.a\\\"\\${b}", call[2]![1]!.GetValue<string>());
    }
}
