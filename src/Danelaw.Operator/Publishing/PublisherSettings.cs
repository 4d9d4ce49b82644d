using System.Collections.Immutable;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Publishing;

/// <summary>Where a zone is mastered, and how it is altered there. Secrets are named by the file that holds them, never held here.</summary>
public abstract record PublisherSettings
{
    private PublisherSettings()
    {
    }

    /// <summary>Dynamic update (RFC 2136), signed with TSIG (RFC 8945).</summary>
    /// <param name="Server">The primary server's name or address.</param>
    /// <param name="Port">Its port, 1 to 65535.</param>
    /// <param name="Zone">The zone; null to ask the server for it (its SOA).</param>
    /// <param name="KeyFile">A key as <c>tsig-keygen</c>, <c>keymgr</c> or <c>pdnsutil</c> writes it; null for an update that is not signed.</param>
    public sealed record Update(string Server, int Port, DomainName? Zone, string? KeyFile) : PublisherSettings;

    /// <summary>The HTTP API of PowerDNS.</summary>
    /// <param name="Url">Where it is, such as <c>http://127.0.0.1:8081</c>.</param>
    /// <param name="ServerId">The server's id there, as a rule <c>localhost</c>.</param>
    /// <param name="Zone">The zone; null to take the longest that the server has.</param>
    /// <param name="KeyFile">The file that holds the API key.</param>
    public sealed record PowerDns(Uri Url, string ServerId, DomainName? Zone, string KeyFile) : PublisherSettings;

    /// <summary>A zone file that is edited in place.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Zone">The zone's name, which is the file's first origin.</param>
    /// <param name="Reload">The command that makes the server read it, program and arguments; empty for none.</param>
    public sealed record ZoneFile(string File, DomainName Zone, ImmutableArray<string> Reload) : PublisherSettings;

    /// <summary>A program that does it (docs/hooks.md).</summary>
    /// <param name="Command">The program and its arguments.</param>
    /// <param name="Zone">The zone; null to leave it to the program.</param>
    public sealed record Hook(ImmutableArray<string> Command, DomainName? Zone) : PublisherSettings;

    /// <summary>A person, who types it into a form.</summary>
    /// <param name="Zone">The zone, to which such forms relate names; null to find it by its SOA.</param>
    public sealed record Manual(DomainName? Zone) : PublisherSettings;
}
