namespace Danelaw.Cli.Rendering.Records;

/// <summary>What made records are written as; on the command line the member's name in kebab case. Closed.</summary>
internal enum RecordFormat
{
    /// <summary>Lines of a zone file.</summary>
    Zone = 0,

    /// <summary>The same for servers that do not know the type (RFC 3597 §5).</summary>
    Rfc3597,

    /// <summary>What nsupdate reads.</summary>
    Nsupdate,

    /// <summary>An object a record: <c>danelaw.tlsa/1</c>.</summary>
    Json,

    /// <summary>The fields of a DNS host's form.</summary>
    Form,

    /// <summary>Lines of tinydns-data.</summary>
    Tinydns,

    /// <summary>A call in dnsconfig.js.</summary>
    Dnscontrol,

    /// <summary>YAML of a zone.</summary>
    Octodns,

    /// <summary>Resources of the provider cloudflare/cloudflare.</summary>
    TerraformCloudflare,

    /// <summary>Resources of the provider hashicorp/aws.</summary>
    TerraformRoute53,

    /// <summary>Resources of the provider hashicorp/azurerm.</summary>
    TerraformAzure,
}
