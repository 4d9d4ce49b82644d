namespace Danelaw.Cli.Rendering.Records;

/// <summary>What made records are written as. Closed.</summary>
internal enum RecordFormat
{
    /// <summary>Lines of a zone file.</summary>
    Zone = 0,

    /// <summary>The same for servers that do not know TLSA (RFC 3597 §5).</summary>
    Rfc3597,

    /// <summary>What nsupdate reads.</summary>
    Nsupdate,

    /// <summary><c>danelaw.tlsa/1</c>.</summary>
    Json,

    /// <summary>The fields of a DNS host's form.</summary>
    Form,

    /// <summary>Lines of tinydns-data.</summary>
    Tinydns,
}
