using System.Collections.Immutable;
using Danelaw.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>Where a hostility shows.</summary>
internal enum Stage
{
    Dialogue = 0,
    Handshake,
    Certificate,

    /// <summary>When the key is proven, and the client takes leave.</summary>
    Leave,
}

/// <summary>Something that a server does to whoever looks at it.</summary>
/// <param name="Stage">Where.</param>
/// <param name="Does">What it does, as a sentence goes on after "a server that".</param>
/// <param name="Play">Does it to one connection.</param>
internal sealed record Hostility(Stage Stage, string Does, Func<Guest, Task> Play)
{
    /// <summary>The services at which it can be done.</summary>
    internal Func<Service, bool> At { get; init; } = _ => true;

    /// <summary>The records that stand in the DNS.</summary>
    internal Func<Published> Published { get; init; } = () => Hostile.Published.WhatIsShown;

    /// <summary>Whether the server holds the key that it shows: then a handshake may be completed, and it is the records that are not fulfilled.</summary>
    internal bool HoldsItsKey { get; init; }

    /// <summary>The kind of key that the second prober asks for.</summary>
    internal KeyAlgorithm Kind { get; init; } = KeyAlgorithm.Ecdsa;

    /// <summary>A reset may overtake what was sent before it, and time may pass before it is read, so how much the client has seen by then differs from run to run.</summary>
    internal bool IsRace => new[] { "resets", "says nothing", "stops" }.Any(beginning => Does.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>Keys and signatures are new in each run, and so is what a changed octet hits: of these the page shows what came of one run.</summary>
    internal bool IsMutation => Does.Contains(": no. ", StringComparison.Ordinal);

    /// <summary>Every service at which it can be done.</summary>
    internal IEnumerable<Service> Services => ServiceTable.All.Where(At);

    /// <summary>Those at which it is tried in every run: in a dialogue all, for there each has words of its own; in TLS one with a dialogue before it and one without, each hostility others.</summary>
    internal IEnumerable<Service> Usual(int index)
    {
        ImmutableArray<Service> all = [.. Services];
        if (Stage == Stage.Dialogue || LongRun.IsOn) return all;
        ImmutableArray<Service> before = [.. all.Where(DialogueHostilities.HasDialogue)], atOnce = [.. all.Where(service => !DialogueHostilities.HasDialogue(service))];
        return [.. before.IsEmpty ? before : [before[index % before.Length]], .. atOnce.IsEmpty ? atOnce : [atOnce[index % atOnce.Length]]];
    }

    /// <summary>The whole catalogue.</summary>
    internal static ImmutableArray<Hostility> All { get; } = [.. DialogueHostilities.All, .. HandshakeHostilities.All, .. CertificateHostilities.All];

    public override string ToString() => Does;
}
