using System.Diagnostics;
using Danelaw.Interop.Tests.Worlds;

namespace Danelaw.Interop.Tests.Services;

/// <summary>The servers of the matrix, raised once for all that is asked of them.</summary>
[CollectionDefinition(nameof(MatrixPeers))]
public sealed class MatrixPeersCollection : ICollectionFixture<MatrixPeers>;

/// <summary>What the rows of this run are met on, and the world that their hosts stand in.</summary>
public sealed class MatrixPeers(World world) : IAsyncLifetime
{
    private SignedWorld? _signed;
    private ServicePeers? _peers;

    internal SignedWorld Signed => _signed!;

    internal ServicePeers Peers => _peers!;

    internal IReadOnlyList<MatrixRow> Rows { get; } = [.. ServiceMatrix.InThisRun];

    /// <summary>How long the servers took to rise.</summary>
    internal TimeSpan RoseIn { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        _signed = await world.SignedAsync(token);
        await world.MailAsync(token);
        var started = Stopwatch.GetTimestamp();
        _peers = await ServicePeers.StartAsync(_signed.Mail.Services, Rows, token);
        RoseIn = Stopwatch.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        if (_peers is not null) await _peers.DisposeAsync();
    }
}
