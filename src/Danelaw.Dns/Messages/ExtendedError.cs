namespace Danelaw.Dns.Messages;

/// <summary>An extended DNS error (RFC 8914).</summary>
/// <param name="Code">The info code, as the registry "Extended DNS Error Codes" lists them; any number fits.</param>
/// <param name="Text">The extra text, UTF-8 as received; may be empty.</param>
public readonly record struct ExtendedError(ushort Code, string Text);
