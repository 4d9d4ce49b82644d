using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>One row of the table of services that are not mail exchange: Dovecot and nginx.</summary>
/// <param name="Target">The service as <c>danelaw check</c> takes it.</param>
/// <param name="Host">The host.</param>
/// <param name="Port">The port.</param>
/// <param name="StartTls">The protocol to start TLS in; null for TLS at once.</param>
/// <param name="Trusted">Whether the test's root is trusted, as usages 0 and 1 need.</param>
/// <param name="Danelaw">Our verdict, by the RFCs.</param>
/// <param name="Danetool">danetool's.</param>
/// <param name="SClient">That of <c>openssl s_client</c>.</param>
/// <param name="Difference">Where a peer differs from the RFC, and the section; null when all agree.</param>
internal sealed record ServiceRow(string Target, string Host, int Port, string? StartTls, bool Trusted, string Danelaw, DaneSays Danetool, DaneSays SClient, string? Difference = null)
{
    private const string Right = "services.post.nsec", Wrong = "services-wrong.post.nsec", Pkix = "pkix.post.nsec";

    public static IReadOnlyList<ServiceRow> All { get; } =
    [
        .. Both(Right, "verified", DaneSays.Verified),
        .. Both(Wrong, "failing", DaneSays.Refused),
        new($"https://{Pkix}", Pkix, 443, null, Trusted: true, "verified", DaneSays.Verified, DaneSays.Verified),
        new($"imaps://{Pkix}", Pkix, 993, null, Trusted: true, "verified", DaneSays.Verified, DaneSays.Verified),
        new($"https://{Pkix}", Pkix, 443, null, Trusted: false, "failing", DaneSays.Verified, DaneSays.Refused, "danetool takes usage 1 without a trusted root (RFC 6698 §2.1.1)"),
        new($"imaps://{Pkix}", Pkix, 993, null, Trusted: false, "failing", DaneSays.Verified, DaneSays.Refused, "danetool takes usage 0 without a trusted root (RFC 6698 §2.1.1)"),
    ];

    public string Address => Host switch { Right => MailPlan.ServiceAddress, Wrong => MailPlan.WrongServiceAddress, _ => MailPlan.PkixAddress };

    /// <summary>The record that the DNS has for it.</summary>
    public string Tlsa(MailPlan plan) => Host switch
    {
        Right => plan.Service.Tlsa(3, 1, 1),
        Wrong => plan.Authority.Tlsa(3, 1, 1),
        _ => Port == 443 ? plan.Pkix.Tlsa(1, 1, 1) : plan.Root.Tlsa(0, 0, 1),
    };

    private static IEnumerable<ServiceRow> Both(string host, string danelaw, DaneSays peers) =>
    [
        new($"imaps://{host}", host, 993, null, Trusted: false, danelaw, peers, peers),
        new($"{host}:143", host, 143, "imap", Trusted: false, danelaw, peers, peers),
        new($"pop3s://{host}", host, 995, null, Trusted: false, danelaw, peers, peers),
        new($"{host}:110", host, 110, "pop3", Trusted: false, danelaw, peers, peers),
        new($"https://{host}", host, 443, null, Trusted: false, danelaw, peers, peers),
    ];
}
