using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Probes;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> that say how servers are connected to.</summary>
internal sealed class CheckProbing : CheckOptionGroup
{
    // Many domains have the same few mail hosts, which limit who connects too often.
    private static readonly TimeSpan SharedFor = TimeSpan.FromMinutes(10);

    private readonly TlsProberOptions _prober = new();

    public override IReadOnlyList<Option> All => [];

    /// <summary>What connects to the servers of one target.</summary>
    public IProber Open(Call call) => new TlsProber(_prober, call.Surroundings.Clock);

    /// <summary>What connects to the servers of many targets, to each server once.</summary>
    public IProber OpenShared(Call call) => new SharedProber(Open(call), call.Surroundings.Clock, SharedFor);
}
