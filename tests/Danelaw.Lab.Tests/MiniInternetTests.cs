using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Tests;

public sealed class LabFixture : IAsyncLifetime
{
    public MiniInternet Lab { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Lab = await MiniInternet.StartAsync(new MiniInternetOptions { Seed = 1 });

    public async ValueTask DisposeAsync() => await Lab.DisposeAsync();
}

public class MiniInternetTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    private MiniInternet Lab => fixture.Lab;

    [Theory]
    [InlineData(FindingCodes.TlsaNone)]
    [InlineData(FindingCodes.TlsaInsecure)]
    [InlineData(FindingCodes.TlsaMismatch)]
    [InlineData(FindingCodes.TlsaUnmatched)]
    [InlineData(FindingCodes.TlsaCombination)]
    [InlineData(FindingCodes.TlsaEmptyDigest)]
    [InlineData(FindingCodes.TlsaWrongDigest)]
    [InlineData(FindingCodes.TlsaOnlySha512)]
    [InlineData(FindingCodes.TlsaSelectorCertificate)]
    [InlineData(FindingCodes.TlsaPkixUsage)]
    [InlineData(FindingCodes.TlsaTtlLong)]
    [InlineData(FindingCodes.TlsaLookupFailed)]
    [InlineData(FindingCodes.TlsExpired)]
    [InlineData(FindingCodes.TlsExpiresSoon)]
    [InlineData(FindingCodes.TlsAnchorMissing)]
    [InlineData(FindingCodes.TlsNameMismatch)]
    [InlineData(FindingCodes.TlsStartTlsMissing)]
    [InlineData(FindingCodes.TlsStartTlsRefused)]
    [InlineData(FindingCodes.TlsInjection)]
    [InlineData(FindingCodes.TlsHandshakeFailed)]
    [InlineData(FindingCodes.TlsUntested)]
    [InlineData(FindingCodes.MxAlias)]
    [InlineData(FindingCodes.MxAddress)]
    [InlineData(FindingCodes.MxInsecure)]
    [InlineData(FindingCodes.MxSomeUnprotected)]
    [InlineData(FindingCodes.MxLookupFailed)]
    [InlineData(FindingCodes.MxNull)]
    [InlineData(FindingCodes.MxNoDomain)]
    [InlineData(FindingCodes.MxNoAddress)]
    [InlineData(FindingCodes.MxAddressLookupFailed)]
    [InlineData(FindingCodes.MxAddressInsecure)]
    [InlineData(FindingCodes.DnssecSha1)]
    public void Some_domain_shows_the_finding(string code) => Assert.Contains(Lab.Domains, domain => domain.FindingCode == code);

    [Theory]
    [InlineData(CheckVerdict.Verified)]
    [InlineData(CheckVerdict.Partial)]
    [InlineData(CheckVerdict.Failing)]
    [InlineData(CheckVerdict.Undetermined)]
    [InlineData(CheckVerdict.Unprotected)]
    public void Some_domain_has_the_verdict(CheckVerdict verdict) => Assert.Contains(Lab.Domains, domain => domain.Verdict == verdict);

    [Fact]
    public void Names_and_descriptions_are_one_of_a_kind_and_fit_into_a_line()
    {
        Assert.Equal(Lab.Domains.Length, Lab.Domains.Select(domain => domain.Name).Distinct().Count());
        Assert.Equal(Lab.Domains.Length, Lab.Domains.Select(domain => domain.Description).Distinct().Count());
        Assert.All(Lab.Domains, domain => Assert.InRange(domain.Description.Length, 1, 41));
        Assert.All(Lab.Domains, domain => Assert.InRange(domain.Name.ToString().Length, 1, 22));
    }

    [Fact]
    public void Every_mail_server_has_an_address_of_its_own_in_one_part_of_loopback()
    {
        var addresses = Lab.Hosts.SelectMany(host => host.Addresses).ToList();

        Assert.Equal(addresses.Count, addresses.Distinct().Count());
        Assert.Single(addresses.Append(Lab.Upstream.EndPoint.Address).Select(address => (address.GetAddressBytes()[0], address.GetAddressBytes()[1])).Distinct());
        Assert.All(addresses, address => Assert.Equal(127, address.GetAddressBytes()[0]));
    }

    [Theory]
    [InlineData("good.lab", 13, false)]
    [InlineData("rsa.lab", 8, true)]
    [InlineData("anchor-2-0-0.lab", 10, false)]
    [InlineData("provider.lab", 14, false)]
    [InlineData("hosted.lab", 15, false)]
    [InlineData("eddsa.lab", 16, false)]
    [InlineData("old-sha1.lab", 7, true)]
    public void Zones_are_signed_by_every_algorithm_with_NSEC_and_with_NSEC3(string apex, byte algorithm, bool isNsec3)
    {
        var zone = Lab.Namespace.ZoneFor(DomainName.Parse(apex), RecordType.SOA);

        Assert.All(
            zone.Records.Where(record => record.Type == RecordType.RRSIG),
            record => Assert.True(RrsigData.TryRead(record.Data, out var signature) && signature.Algorithm == algorithm));
        Assert.Equal(isNsec3, zone.Records.Any(record => record.Type == RecordType.NSEC3));
        Assert.Equal(!isNsec3, zone.Records.Any(record => record.Type == RecordType.NSEC));
    }

    [Fact]
    public void The_options_that_lead_tools_to_it_name_its_port()
    {
        Assert.Equal($":25::{Lab.MailPort}", Lab.ConnectTo);
        Assert.Equal(Lab.MailPort, Lab.Upstream.EndPoint.Port);
        Assert.StartsWith(". 3600 IN DS ", Lab.Anchor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_part_of_loopback_and_two_labs_run_side_by_side()
    {
        await using var second = await MiniInternet.StartAsync(new MiniInternetOptions { Seed = 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(Lab.Upstream.EndPoint.Address, second.Upstream.EndPoint.Address);
        Assert.NotEqual(Lab.MailPort, second.MailPort);
    }
}
