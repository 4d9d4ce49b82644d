using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Validation;

/// <summary>Keys, digests and signatures that RFCs print.</summary>
public class RfcVectorTests
{
    private const string Rfc4034Key = "256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";
    private const string P256Key = "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==";
    private const string P384Key = "257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40";

    [Theory, Rfc(4034, "5.4"), Rfc(4509, "2.3"), Rfc(6605, "6.1"), Rfc(6605, "6.2")]
    [InlineData("dskey.example.com.", Rfc4034Key, "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118")]
    [InlineData("dskey.example.com.", Rfc4034Key, "60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A")]
    [InlineData("example.net.", P256Key, "55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17")]
    [InlineData("example.net.", P384Key, "10771 14 4 72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6")]
    public void A_DS_record_is_the_digest_of_its_key(string zone, string key, string ds)
    {
        Assert.True(DsData.TryRead(Data(RecordType.DS, ds), out var delegation));
        var data = Data(RecordType.DNSKEY, key);
        Assert.True(DnskeyData.TryRead(data, out var view));

        Assert.Equal(delegation.KeyTag, view.KeyTag());
        Assert.True(DelegationSet.Fits(delegation, DomainName.Parse(zone), new(data, view)));
        Assert.False(DelegationSet.Fits(delegation, DomainName.Parse("other." + zone), new(data, view)));
    }

    [Theory, Rfc(6605, "6.1"), Rfc(6605, "6.2")]
    [InlineData(P256Key, "A 13 3 3600 20100909100439 20100812100439 55648 example.net. qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==")]
    [InlineData(P384Key, "A 14 3 3600 20100909102025 20100812102025 10771 example.net. /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm")]
    public void A_signature_by_ECDSA_stands(string key, string rrsig)
    {
        var keyData = Data(RecordType.DNSKEY, key);
        Assert.True(DnskeyData.TryRead(keyData, out var view));
        Assert.True(RrsigData.TryRead(Data(RecordType.RRSIG, rrsig), out var signature));
        var owner = DomainName.Parse("www.example.net.");
        var set = new SignedSet(owner, RecordType.A);
        set.Add(new ResourceRecord(owner, RecordType.A, RecordClass.IN, 3600, AddressData.ToOctets(IPAddress.Parse("192.0.2.1"))));
        set.Add(signature, 3600);

        var check = SignatureChecker.Check(set, new(DomainName.Parse("example.net."), [new(keyData, view)]), new() { Anchors = TrustAnchors.None }, new(2010, 9, 1, 0, 0, 0, TimeSpan.Zero), new(Limits.Default));

        Assert.True(check.IsValid, check.Fault?.Text);
        Assert.False(check.IsExpanded);
    }

    private static Octets Data(RecordType type, string text)
    {
        Assert.True(RecordText.TryParse(type, text, DomainName.Root, out var data, out var fault), fault);
        return data;
    }
}
