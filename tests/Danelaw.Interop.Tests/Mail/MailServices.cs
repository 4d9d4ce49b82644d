using System.Diagnostics;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>Postfix for every mail domain of the plan, Dovecot and nginx, with the validating unbound as the machine's resolver.</summary>
internal sealed class MailServices : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly TestFolder _folder = new("mail");

    public TimeSpan RiseTime { get; private set; }

    /// <summary>What Postfix has logged.</summary>
    public string PostfixLog => _servers.OfType<Postfix>().Single().Log;

    public static async Task<MailServices> StartAsync(SignedWorld world, CancellationToken cancellationToken)
    {
        var services = new MailServices();
        try
        {
            var started = Stopwatch.GetTimestamp();
            await services.RiseAsync(world, cancellationToken);
            services.RiseTime = Stopwatch.GetElapsedTime(started);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    private async Task RiseAsync(SignedWorld world, CancellationToken cancellationToken)
    {
        var plan = world.Mail;
        string[] serviceAddresses = [MailPlan.ServiceAddress, MailPlan.WrongServiceAddress];
        var listeners = plan.Hosts.SelectMany<MailHost, PostfixListener>(host =>
        [
            new PostfixListener(host.Address, Files(host, host.Chains, "")),
            .. host.OtherChains.Count > 0 ? [new PostfixListener(host.OtherAddress, Files(host, host.OtherChains, "other-"))] : Array.Empty<PostfixListener>(),
        ]).ToList();
        await Loopback.AddAsync(listeners.Select(listener => listener.Address).Concat(serviceAddresses), cancellationToken);

        // posttls-finger, danetool and s_client know no other resolver and no other root key than the machine's.
        await Loopback.PutOverAsync("/etc/resolv.conf", $"nameserver {SignedWorld.ValidatingAddress}\noptions edns0 trust-ad\n", _folder, cancellationToken);
        await Loopback.PutOverAsync("/usr/share/dns/root.key", world.Anchors, _folder, cancellationToken);

        _servers.Add(await Postfix.StartAsync(_folder, listeners, cancellationToken));
        var chain = _folder.Write("service.pem", plan.Service.ChainPem());
        _servers.Add(await Dovecot.StartAsync(_folder, serviceAddresses, chain, cancellationToken));
        _servers.Add(await Nginx.StartAsync(_folder, serviceAddresses, chain, cancellationToken));
    }

    private List<string> Files(MailHost host, IReadOnlyList<string> chains, string prefix) =>
        [.. chains.Select((chain, i) => _folder.Write($"chains/{prefix}{host.Number}-{i}.pem", chain))];

    public async ValueTask DisposeAsync()
    {
        for (var i = _servers.Count - 1; i >= 0; i--) await _servers[i].DisposeAsync();
        _folder.Dispose();
    }
}
