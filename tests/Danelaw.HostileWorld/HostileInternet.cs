using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.HostileWorld.Zones;

namespace Danelaw.HostileWorld;

/// <summary>A root, <c>evil.</c> with the hostile zones, <c>good.</c> with honest ones.</summary>
internal sealed class HostileInternet
{
    private const string RootAddress = "127.77.0.1";
    private const string EvilAddress = "127.77.0.2";
    private const string GoodAddress = "127.77.0.3";
    private const string HonestAddress = "127.77.0.4";

    internal required IReadOnlyList<ServedZone> Zones { get; init; }

    internal required IReadOnlyList<HostileZone> Hostile { get; init; }

    internal required IReadOnlyList<Question> Honest { get; init; }

    internal required string Anchors { get; init; }

    internal string Hints => $". 3600 IN NS ns.\nns. 3600 IN A {RootAddress}\n";

    internal static HostileInternet Create(int honest)
    {
        var hostile = (List<HostileZone>)[.. KeyZones.All(), .. DenialZones.All(), .. DelegationZones.All(), .. SizeZones.All(), .. WireZones.All()];
        var honestZones = new ServedZone[honest];
        Parallel.For(0, honest, i =>
        {
            var tlsa = Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(i)));
            var apex = string.Create(CultureInfo.InvariantCulture, $"d{i:D5}.good.");
            honestZones[i] = ServedZone.Create(apex, HonestAddress, $"ns 3600 IN A {HonestAddress}\nmx 3600 IN A 192.0.2.1\n_25._tcp.mx 3600 IN TLSA 3 1 1 {tlsa}\n", i % 2 == 0 ? new() : null);
        });

        var hostileZones = hostile.SelectMany(each => each.Zones).ToList();
        var good = Parent("good.", GoodAddress, [.. honestZones, .. hostileZones.Where(zone => IsBelow(zone, "good."))], []);
        var evil = Parent("evil.", EvilAddress, hostileZones.Where(zone => IsBelow(zone, "evil.")), hostile.SelectMany(each => each.Above));
        var root = Parent(".", RootAddress, [good, evil], []);
        return new()
        {
            Zones = [root, good, evil, .. honestZones, .. hostileZones],
            Hostile = hostile,
            Honest = [.. honestZones.Select(zone => new Question(zone.Apex.Prepend("mx").Prepend("_tcp").Prepend("_25"), RecordType.TLSA))],
            Anchors = ZoneWriter.ToLine(root.DelegationSigner()) + "\n",
        };
    }

    private static bool IsBelow(ServedZone zone, string apex) => zone.Apex.LabelCount == 2 && zone.Apex.IsBelow(Text.Name(apex));

    private static ServedZone Parent(string apex, string address, IEnumerable<ServedZone> children, IEnumerable<ResourceRecord> more)
    {
        var text = new StringBuilder($"ns 3600 IN A {address}\n");
        var records = more.ToList();
        foreach (var child in children)
        {
            var server = child.Apex.Prepend("ns");
            text.Append(CultureInfo.InvariantCulture, $"{child.Apex} 3600 IN NS {server}\n{server} 3600 IN A {child.Address}\n");
            if (!records.Any(record => record.Type == RecordType.DS && record.Owner.Equals(child.Apex))) records.Add(child.DelegationSigner());
        }

        return ServedZone.Create(apex, address, text.ToString(), more: records);
    }
}
