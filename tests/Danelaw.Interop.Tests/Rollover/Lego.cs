using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>Debian's lego: <c>NAME.crt</c> and <c>NAME.key</c> in one folder, written over at each renewal.</summary>
internal sealed class Lego(TestFolder folder, Pebble authority) : AcmeClient(folder, authority)
{
    internal override string Offer => Home + "/certificates/" + RollWorld.Host + ".crt";

    internal override string ChainFile => Offer;

    internal override string KeyFile => Offer[..^4] + ".key";

    private string Home => Folder["lego/.here"][..^6];

    internal override Task IssueAsync() => CallAsync("run", "--no-bundle=false");

    internal override Task RenewAsync() => CallAsync("renew", "--days=36500", "--no-random-sleep");

    private Task CallAsync(params string[] command) => RunAsync(
        "lego",
        "LEGO_CA_CERTIFICATES=" + Authority.Certificate,
        ["--path", Home, "--server", Authority.Directory, "--accept-tos", "--email", "postmaster@" + RollWorld.Host, "--domains", RollWorld.Host, "--http", "--http.port", Authority.Address + ":8080", .. command]);
}
