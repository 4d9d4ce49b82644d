using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Transports;

/// <summary>The system's table of hosts (hosts(5)): lines of an address and its names.</summary>
public sealed class HostsFile
{
    /// <summary>Where the system keeps it.</summary>
    public const string SystemPath = "/etc/hosts";

    private readonly Dictionary<DomainName, List<IPAddress>> _addresses = [];

    private HostsFile()
    {
    }

    /// <summary>Reads the system's file; one that is missing or cannot be read is as good as empty.</summary>
    public static HostsFile ReadSystem()
    {
        try
        {
            using var reader = File.OpenText(SystemPath);
            return Read(reader);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new();
        }
    }

    /// <summary>Reads the text of such a file. Lines that make no sense are passed over.</summary>
    /// <param name="text">The text.</param>
    public static HostsFile Read(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hosts = new HostsFile();
        while (text.ReadLine() is { } line) hosts.Add(line);
        return hosts;
    }

    /// <summary>The addresses of a host in the order of the file; empty when it does not stand there.</summary>
    /// <param name="host">The name.</param>
    public ImmutableArray<IPAddress> Find(DomainName host) => _addresses.TryGetValue(host, out var addresses) ? [.. addresses] : [];

    private void Add(string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        var words = (comment < 0 ? line : line[..comment]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !AddressText.TryParse(words[0], out var address)) return;
        foreach (var word in words.AsSpan(1))
        {
            if (!DomainName.TryParse(word, out var name)) continue;
            if (!_addresses.TryGetValue(name, out var addresses)) _addresses.Add(name, addresses = []);
            if (!addresses.Contains(address)) addresses.Add(address);
        }
    }
}
