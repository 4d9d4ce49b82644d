namespace Danelaw.Dnssec.Signing;

/// <summary>The records are no zone that can be signed. Thrown where names are walked one by one, and turned into an outcome at the front doors.</summary>
/// <param name="message">What is wrong, for people.</param>
internal sealed class ZoneRefusedException(string message) : Exception(message);
