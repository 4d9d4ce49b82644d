using Danelaw.Certificates;

namespace Danelaw.Tests.Certificates;

/// <summary>The catalogue of public authorities' intermediates.</summary>
public sealed class PublicIssuerTests
{
    [Fact]
    public void Every_entry_says_whose_it_is_where_that_is_said_and_as_of_when()
    {
        Assert.All(PublicIssuers.All, entry =>
        {
            Assert.NotEqual(IssuerCatalogue.Authority, entry.Value.Authority);
            Assert.True(entry.Value.Source.Length > 10 && entry.Value.KeyKind is "RSA" or "ECDSA");
            Assert.InRange(entry.Value.AsOf, new DateOnly(2020, 1, 1), new DateOnly(2026, 11, 27));
            Assert.Equal(entry.Value.IsRetired, entry.Value.Habit is null);
        });
        Assert.Equal(6, PublicIssuers.All.Values.Concat(PublicIssuers.Families.Select(one => one.Issuer)).Select(issuer => issuer.Authority).Distinct().Count());
    }
}
