using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>A chain that ports showed before a setup, and show again once it is taken back, with whatever its files hold then.</summary>
/// <param name="Ports">The ports; empty where they are not known, and it may be any.</param>
/// <param name="Files">The files that the server read, as its settings name them; empty where it had none.</param>
internal sealed record FormerChain(ImmutableArray<int> Ports, ImmutableArray<string> Files)
{
    /// <summary>Whether they held no key with its certificate then either. Journals of before say nothing of it.</summary>
    public bool WasUnsound { get; init; }

    /// <summary>What shows it, for people.</summary>
    [JsonIgnore]
    internal string What => Files.IsEmpty ? "the server shows" : Files[0] + " holds";
}
