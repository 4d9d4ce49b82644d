using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>Which ACME client renews.</summary>
public enum AcmeClientKind
{
    /// <summary>Certbot.</summary>
    Certbot,

    /// <summary>Lego.</summary>
    Lego,
}

/// <summary>An ACME client as Debian has it, unmodified and told nothing of Danelaw, that makes a new key at each renewal.</summary>
internal abstract class AcmeClient(TestFolder folder, Pebble authority)
{
    /// <summary>What its certificates and keys are offered from: as the rollover's settings name it.</summary>
    internal abstract string Offer { get; }

    /// <summary>The chain that it has got, the leaf first.</summary>
    internal abstract string ChainFile { get; }

    /// <summary>The key that belongs to it.</summary>
    internal abstract string KeyFile { get; }

    protected TestFolder Folder => folder;

    protected Pebble Authority => authority;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal static AcmeClient Of(AcmeClientKind kind, TestFolder folder, Pebble authority) => kind switch
    {
        AcmeClientKind.Certbot => new Certbot(folder, authority),
        AcmeClientKind.Lego => new Lego(folder, authority),
    };

    /// <summary>The first certificate.</summary>
    internal abstract Task IssueAsync();

    /// <summary>A renewal, which makes a new key.</summary>
    internal abstract Task RenewAsync();

    protected async Task RunAsync(string program, string environment, params string[] arguments)
    {
        var said = await PeerProcess.RunAsync(Peer.Require("env"), [environment, Peer.Require(program), .. arguments], cancellationToken: Cancelled);
        Assert.True(said.ExitCode == 0, $"{said.Everything}\n{authority.Log}");
    }
}
