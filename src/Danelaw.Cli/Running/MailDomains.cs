using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;

namespace Danelaw.Cli.Running;

/// <summary>The domains that a host takes mail for.</summary>
internal static class MailDomains
{
    /// <summary>Lines of a file of domains, which are all held in memory.</summary>
    private const int MaximumLines = 1_000_000;

    /// <summary>Those that Postfix's tables list, and those of a file.</summary>
    /// <param name="call">The call.</param>
    /// <param name="host">What was seen of the host.</param>
    /// <param name="file">The value of <c>--domains</c>; null without.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MisuseException">The file cannot be read, or a line is no domain.</exception>
    public static async Task<IReadOnlyCollection<DomainName>> OfAsync(Call call, HostFacts host, string? file, CancellationToken cancellationToken)
    {
        var names = new SortedSet<DomainName>();
        foreach (var domain in host.Postfix.SelectMany(facts => facts.Domains.Domains))
        {
            if (DomainName.TryFromUserInput(domain.Name, out var name, out _)) names.Add(name);
        }

        if (file is not null)
        {
            await foreach (var name in TargetList.ReadAsync(call.Surroundings, ["@" + file], Read, MaximumLines, cancellationToken).ConfigureAwait(false)) names.Add(name);
        }

        return names;

        static DomainName Read(TargetLine line) => DomainName.TryFromUserInput(line.Text, out var name, out var fault) ? name : throw new MisuseException($"{line.Prefix}{NameFaults.Say(line.Text, fault)}");
    }
}
