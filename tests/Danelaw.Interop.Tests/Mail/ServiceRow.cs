namespace Danelaw.Interop.Tests.Mail;

/// <summary>One row of the table of services that are not mail exchange: Dovecot and nginx.</summary>
/// <param name="Target">The service as <c>danelaw check</c> takes it.</param>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
/// <param name="StartTls">The protocol to start TLS in; null for TLS at once.</param>
/// <param name="Danelaw">Our verdict, by the RFCs; the peers agree on all of these.</param>
internal sealed record ServiceRow(string Target, string Host, int Port, string? StartTls, string Danelaw)
{
    private const string Right = "services.post.nsec", Wrong = "services-wrong.post.nsec";

    public static IReadOnlyList<ServiceRow> All { get; } =
    [
        new($"imaps://{Right}", Right, 993, null, "verified"),
        new($"{Right}:143", Right, 143, "imap", "verified"),
        new($"https://{Right}", Right, 443, null, "verified"),
        new($"imaps://{Wrong}", Wrong, 993, null, "failing"),
        new($"{Wrong}:143", Wrong, 143, "imap", "failing"),
        new($"https://{Wrong}", Wrong, 443, null, "failing"),
    ];

    public string Address => Host == Right ? MailPlan.ServiceAddress : MailPlan.WrongServiceAddress;

    /// <summary>The record that the DNS has for it.</summary>
    public string Tlsa(MailPlan plan) => Host == Right ? plan.Service.Tlsa(3, 1, 1) : plan.Authority.Tlsa(3, 1, 1);
}
