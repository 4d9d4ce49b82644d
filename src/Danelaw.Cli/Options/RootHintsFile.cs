using Danelaw.Cli.Running;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Cli.Options;

/// <summary>Root hints that the user names.</summary>
internal static class RootHintsFile
{
    private const string Form = "hints are the servers of the root as a zone file has them: . NS a.root-servers.net. and a.root-servers.net. A 198.41.0.4, one record a line";

    private const int MaximumLength = 4 << 20;

    /// <summary>NS, A and AAAA records in zone-file syntax.</summary>
    /// <exception cref="MisuseException">The file cannot be read, or holds something else.</exception>
    public static RootHints Read(Surroundings surroundings, string file)
    {
        var records = new List<ResourceRecord>();
        using var zone = new ZoneReader(new MemoryStream(FileText.ReadAll(surroundings, file, MaximumLength)), new() { FileName = FileText.Shown(file), DefaultTtl = 3600, AllowInclude = false });
        ZoneFault? fault;
        while (zone.TryRead(out var record, out fault)) records.Add(record);
        if (fault is not null) throw new MisuseException($"--root-hints: {fault}", Form);
        return RootHints.TryCreate(records, out var hints, out var unfit) ? hints : throw new MisuseException($"--root-hints: {FileText.Shown(file)}: {unfit}", Form);
    }
}
