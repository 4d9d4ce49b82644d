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
        var listeners = new List<PostfixListener>();
        foreach (var host in plan.Hosts.Where(host => host.Listens))
        {
            var settings = host.NamedChain is null ? host.Settings : [.. host.Settings, $"tls_server_sni_maps = {await Postfix.WriteNameMapAsync(_folder, host.Host, host.NamedChain, cancellationToken)}"];
            listeners.Add(new PostfixListener(host.Address, Files(host, host.Chains, "")) { Settings = settings });
            if (host.OtherChains.Count > 0) listeners.Add(new PostfixListener(host.OtherAddress, Files(host, host.OtherChains, "other-")));
        }
        await Loopback.AddAsync(listeners.Select(listener => listener.Address).Append(MailPlan.PkixAddress), cancellationToken);

        // posttls-finger, danetool and s_client know no other resolver and no other root key than the machine's.
        await Loopback.PutOverAsync("/etc/resolv.conf", $"nameserver {SignedWorld.ValidatingAddress}\noptions edns0 trust-ad\n", _folder, cancellationToken);
        await Loopback.PutOverAsync("/usr/share/dns/root.key", world.Anchors, _folder, cancellationToken);

        _servers.Add(await Postfix.StartAsync(_folder, listeners, cancellationToken));
        TlsSite[] sites = [new(MailPlan.PkixAddress, _folder.Write("pkix.pem", plan.Pkix.ChainPem()))];
        _servers.Add(await Dovecot.StartAsync(_folder, sites, cancellationToken: cancellationToken));
        _servers.Add(await Nginx.StartAsync(_folder, sites, cancellationToken));
    }

    private List<string> Files(MailHost host, IReadOnlyList<string> chains, string prefix) =>
        [.. chains.Select((chain, i) => _folder.Write($"chains/{prefix}{host.Number}-{i}.pem", chain))];

    public async ValueTask DisposeAsync()
    {
        for (var i = _servers.Count - 1; i >= 0; i--) await _servers[i].DisposeAsync();
        _folder.Dispose();
    }
}
