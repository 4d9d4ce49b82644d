using Danelaw.Dns.Records;

namespace Danelaw.HostileWorld.Zones;

/// <summary>Zones whose servers waste the time of those who ask.</summary>
internal static class WireZones
{
    internal static IEnumerable<HostileZone> All()
    {
        yield return Of("silent", "127.77.1.41", "a server that says nothing", Conduct.Silent);
        yield return Of("drip", "127.77.1.42", "replies that drip an octet a second", Conduct.Drips);
        yield return Of("mute", "127.77.1.43", "TCP that opens and says nothing", Conduct.Mute);
        yield return Of("flood", "127.77.1.44", "two thousand wrong datagrams before each reply", Conduct.Floods) with { Outcome = "secure" };
        yield return Of("noise", "127.77.1.45", "replies without sense", Conduct.Noise);
    }

    private static HostileZone Of(string label, string address, string title, Conduct conduct) =>
        new(title, new(Text.Name($"www.{label}.evil."), RecordType.A), ServedZone.Create($"{label}.evil.", address, "www 3600 IN A 192.0.2.1").With(conduct));
}
