using System.Collections.Immutable;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Postfix;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>The settings of a host's servers that name chains.</summary>
internal static class Sites
{
    internal static ImmutableArray<Site> Of(HostFacts host) =>
    [
        .. host.Postfix.SelectMany(facts => OfPostfix(facts.Instance, host)),
        .. host.Chains.Where(chain => chain.Use.Program is ServerProgram.Dovecot or ServerProgram.Nginx).Select(chain => new Site(chain.Use.Program, chain.Use.Subject, [chain], chain.Use.Ports) { IsDefault = chain.Use.Name.Length == 0 }),
    ];

    private static IEnumerable<Site> OfPostfix(PostfixInstance instance, HostFacts host)
    {
        var listeners = Listener.Of(instance).Where(listener => !listener.IsLoopback).ToArray();
        foreach (var group in listeners.GroupBy(listener => ConfiguredChain.Of(instance, listener.Smtpd).Any(chain => listener.Smtpd.Options.Any(option => ReferenceEquals(option.Place, chain.Certificate.Place))) ? listener.Smtpd : null))
        {
            var paths = ConfiguredChain.Of(instance, group.First().Smtpd).Select(chain => string.Join('\n', chain.Files)).ToHashSet();
            ImmutableArray<ChainFacts> chains = [.. host.Chains.Where(chain => chain.Use.Program == ServerProgram.Postfix && chain.Use.Name.Length == 0 && paths.Contains(string.Join('\n', chain.Use.Files)))];
            var subject = instance.Directory == "/etc/postfix" ? "postfix" : $"postfix ({instance.Directory})";
            yield return new(ServerProgram.Postfix, group.Key is null ? subject : $"{subject}, {group.Key.Name}", chains, [.. group.Select(listener => listener.Port).Distinct().Order()]) { Instance = instance, Service = group.Key };
        }
    }
}
