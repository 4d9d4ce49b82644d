namespace Danelaw.Probes;

/// <summary>A connection on which a handshake was completed.</summary>
/// <param name="Stream">What is said within TLS.</param>
/// <param name="ShutdownAsync">Says close_notify (RFC 8446 §6.1).</param>
/// <param name="AsksCertificate">Whether the server has asked the client for a certificate, and was given none.</param>
internal readonly record struct OpenTls(Stream Stream, Func<Task> ShutdownAsync, bool AsksCertificate);
