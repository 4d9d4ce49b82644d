using System.Globalization;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.BenchWorld;

/// <summary>
/// Root, two top-level domains and very many mail domains, each signed with keys of its own: two in three with P-256, one in four with RSA-2048, the rest with
/// Ed25519 and P-384; half with NSEC, half with NSEC3; half with a name server below their own name, half with one at a provider. Nine in ten have a TLSA record.
/// </summary>
internal static class World
{
    private const string RootAddress = "127.1.0.1";
    private const string TopAddress = "127.2.0.1";
    private const string LeafAddress = "127.3.0.1";
    private const string Soa = "3600 IN SOA ns hostmaster 1 7200 3600 1209600 300";

    private static readonly (string Name, SecurityAlgorithm Algorithm, bool IsNsec3)[] Tops = [("alpha", SecurityAlgorithm.EcdsaP256Sha256, false), ("beta", SecurityAlgorithm.RsaSha256, true)];

    internal static void Write(string folder, int domains)
    {
        Directory.CreateDirectory(folder);
        var keys = new KeyPool();
        var delegations = Tops.ToDictionary(top => top.Name, _ => new StringBuilder(), StringComparer.Ordinal);
        var leaves = new Leaf[domains];
        Parallel.For(0, domains, i => leaves[i] = MakeLeaf(folder, keys, i));
        foreach (var leaf in leaves) delegations[leaf.Top].Append(leaf.Delegation);

        // The provider's zones: its name servers serve every second domain.
        foreach (var (top, _, _) in Tops)
        {
            var zone = $"provider.{top}.";
            var text = $"$ORIGIN {zone}\n@ {Soa}\n@ 3600 IN NS ns\nns 3600 IN A {LeafAddress}\n";
            delegations[top].Append(Sign(folder, "leaf", zone, text, keys.Take(SecurityAlgorithm.EcdsaP256Sha256, 0, true), false)).Append($"{zone} 3600 IN NS ns.{zone}\nns.{zone} 3600 IN A {LeafAddress}\n");
        }

        var root = new StringBuilder($"$ORIGIN .\n. {Soa.Replace("ns hostmaster", "a.root-ns. hostmaster.", StringComparison.Ordinal)}\n. 3600 IN NS a.root-ns.\na.root-ns. 3600 IN A {RootAddress}\n");
        foreach (var (top, algorithm, isNsec3) in Tops)
        {
            var text = $"$ORIGIN {top}.\n@ {Soa}\n@ 3600 IN NS ns\nns 3600 IN A {TopAddress}\n{delegations[top]}";
            root.Append(Sign(folder, "top", $"{top}.", text, keys.Take(algorithm, 2, false), isNsec3)).Append(CultureInfo.InvariantCulture, $"{top}. 3600 IN NS ns.{top}.\nns.{top}. 3600 IN A {TopAddress}\n");
        }

        var anchors = Sign(folder, "root", ".", root.ToString(), keys.Take(SecurityAlgorithm.RsaSha256, 4, false), false);
        File.WriteAllText(Path.Combine(folder, "anchors"), anchors);
        File.WriteAllText(Path.Combine(folder, "hints"), $". 3600 IN NS a.root-ns.\na.root-ns. 3600 IN A {RootAddress}\n");
        WriteServer(folder, "root", RootAddress, ["."]);
        WriteServer(folder, "top", TopAddress, Tops.Select(top => $"{top.Name}."));
        WriteServer(folder, "leaf", LeafAddress, [.. leaves.Select(leaf => leaf.Name), .. Tops.Select(top => $"provider.{top.Name}.")]);

        // The order of asking is not the order of making: neighbours have nothing in common.
        var order = Enumerable.Range(0, domains).ToArray();
        new Random(5).Shuffle(order);
        File.WriteAllLines(Path.Combine(folder, "questions"), order.Select(i => $"_25._tcp.mx.{leaves[i].Name}\tTLSA"));
    }

    private static Leaf MakeLeaf(string folder, KeyPool keys, int index)
    {
        var top = Tops[index % Tops.Length].Name;
        var zone = string.Create(CultureInfo.InvariantCulture, $"d{index:D6}.{top}.");
        var algorithm = (index * 7 % 100) switch
        {
            < 65 => SecurityAlgorithm.EcdsaP256Sha256,
            < 90 => SecurityAlgorithm.RsaSha256,
            < 98 => SecurityAlgorithm.Ed25519,
            _ => SecurityAlgorithm.EcdsaP384Sha384,
        };
        var hasOwnServer = index / 2 % 2 == 0;
        var server = hasOwnServer ? $"ns.{zone}" : $"ns.provider.{top}.";
        var text = new StringBuilder($"$ORIGIN {zone}\n@ {Soa}\n@ 3600 IN NS {server}\n@ 3600 IN MX 10 mx\nmx 3600 IN A 192.0.2.1\nmx 3600 IN AAAA 2001:db8::1\n@ 3600 IN TXT \"v=spf1 mx -all\"\n");
        if (hasOwnServer) text.Append(CultureInfo.InvariantCulture, $"ns 3600 IN A {LeafAddress}\n");
        if (index % 10 != 9) text.Append(CultureInfo.InvariantCulture, $"_25._tcp.mx 3600 IN TLSA 3 1 1 {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(index)))}\n");
        var delegation = new StringBuilder(Sign(folder, "leaf", zone, text.ToString(), keys.Take(algorithm, index, isCombined: index % 3 != 0), index / 4 % 2 == 0));
        delegation.Append(CultureInfo.InvariantCulture, $"{zone} 3600 IN NS {server}\n");
        if (hasOwnServer) delegation.Append(CultureInfo.InvariantCulture, $"ns.{zone} 3600 IN A {LeafAddress}\n");
        return new(zone, top, delegation.ToString());
    }

    /// <summary>Signs and writes a zone; what comes back is its DS record.</summary>
    private static string Sign(string folder, string server, string zone, string text, SigningKey[] keys, bool isNsec3)
    {
        var apex = DomainName.Parse(zone);
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions { Origin = apex });
        var records = new List<Dns.Records.ResourceRecord>();
        while (reader.TryRead(out var record, out var fault)) records.Add(record);
        var now = TimeProvider.System.GetUtcNow();
        var options = new ZoneSigningOptions { Validity = new(now.AddHours(-1), now.AddDays(365)), Nsec3 = isNsec3 ? new Nsec3Options() : null };
        var path = Path.Combine(folder, server, zone.Length == 1 ? "root" : zone[..^1]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var output = new StreamWriter(path))
        {
            var writer = new ZoneWriter(output);
            foreach (var record in ZoneSigner.Sign(records, keys, options)) writer.Write(record);
        }

        var entry = keys.First(key => key.Flags.HasFlag(DnskeyFlags.SecureEntryPoint));
        return ZoneWriter.ToLine(new(apex, Dns.Records.RecordType.DS, Dns.Records.RecordClass.IN, 3600, entry.ToDs(apex))) + "\n";
    }

    private static void WriteServer(string folder, string server, string address, IEnumerable<string> zones)
    {
        var home = Path.GetFullPath(Path.Combine(folder, server));
        var text = new StringBuilder($"""
            server:
              ip-address: {address}
              username: ""
              database: ""
              zonesdir: "{home}"
              pidfile: ""
              logfile: "{home}.log"
              xfrdfile: ""
              xfrdir: "{home}"
              zonelistfile: "{home}.list"
              server-count: 1
              rrl-ratelimit: 0
              minimal-responses: yes
            remote-control:
              control-enable: no

            """);
        foreach (var zone in zones) text.Append(CultureInfo.InvariantCulture, $"zone:\n  name: \"{zone}\"\n  zonefile: \"{(zone.Length == 1 ? "root" : zone[..^1])}\"\n");
        File.WriteAllText(home + ".conf", text.ToString());
    }

    private sealed record Leaf(string Name, string Top, string Delegation);
}
