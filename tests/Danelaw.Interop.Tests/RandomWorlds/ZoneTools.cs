using System.Globalization;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Signs a zone with the program that its plan names, with the plan's own keys.</summary>
internal sealed class ZoneTools(TestFolder folder)
{
    public async Task<List<ResourceRecord>> SignAsync(ZonePlan zone, SignatureValidity validity, CancellationToken cancellationToken)
    {
        if (zone.Tool == ZoneTool.None) return zone.Records;
        if (zone.Tool == ZoneTool.Ours) return [.. ZoneSigner.Sign(zone.Records, zone.Keys, new ZoneSigningOptions { Validity = validity, Nsec3 = zone.Nsec3 })];

        var home = $"signed/{zone.Apex.ToString().TrimEnd('.')}/";
        var keys = zone.Keys.Select(key => WriteKey(zone, key, home)).ToList();
        var unsigned = folder.Write(home + "unsigned", string.Concat(zone.Records.Select(record => ZoneWriter.ToLine(record) + "\n"))
            + (zone.Tool == ZoneTool.Bind ? string.Concat(keys.Select(file => File.ReadAllText(file + ".key"))) : ""));
        var signed = folder[home + "out"];
        var (program, arguments) = zone.Tool == ZoneTool.Ldns
            ? ("ldns-signzone", Ldns(zone, validity))
            : ("dnssec-signzone", Bind(zone, validity));
        var made = await PeerProcess.RunAsync(Peer.Require(program), [.. arguments, "-o", zone.Apex.ToString(), "-f", signed, unsigned, .. keys], folder: Path.GetDirectoryName(signed), cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException($"{program} {zone.Apex}: {made.Everything}");
        return Read(await File.ReadAllTextAsync(signed, cancellationToken));
    }

    private static List<string> Ldns(ZonePlan zone, SignatureValidity validity)
    {
        List<string> arguments = ["-i", Time(validity.Inception), "-e", Time(validity.Expiration)];
        if (zone.Nsec3 is not { } hashing) return arguments;
        arguments.AddRange(["-n", "-t", $"{hashing.Iterations}"]);
        if (hashing.Salt.Length > 0) arguments.AddRange(["-s", Convert.ToHexString(hashing.Salt.Span)]);
        if (hashing.OptOut) arguments.Add("-p");
        return arguments;
    }

    // -P: it would refuse what its own rules do not like; -z: a key with the SEP flag signs all where there is no other.
    private static List<string> Bind(ZonePlan zone, SignatureValidity validity)
    {
        List<string> arguments = ["-P", "-s", Time(validity.Inception), "-e", Time(validity.Expiration), "-T", "3600"];
        if (zone.Keys.Count == 1) arguments.Add("-z");
        if (zone.Nsec3 is not { } hashing) return arguments;
        arguments.AddRange(["-3", hashing.Salt.Length > 0 ? Convert.ToHexString(hashing.Salt.Span) : "-", "-H", $"{hashing.Iterations}"]);
        if (hashing.OptOut) arguments.Add("-A");
        return arguments;
    }

    private string WriteKey(ZonePlan zone, SigningKey key, string home)
    {
        var stem = string.Create(CultureInfo.InvariantCulture, $"K{zone.Apex.ToCanonical()}+{(byte)key.Algorithm:D3}+{key.KeyTag:D5}");
        var record = new ResourceRecord(zone.Apex, RecordType.DNSKEY, RecordClass.IN, 3600, key.ToDnskey());
        folder.Write(home + stem + ".key", ZoneWriter.ToLine(record) + "\n");
        return Path.ChangeExtension(folder.Write(home + stem + ".private", PrivateKeyFile.Write(key)), null);
    }

    /// <summary>The records of a zone file.</summary>
    public static List<ResourceRecord> Read(string text)
    {
        var records = new List<ResourceRecord>();
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions());
        ZoneFault? fault;
        while (reader.TryRead(out var record, out fault)) records.Add(record.ToOwned());
        return fault is null ? records : throw new FormatException($"{fault}");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}
