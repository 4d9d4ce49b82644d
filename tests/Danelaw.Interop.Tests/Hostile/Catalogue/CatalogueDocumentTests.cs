using System.Text;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary><c>docs/attacks.md</c> is the catalogue itself, written out.</summary>
public sealed class CatalogueDocumentTests
{
    [Fact]
    public void The_page_of_attacks_is_what_the_catalogue_says()
    {
        var file = Path.Combine(Repository.Root, "docs", "attacks.md");
        var page = Build();
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_DOCS") == "1") File.WriteAllText(file, page);
        Assert.True(page == File.ReadAllText(file), "docs/attacks.md is not what the catalogue says; write it anew with: ./test --update-docs");
    }

    [Fact]
    public void Every_part_of_the_chain_has_its_attacks_and_every_allowance_its_reason()
    {
        foreach (var aim in Enum.GetValues<Aim>().Where(aim => aim != Aim.Referrals)) Assert.True(Attacks.All.Count(attack => attack.Aim == aim) >= 8, $"{aim} has fewer than eight");
        Assert.Equal(Attacks.All.Length, Attacks.All.Select(attack => attack.ToString()).Distinct().Count());
        Assert.All(Attacks.All, attack => Assert.Equal(attack.Expected == Outcome.Allowed || attack.ExpectedInIteration == Outcome.Allowed, attack.Allowance.Length > 0));
        Assert.All(Attacks.All, attack => Assert.NotEmpty(attack.Victims));
    }

    [Fact]
    public void Every_guard_that_an_attack_names_is_there() =>
        Assert.All(Attacks.All.SelectMany(attack => attack.Guards), guard => Assert.True(File.Exists(Path.Combine(Repository.Root, "tests", "guards", guard + ".patch")), guard));

    private static string Build()
    {
        var page = new StringBuilder();
        page.Append("# What somebody in the middle may try, and what stops him\n\n");
        page.Append("Made by `./test --update-docs` from `tests/Danelaw.Interop.Tests/Hostile/Catalogue`; never edited by hand.\n\n");
        page.Append("He rewrites every reply. He has every genuine record of every zone, also of former days; he owns zones of his own, duly signed and delegated, and makes keys as he likes. He has no private key of the zones that he attacks. ");
        page.Append("Each attack runs before the stub (through a forwarder that rewrites, in front of a real recursive resolver) and before the iterative resolver (through proxies in the place of every authoritative server), over zones that BIND, ldns and Knot signed. ");
        page.Append("Each first shows the genuine answer secure on the same path, then that a changed reply was sent; it is tried with nothing cached and with keys and delegations cached, and when it is over the same names and others must be answered as the zones have them.\n\n");
        page.Append("*Refused*: bogus or indeterminate, no data. *Withstood*: secure, with the zone's own data. *Allowed*: the zone's own word, which it cannot take back before the signature ends, or what the RFC gives up; there are ");
        page.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Attacks.All.Count(attack => attack.Expected == Outcome.Allowed)} of these. ");
        page.Append("A guard is a patch in `tests/guards` that takes the defence out and turns a test red.\n");
        foreach (var group in Attacks.All.GroupBy(attack => attack.Aim))
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {Title(group.Key)} ({group.Count()})\n\n| | somebody who … | where | outcome | what stops him | rule | guards |\n| --- | --- | --- | --- | --- | --- | --- |\n");
            foreach (var attack in group)
            {
                var outcome = attack.InStub ? Text(attack.Expected) : "";
                if (attack.InIteration && (!attack.InStub || attack.ExpectedAt(Position.Servers) != attack.Expected)) outcome += (outcome.Length > 0 ? "; iterating " : "") + Text(attack.ExpectedAt(Position.Servers));
                if (attack.Allowance.Length > 0) outcome += ": " + attack.Allowance;
                page.Append($"| {attack.Id} | {attack.Does} | {Where(attack)} | {outcome} | {attack.StoppedBy} | {attack.Rule} | {string.Join("<br>", attack.Guards.Select(guard => $"`{guard}`"))} |\n");
            }
        }
        return page.ToString();
    }

    private static string Where(Attack attack) => (attack.InStub, attack.InIteration) switch
    {
        (true, true) => "both",
        (true, false) => "stub",
        _ => "iterating",
    };

    private static string Text(Outcome outcome) => outcome switch
    {
        Outcome.Refused => "refused",
        Outcome.Withstood => "withstood",
        Outcome.RefusedOrWithstood => "refused or withstood",
        Outcome.Allowed => "allowed",
    };

    private static string Title(Aim aim) => aim switch
    {
        Aim.Signatures => "Signatures",
        Aim.Denial => "Denial",
        Aim.DelegationSigners => "DS",
        Aim.Keys => "DNSKEY",
        Aim.Aliases => "Aliases",
        Aim.Transport => "Transport",
        Aim.Referrals => "Referrals",
    };
}
