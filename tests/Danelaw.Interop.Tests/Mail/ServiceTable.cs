namespace Danelaw.Interop.Tests.Mail;

/// <summary>One row of the table of services that are not mail exchange: Dovecot and nginx.</summary>
/// <param name="Target">The service as <c>danelaw check</c> takes it.</param>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
/// <param name="StartTls">The protocol to start TLS in; null for TLS at once.</param>
/// <param name="Danelaw">Our verdict, by the RFCs.</param>
internal sealed record ServiceRow(string Target, string Host, int Port, string? StartTls, string Danelaw)
{
    public static IReadOnlyList<ServiceRow> All { get; } =
    [
        new("imaps://services.post.nsec", "services.post.nsec", 993, null, "verified"),
        new("services.post.nsec:143", "services.post.nsec", 143, "imap", "verified"),
        new("https://services.post.nsec", "services.post.nsec", 443, null, "verified"),
        new("imaps://services-wrong.post.nsec", "services-wrong.post.nsec", 993, null, "failing"),
        new("services-wrong.post.nsec:143", "services-wrong.post.nsec", 143, "imap", "failing"),
        new("https://services-wrong.post.nsec", "services-wrong.post.nsec", 443, null, "failing"),
    ];
}
