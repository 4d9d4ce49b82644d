namespace Danelaw.Probes;

/// <summary>Why a connection fails for reasons of the machine that looks: they say nothing at all of the server.</summary>
internal static class LocalCauses
{
    internal const string NoRoute = "no route to this network from here";

    /// <summary>Said by a router on the way, or by this machine of a neighbour that does not answer: no cause of this machine's own.</summary>
    internal const string NoHost = "no route to this host";

    internal const string Forbidden = "this machine forbids the connection";
    internal const string NoFamily = "this machine has no address of this family";

    internal const string NoDescriptors = "this machine gives this process no more file descriptors (ulimit -n)";

    internal static bool IsLocal(Observation seen) => seen is { Outcome: ProbeOutcome.Refused, Detail: NoRoute or Forbidden or NoFamily or NoDescriptors };
}
