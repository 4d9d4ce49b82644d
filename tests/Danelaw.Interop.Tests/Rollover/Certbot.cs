using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>Debian's certbot: links in <c>live/NAME</c> that change one after the other, at a folder that operators point servers to, and should not.</summary>
internal sealed class Certbot(TestFolder folder, Pebble authority) : AcmeClient(folder, authority)
{
    internal override string Offer => Folder[$"letsencrypt/live/{RollWorld.Host}/.here"][..^6];

    internal override string ChainFile => Offer + "/fullchain.pem";

    internal override string KeyFile => Offer + "/privkey.pem";

    internal override Task IssueAsync() => CallAsync(
        "certonly", "--agree-tos", "--register-unsafely-without-email", "--server", Authority.Directory, "--manual", "--preferred-challenges", "http", "--manual-auth-hook", "/bin/true", "-d", RollWorld.Host);

    internal override Task RenewAsync() => CallAsync("renew", "--force-renewal", "--no-random-sleep-on-renew");

    private Task CallAsync(params string[] arguments) => RunAsync(
        "certbot",
        "REQUESTS_CA_BUNDLE=" + Authority.Certificate,
        [.. arguments, "--non-interactive", "--config-dir", Folder["letsencrypt/.here"][..^6], "--work-dir", Folder["certbot/work/.here"][..^6], "--logs-dir", Folder["certbot/logs/.here"][..^6]]);
}
