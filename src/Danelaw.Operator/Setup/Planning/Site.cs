using System.Collections.Immutable;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>One setting of a server's that names chains: main.cf, a service of master.cf, a block of Dovecot or nginx.</summary>
/// <param name="Program">The server.</param>
/// <param name="Subject">What it is, for people.</param>
/// <param name="Chains">What it reads; empty where it names no chain yet.</param>
/// <param name="Ports">The ports that show it.</param>
internal sealed record Site(ServerProgram Program, string Subject, ImmutableArray<ChainFacts> Chains, ImmutableArray<int> Ports)
{
    /// <summary>Whether it is what a client sees that sends no name.</summary>
    internal bool IsDefault { get; init; } = true;

    /// <summary>Of Postfix the instance.</summary>
    internal PostfixInstance? Instance { get; init; }

    /// <summary>Of Postfix the service whose own line names the chains; null for main.cf.</summary>
    internal MasterService? Service { get; init; }

    /// <summary>The files that it names.</summary>
    internal IEnumerable<string> Files => Chains.SelectMany(chain => chain.Use.Files);
}
