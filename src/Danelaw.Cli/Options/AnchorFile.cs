using Danelaw.Cli.Running;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Cli.Options;

/// <summary>Trust anchors that the user names.</summary>
internal static class AnchorFile
{
    private const string Form = "an anchor is a DS or DNSKEY record as a zone file has it: . IN DS 20326 8 2 E06D..";

    private const int MaximumLength = 4 << 20;

    /// <summary>DS and DNSKEY records in zone-file syntax, of all the files together.</summary>
    /// <exception cref="MisuseException">A file cannot be read, or holds something else.</exception>
    public static TrustAnchors Read(Surroundings surroundings, IReadOnlyList<string> files)
    {
        var records = new List<ResourceRecord>();
        foreach (var file in files)
        {
            var before = records.Count;
            using var zone = new ZoneReader(new MemoryStream(FileText.ReadAll(surroundings, file, MaximumLength)), new() { FileName = FileText.Shown(file), DefaultTtl = 3600, AllowInclude = false });
            ZoneFault? fault;
            while (zone.TryRead(out var record, out fault)) records.Add(record);
            if (fault is not null) throw new MisuseException($"--trust-anchor: {fault}", Form);
            if (records.Count == before) throw new MisuseException($"--trust-anchor: {FileText.Shown(file)} holds no trust anchor", Form);
            if (!TrustAnchors.TryCreate(records.Skip(before), out _, out var unfit)) throw new MisuseException($"--trust-anchor: {FileText.Shown(file)}: {ZoneWriter.ToLine(unfit)} cannot be a trust anchor: {TrustAnchors.FaultOf(unfit)}", Form);
        }

        // Each file by itself holds nothing else.
        _ = TrustAnchors.TryCreate(records, out var anchors, out _);
        return anchors!;
    }
}
