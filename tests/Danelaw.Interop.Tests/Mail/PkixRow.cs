using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>One row of the table of usages that need a trust store, which only services other than mail exchange have: Dovecot and nginx.</summary>
/// <param name="Target">The service as <c>danelaw check</c> takes it.</param>
/// <param name="Port">The port.</param>
/// <param name="Trusted">Whether the test's root is trusted.</param>
/// <param name="Danelaw">Our verdict, by the RFCs.</param>
/// <param name="Danetool">danetool's.</param>
/// <param name="SClient">That of <c>openssl s_client</c>.</param>
/// <param name="Difference">Where a peer differs from the RFC, and the section; null when all agree.</param>
internal sealed record PkixRow(string Target, int Port, bool Trusted, string Danelaw, DaneSays Danetool, DaneSays SClient, string? Difference = null)
{
    public const string Host = "pkix.post.nsec";

    public static IReadOnlyList<PkixRow> All { get; } =
    [
        new($"https://{Host}", 443, Trusted: true, "verified", DaneSays.Verified, DaneSays.Verified),
        new($"imaps://{Host}", 993, Trusted: true, "verified", DaneSays.Verified, DaneSays.Verified),
        new($"https://{Host}", 443, Trusted: false, "failing", DaneSays.Verified, DaneSays.Refused, "danetool takes usage 1 without a trusted root (RFC 6698 §2.1.1)"),
        new($"imaps://{Host}", 993, Trusted: false, "failing", DaneSays.Verified, DaneSays.Refused, "danetool takes usage 0 without a trusted root (RFC 6698 §2.1.1)"),
    ];

    /// <summary>The record that the DNS has for it.</summary>
    public string Tlsa(MailPlan plan) => Port == 443 ? plan.Pkix.Tlsa(1, 1, 1) : plan.Root.Tlsa(0, 0, 1);
}
