using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Operator.Publishing;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>A person at a DNS host's form, behind which a BIND stands: what he is told to do he does by dynamic update, and it is seen when the servers show it.</summary>
public sealed class ManualMaster : BindMaster
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IZonePublisher? _form;

    public override string Address => "127.81.0.8";

    public override PublisherSettings Settings => new PublisherSettings.Manual(Name(Zone));

    /// <summary>A zone that is not the owner's.</summary>
    public override bool IsRehearsed => false;

    public override PublisherSettings Refusing => new PublisherSettings.Manual(Name("other.lab."));

    /// <summary>Told apart by having no zone; it is asked for elsewhere.</summary>
    public override PublisherSettings Absent => new PublisherSettings.Manual(null);

    public override IZonePublisher Create(PublisherSettings settings) => new Person(this, settings);

    protected override async Task StartAsync()
    {
        await base.StartAsync();
        _form = ZonePublisher.Create(base.Settings, Services);
    }

    /// <summary>Reads as it is, and types what he is told to.</summary>
    private sealed class Person(ManualMaster master, PublisherSettings settings) : IZonePublisher
    {
        public ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default) => AskAsync(manual => manual.ReadAsync(owner, cancellationToken), cancellationToken);

        public ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default) => AskAsync(manual => manual.RehearseAsync(owner, cancellationToken), cancellationToken);

        public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
        {
            var told = await AskAsync(manual => manual.PublishAsync(request, cancellationToken), cancellationToken);
            if (told.Outcome != PublishOutcome.Unknown) return told;
            Assert.StartsWith($"a person has to do it: at {request.Owner} the TLSA records are to be {request.After} with TTL ", told.Detail, StringComparison.Ordinal);
            var typed = await master._form!.PublishAsync(request, cancellationToken);
            Assert.True(typed.Outcome == PublishOutcome.Done, typed.Detail);
            var begun = TimeProvider.System.GetTimestamp();
            while (told.Outcome == PublishOutcome.Unknown && TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(20, cancellationToken);
                told = await AskAsync(manual => manual.PublishAsync(request, cancellationToken), cancellationToken);
            }

            // Once it is seen there is nothing more to do.
            return told.Outcome == PublishOutcome.Unchanged ? new(PublishOutcome.Done, "") : told;
        }

        private async ValueTask<T> AskAsync<T>(Func<IZonePublisher, ValueTask<T>> ask, CancellationToken cancellationToken)
        {
            var transport = new DnsTransport(new(), TimeProvider.System);
            await using (transport)
            {
                var nobody = settings == master.Absent ? "127.81.0.250" : null;
                var servers = await master.ServersAsync(transport, nobody, cancellationToken);
                return await ask(ZonePublisher.Create(settings, master.Services with { Servers = servers }));
            }
        }
    }
}
