using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Setup.Planning;

namespace Danelaw.Operator.Setup;

/// <summary>Turns what doctor found into a plan. Pure: the same evidence, options and time give the same plan.</summary>
public static class SetupPlanner
{
    /// <summary>The names for which records are made: those of the options, or the MX host names whose addresses are this host's, or the host's own.</summary>
    /// <param name="facts">The evidence.</param>
    /// <param name="options">What is wanted.</param>
    public static ImmutableArray<DomainName> Names(SetupFacts facts, SetupOptions options)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(options);
        return NamePlan.Names(facts, options, new(facts));
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="facts">The evidence.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="now">The time, for certificates.</param>
    public static SetupPlan Plan(SetupFacts facts, SetupOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(options);
        var plan = new SetupPlan { Host = facts.Host.Host, Publisher = options.Publisher };
        if (Refusals(facts) is { IsEmpty: false } refusals) return plan with { Obstacles = refusals };

        var names = NamePlan.Names(facts, options, new(facts));
        var published = new PublishedSets(facts) { Names = names };
        var obstacles = new List<Obstacle>();
        var steps = ImmutableArray.CreateBuilder<SetupStep>();
        steps.AddRange(ResolverPlan.Steps(facts, obstacles));
        var canRely = obstacles.Count == 0;
        obstacles.AddRange(ChainPlaces.Obstacles(facts));
        obstacles.AddRange(UnreadKeys.Obstacles(facts, published));
        var chains = ChainPlan.Of(facts, options, names, published, now);
        obstacles.AddRange(chains.Obstacles);
        if (!obstacles.Any(obstacle => obstacle.IsFatal)) obstacles.AddRange(chains.Losses());
        if (chains.Step is { } moved) steps.Add(moved);
        if (MendPlan.Servers(facts) is { } servers) steps.Add(servers);
        if (RecordPlan.Step(facts, options, chains, published, obstacles) is { } records) steps.Add(records);
        if (MendPlan.Outbound(facts) is { } outbound)
        {
            if (canRely) steps.Add(outbound);
            else obstacles.Add(new("Sending with DANE waits until a resolver on this host validates.", "See above; then run setup again.", false));
        }

        var expected = Expected(facts, chains);
        if (!obstacles.Any(obstacle => obstacle.IsFatal)) obstacles.AddRange(NotRead(facts, chains, published, expected, steps));
        var remarks = chains.Remarks.ToList();
        if (RenewalPlan.Step(facts, options, names, chains, published, obstacles, remarks) is { } renewal) steps.Add(renewal);
        return plan with
        {
            Steps = obstacles.Any(obstacle => obstacle.IsFatal) ? [] : steps.ToImmutable(),
            Obstacles = [.. obstacles],
            Warnings = [.. chains.Warnings.Distinct()],
            Remarks = [.. remarks.Distinct()],
            Left = MendPlan.Left(facts, options, steps.ToImmutable(), chains.Moved),
            Expected = expected,
            Names = names,
            Former = [.. chains.Former],
            Held = [.. chains.Held],
            Led = LedOwners.Of(options, names, chains, published),
        };
    }

    /// <summary>The keys that each port shows at the end, those for names of their own among them; of Postfix's no name that is looked at is among those.</summary>
    private static ImmutableArray<ExpectedService> Expected(SetupFacts facts, ChainPlan chains) =>
    [
        .. chains.Shown.SelectMany(pair => pair.Site.Ports.Select(port => (pair.Site.Program, Port: port, pair.Chains))).GroupBy(one => (one.Program, one.Port))
            .Select(group => new ExpectedService(group.Key.Program, group.Key.Port,
            [
                .. group.SelectMany(one => one.Chains).Select(chain => chain.PublicKey)
                    .Concat(facts.Host.Chains.Where(chain => chain.Use.Program == group.Key.Program && chain.Use.Ports.Contains(group.Key.Port) && ((chain.Use.Name.Length > 0 && group.Key.Program != ServerProgram.Postfix) || IsBeside(chain, chains))).SelectMany(chain => chain.Keys)).Distinct(),
            ])),
    ];

    /// <summary>Servers that show another key than their files hold, and that no step tells to read these: records of the key in a file mean nothing that is shown, and a setup that finds nothing to do has not seen it work.</summary>
    private static IEnumerable<Obstacle> NotRead(SetupFacts facts, ChainPlan chains, PublishedSets published, ImmutableArray<ExpectedService> expected, IEnumerable<SetupStep> steps)
    {
        var told = steps.SelectMany(step => step.Reloads).ToHashSet();
        return from service in expected
               let site = chains.Shown.First(pair => pair.Site.Program == service.Program && pair.Site.Ports.Contains(service.Port)).Site
               let reload = ChainPlan.ReloadOf(site)
               let held = facts.Host.Chains.Where(chain => chain.Use.Ports.Contains(service.Port)).SelectMany(chain => chain.Keys).ToHashSet()
               where !told.Contains(reload) && published.ShownAt(service.Port).Any(shown => !held.Contains(shown.PublicKey))

               // What danelaw rolls it looks after by itself.
               select new Obstacle(string.Create(CultureInfo.InvariantCulture, $"{site.Subject} shows at port {service.Port} another key than its files hold: it has not read them since they were written."), $"{reload.Command}; then run setup again.", !site.Files.All(facts.Host.RolledFiles.Contains));
    }

    /// <summary>Whether nginx shows a chain by a server block that stays as it is: it may be the one that answers a name which no block has.</summary>
    private static bool IsBeside(ChainFacts chain, ChainPlan chains) => chain.Use.Program == ServerProgram.Nginx && !chains.Moved.Contains(chain.Use.Subject);

    /// <summary>What has to be mended by hand before anything can be planned.</summary>
    private static ImmutableArray<Obstacle> Refusals(SetupFacts facts)
    {
        if (facts.Host.Postfix.IsEmpty)
        {
            // What only root may read is there.
            if (facts.Host.Unseen.FirstOrDefault(unseen => unseen.What.StartsWith("Postfix", StringComparison.Ordinal) && unseen.IsForRoot) is { } hidden) return [OfRoot(hidden)];
            var other = facts.Host.OtherServers.IsEmpty ? "" : $" {string.Join(" and ", facts.Host.OtherServers)} {(facts.Host.OtherServers.Length == 1 ? "is" : "are")} here, and setup does not know how to change {(facts.Host.OtherServers.Length == 1 ? "it" : "them")}.";
            return [new($"There is no Postfix on this host.{other}", "apt-get install postfix, or run setup on the host that takes your mail.", true)];
        }

        return
        [
            .. facts.Report.Findings.Where(finding => finding.Code is AuditCodes.PostfixSyntax or AuditCodes.DovecotSyntax or AuditCodes.WebSyntax && finding.Severity == Checks.Severity.Error)
                .Select(finding => new Obstacle(finding.Text, finding.Mend.Text, true, finding.Place)),
            .. facts.Host.Unseen.Where(unseen => unseen.IsForRoot).Select(OfRoot),
        ];

        static Obstacle OfRoot(Unseen unseen) => new($"Not seen: {unseen.What}: {unseen.Why}.", "sudo danelaw setup --dry-run", true);
    }
}
