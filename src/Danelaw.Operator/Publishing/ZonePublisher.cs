using Danelaw.Operator.Publishing.Hooks;
using Danelaw.Operator.Publishing.PowerDns;
using Danelaw.Operator.Publishing.Update;
using Danelaw.Operator.Publishing.ZoneFiles;

namespace Danelaw.Operator.Publishing;

/// <summary>Makes publishers.</summary>
public static class ZonePublisher
{
    /// <summary>The publisher for a place. Nothing is read or asked yet: files of secrets are read at each use, so that they may be replaced.</summary>
    /// <param name="settings">The place.</param>
    /// <param name="services">What it works with.</param>
    public static IZonePublisher Create(PublisherSettings settings, PublisherServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        return settings switch
        {
            PublisherSettings.Update update => new UpdatePublisher(update, services),
            PublisherSettings.PowerDns api => new PowerDnsPublisher(api, services),
            PublisherSettings.ZoneFile file => new ZoneFilePublisher(file, services),
            PublisherSettings.Hook hook => new HookPublisher(hook, services),
            PublisherSettings.Manual manual => new ManualPublisher(manual, services),
            _ => throw new ArgumentException("this kind of place is not known", nameof(settings)),
        };
    }

    /// <summary>What in the settings cannot work, as far as that can be told without asking anybody: files of secrets that cannot be used.</summary>
    /// <param name="settings">The place.</param>
    /// <param name="services">What it works with.</param>
    /// <returns>A phrase with what to do; null when nothing is wrong.</returns>
    public static string? FindFault(PublisherSettings settings, PublisherServices services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var fault = settings switch
        {
            PublisherSettings.Update update => Primary.ReadKey(update, services).Fault,
            PublisherSettings.PowerDns api => PowerDnsApi.ReadKey(api, services).Fault,
            _ => "",
        };
        return fault.Length > 0 ? fault : null;
    }
}
