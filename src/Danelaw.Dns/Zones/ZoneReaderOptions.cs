using Danelaw.Dns.Names;

namespace Danelaw.Dns.Zones;

/// <summary>How a zone file is read.</summary>
public sealed record ZoneReaderOptions
{
    /// <summary>What completes relative names until the file says <c>$ORIGIN</c>.</summary>
    /// <value>The default is the root.</value>
    public DomainName Origin { get; init; }

    /// <summary>The TTL of records for which the file says none in any way.</summary>
    /// <value>Seconds, 0 to 2^31 - 1. The default is null: such a record is a fault.</value>
    public uint? DefaultTtl { get; init; }

    /// <summary>The file's name: it stands in faults, and the files of <c>$INCLUDE</c> are relative to its folder.</summary>
    /// <value>The default is empty: text without a file, in which <c>$INCLUDE</c> is a fault.</value>
    public string FileName { get; init; } = "";

    /// <summary>Whether <c>$INCLUDE</c> may read further files.</summary>
    /// <value>The default is true.</value>
    public bool AllowInclude { get; init; } = true;

    /// <summary>Opens a file, the first and those of <c>$INCLUDE</c>, by the name that the zone has for it. What it throws of IOException and UnauthorizedAccessException is a fault of the text.</summary>
    /// <value>The default is null: files are read from the disk.</value>
    public Func<string, Stream>? OpenFile { get; init; }

    /// <summary>Whether data written as <c>\# length hex</c> may be something that its type does not allow.</summary>
    /// <value>The default is false.</value>
    public bool AllowMalformed { get; init; }

    /// <summary>How many records one <c>$GENERATE</c> may make.</summary>
    /// <value>The default is 1,048,576.</value>
    public int MaximumGenerated { get; init; } = 1 << 20;
}
