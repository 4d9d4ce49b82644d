using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover;

/// <summary>Something to do. Each may be done twice without harm.</summary>
public abstract record RolloverAction
{
    private RolloverAction()
    {
    }

    /// <summary>The RRset of every owner comes to have some records and to be without others; what somebody else has there stays or goes, as the settings say.</summary>
    /// <param name="Records">The records that every owner comes to have.</param>
    /// <param name="Over">Those of ours that go.</param>
    /// <param name="KeepsForeign">Whether all others stay.</param>
    /// <param name="Shown">What means each chain that an endpoint shows, or may show meanwhile.</param>
    public sealed record Publish(TlsaSet Records, TlsaSet Over, bool KeepsForeign, ImmutableArray<TlsaSet> Shown) : RolloverAction
    {
        /// <summary>What an RRset becomes.</summary>
        /// <param name="before">What it is.</param>
        public TlsaSet From(TlsaSet before)
        {
            ArgumentNullException.ThrowIfNull(before);
            return KeepsForeign ? before.Except(Over).Union(Records) : Records;
        }

        /// <summary>Whether no sender loses a match by it, whichever chain is shown.</summary>
        /// <param name="before">What the RRset is.</param>
        public bool IsSafeFrom(TlsaSet before) => Shown.All(meaning => IsSafeFor(before, meaning));

        /// <summary>Whether no sender loses its match for one chain.</summary>
        /// <param name="before">What the RRset is.</param>
        /// <param name="meaning">What means the chain.</param>
        internal bool IsSafeFor(TlsaSet before, TlsaSet meaning) => (SetMeaning.Misled(From(before), meaning) & ~SetMeaning.Misled(before, meaning)) == 0;
    }

    /// <summary>A chain is put into its file, in one rename, and the servers are reloaded.</summary>
    /// <param name="Algorithm">Which file.</param>
    /// <param name="Chain">The chain.</param>
    public sealed record Install(string Algorithm, Chain Chain) : RolloverAction;

    /// <summary>The servers are reloaded: a chain is in its file, and some endpoint does not show it.</summary>
    public sealed record Reload : RolloverAction;
}

/// <summary>Why nothing more is done now. Closed.</summary>
public enum RolloverWait
{
    /// <summary>Nothing is to be done.</summary>
    Nothing = 0,

    /// <summary>A server does not answer, or not validly, or still has another set.</summary>
    Servers,

    /// <summary>Caches may still have what was published before.</summary>
    Caches,

    /// <summary>An endpoint does not show the chain that it should, or cannot be reached.</summary>
    Endpoints,

    /// <summary>The certificate is not yet valid.</summary>
    Certificate,
}

/// <summary>What to do now, and the state to keep before it is done.</summary>
/// <param name="State">The state.</param>
/// <param name="Actions">What to do, in order.</param>
/// <param name="Wait">Why nothing more is done.</param>
/// <param name="Remaining">How long that takes at least, where it can be told; otherwise null.</param>
public sealed record RolloverStep(RolloverState State, ImmutableArray<RolloverAction> Actions, RolloverWait Wait, TimeSpan? Remaining)
{
    /// <summary>What does not pass by itself, as a sentence: to go on would break what some sender sees. Null where there is nothing of the kind.</summary>
    public string? Refusal { get; init; }
}
