using System.Text;
using Danelaw.Certificates;

namespace Danelaw.Tests.Certificates;

public sealed class NameConstraintsTests
{
    [Theory, Rule("R43"), Rfc(5280, "4.2.1.10")]
    [InlineData(2, "example.org", "example.org", true)]
    [InlineData(2, "example.org", "mx.EXAMPLE.org", true)]
    [InlineData(2, "example.org", "badexample.org", false)]
    [InlineData(2, ".example.org", "mx.example.org", true)]
    [InlineData(2, ".example.org", "example.org", false)]
    [InlineData(2, "", "anything.example", true)]
    [InlineData(2, "mx.example.org", "*.example.org", false)]
    [InlineData(1, "example.org", "a@example.org", true)]
    [InlineData(1, "example.org", "a@mx.example.org", false)]
    [InlineData(1, ".example.org", "a@mx.example.org", true)]
    [InlineData(1, ".example.org", "a@example.org", false)]
    [InlineData(1, "a@example.org", "a@EXAMPLE.org", true)]
    [InlineData(1, "a@example.org", "A@example.org", false)]
    [InlineData(1, "a@example.org", "b@example.org", false)]
    [InlineData(1, "example.org", "no mail address", false)]
    [InlineData(6, "www.example.org", "https://www.example.org/x?y#z", true)]
    [InlineData(6, "www.example.org", "https://user:pw@WWW.example.org:8443/", true)]
    [InlineData(6, "www.example.org", "https://a.www.example.org/", false)]
    [InlineData(6, ".example.org", "https://www.example.org", true)]
    [InlineData(6, ".example.org", "https://www.example.org@evil.example/", false)]
    [InlineData(6, ".example.org", "https://192.0.2.1/", false)]
    [InlineData(6, ".example.org", "mailto:a@example.org", false)]
    public void A_name_lies_in_a_permitted_subtree_or_breaks_the_constraint(int kind, string subtree, string name, bool isPermitted)
    {
        var constraints = new NameConstraints([Of(kind, subtree)], []);
        Assert.Equal(isPermitted, constraints.FindViolation(Bearing((kind, Encoding.Latin1.GetBytes(name)))) is null);
    }

    [Theory, Rule("R43"), Rfc(5280, "4.2.1.10")]
    [InlineData(2, "example.org", "mx.example.org", true)]
    [InlineData(2, "example.net", "mx.example.org", false)]
    [InlineData(2, "mx.example.org", "*.example.org", true)]
    [InlineData(2, "a.mx.example.org", "*.example.org", false)]
    [InlineData(2, "example.org", "bad name.example", true)]
    [InlineData(1, "example.org", "a@example.org", true)]
    [InlineData(1, "example.org", "no mail address", true)]
    [InlineData(6, ".example.org", "urn:x", true)]
    public void An_excluded_name_or_one_that_cannot_be_compared_breaks_the_constraint(int kind, string subtree, string name, bool isExcluded)
    {
        var constraints = new NameConstraints([], [Of(kind, subtree)]);
        Assert.Equal(isExcluded, constraints.FindViolation(Bearing((kind, Encoding.Latin1.GetBytes(name)))) is not null);
    }

    [Fact, Rule("R43"), Rfc(5280, "4.2.1.10")]
    public void Addresses_are_compared_by_mask()
    {
        var constraints = new NameConstraints([new(GeneralNameKind.Address, new((byte[])[192, 0, 2, 0, 255, 255, 255, 128]))], []);
        Assert.Null(constraints.FindViolation(Bearing((7, [192, 0, 2, 127]))));
        Assert.NotNull(constraints.FindViolation(Bearing((7, [192, 0, 2, 128]))));
        Assert.NotNull(constraints.FindViolation(Bearing((7, new byte[16]))));
        Assert.NotNull(constraints.FindViolation(Bearing((7, [192, 0, 2]))));
        var broken = new NameConstraints([], [new(GeneralNameKind.Address, new((byte[])[192, 0, 2]))]);
        Assert.NotNull(broken.FindViolation(Bearing((7, [192, 0, 2, 1]))));
    }

    [Fact, Rule("R43"), Rfc(5280, "4.2.1.10")]
    public void The_subject_is_a_directory_name_and_may_hold_a_mail_address_or_a_host_name()
    {
        var subject = Forge.Name(("2.5.4.6", "NL"), ("2.5.4.3", "mx.example.org"), ("1.2.840.113549.1.9.1", "a@example.org"));
        Assert.True(PathCertificate.TryRead((new Forge { Subject = "x", SubjectName = subject }).Make(), out var certificate));

        Assert.Null(new NameConstraints([new(GeneralNameKind.Directory, new(Forge.Name(("2.5.4.6", "nl"))))], []).FindViolation(certificate));
        Assert.NotNull(new NameConstraints([new(GeneralNameKind.Directory, new(Forge.Name(("2.5.4.6", "BE"))))], []).FindViolation(certificate));
        Assert.NotNull(new NameConstraints([], [new(GeneralNameKind.Directory, new(Forge.Name(("2.5.4.6", "NL"))))]).FindViolation(certificate));
        Assert.NotNull(new NameConstraints([], [Of(1, "example.org")]).FindViolation(certificate));
        Assert.NotNull(new NameConstraints([], [Of(2, "example.org")]).FindViolation(certificate));
    }

    [Fact, Rule("R43")]
    public void Names_of_kinds_that_cannot_be_compared_are_refused_where_they_are_constrained_and_only_there()
    {
        var other = Bearing((8, [0x2A, 3]));
        Assert.NotNull(new NameConstraints([new(GeneralNameKind.RegisteredId, new((byte[])[0x2A]))], []).FindViolation(other));
        Assert.NotNull(new NameConstraints([], [new(GeneralNameKind.RegisteredId, new((byte[])[0x2A]))]).FindViolation(other));
        Assert.Null(new NameConstraints([Of(2, "example.org")], []).FindViolation(other));
    }

    [Fact]
    public void More_comparisons_than_any_honest_certificate_needs_are_refused()
    {
        var names = Bearing([.. Enumerable.Range(0, 1000).Select(i => (2, Encoding.ASCII.GetBytes($"n{i}.example.org")))]);
        Assert.Null(new NameConstraints([.. Enumerable.Repeat(Of(2, "example.org"), 10)], []).FindViolation(names));
        Assert.NotNull(new NameConstraints([.. Enumerable.Repeat(Of(2, "example.org"), 100)], []).FindViolation(names));
    }

    private static GeneralName Of(int kind, string text) => new((GeneralNameKind)kind, new(Encoding.Latin1.GetBytes(text)));

    private static PathCertificate Bearing(params (int Kind, byte[] Content)[] names)
    {
        var forge = new Forge { Subject = "no host name at all", Extensions = [Extension.AlternativeNames(names)] };
        Assert.True(PathCertificate.TryRead(forge.Make(), out var certificate));
        return certificate;
    }
}
