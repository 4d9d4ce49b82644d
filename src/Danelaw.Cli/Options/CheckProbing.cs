using System.CommandLine;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Probes;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> that say how servers are connected to.</summary>
internal sealed class CheckProbing : CheckOptionGroup
{
    // Many domains have the same few mail hosts, which limit who connects too often.
    private static readonly TimeSpan SharedFor = TimeSpan.FromMinutes(10);

    private readonly TlsProberOptions _prober = new();

    private readonly Option<bool> _rawPublicKey = Flag.Of("--raw-public-key", "ask servers for a raw public key too (RFC 7250), where there is a record 3 1 x that could match it");

    public override IReadOnlyList<Option> All => [_rawPublicKey];

    public override CheckOptions Apply(Call call, CheckOptions options) => options with { RawPublicKey = call.Parsed.GetValue(_rawPublicKey) };

    /// <summary>What connects to the servers of one target.</summary>
    public IProber Open(Call call) => new TlsProber(_prober, call.Surroundings.Clock);

    /// <summary>What connects to the servers of many targets, to each server once.</summary>
    public IProber OpenShared(Call call) => new SharedProber(Open(call), call.Surroundings.Clock, SharedFor);
}
