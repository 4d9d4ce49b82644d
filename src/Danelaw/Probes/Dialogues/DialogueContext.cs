namespace Danelaw.Probes.Dialogues;

/// <summary>What a dialogue may have to say of itself and of whom it wants.</summary>
/// <param name="Target">Whom the probe looks at.</param>
/// <param name="HelloName">Our own name, for EHLO and its like.</param>
/// <param name="Contact">Whom the server's operator may write to; null when that is not told.</param>
internal readonly record struct DialogueContext(ProbeTarget Target, string HelloName, string? Contact);
