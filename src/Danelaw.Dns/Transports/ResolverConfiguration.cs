using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Transports;

/// <summary>The system's resolver configuration, as far as it says whom to ask (resolv.conf(5)).</summary>
public sealed record ResolverConfiguration
{
    /// <summary>Where the system keeps it.</summary>
    public const string SystemPath = "/etc/resolv.conf";

    private const int MaximumServers = 16;
    private const int MaximumLines = 10_000;

    /// <summary>The servers in the order to be tried, never empty: without any the system asks 127.0.0.1.</summary>
    public required ImmutableArray<DnsServer> Servers { get; init; }

    /// <summary>Reads the system's file; one that is missing or cannot be read is as good as empty, as it is for the C library.</summary>
    public static ResolverConfiguration ReadSystem() => ReadFile(SystemPath);

    /// <summary>Reads a file; one that is missing or cannot be read is as good as empty.</summary>
    /// <param name="path">The file.</param>
    public static ResolverConfiguration ReadFile(string path)
    {
        try
        {
            using var reader = File.OpenText(path);
            return Read(reader);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Read(TextReader.Null);
        }
    }

    /// <summary>Reads the text of such a file. Lines that make no sense are passed over, as the C library does.</summary>
    /// <param name="text">The text.</param>
    public static ResolverConfiguration Read(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var servers = ImmutableArray.CreateBuilder<DnsServer>();
        for (var lines = 0; servers.Count < MaximumServers && lines < MaximumLines && text.ReadLine() is { } line; lines++)
        {
            // A comment begins in the first column; the keyword stands there too.
            if (!line.StartsWith("nameserver", StringComparison.Ordinal) || line.Length == 10 || line[10] is not (' ' or '\t')) continue;
            var value = line.AsSpan(10).Trim();
            var end = value.IndexOfAny(" \t;#");
            if (end >= 0) value = value[..end];
            if (AddressText.TryParse(value, out var address) && !servers.Any(server => server.EndPoint.Address.Equals(address)))
                servers.Add(new(TransportKind.Datagram, new(ToAsked(address), DnsServer.DnsPort)));
        }

        if (servers.Count == 0) servers.Add(new(TransportKind.Datagram, new(IPAddress.Loopback, DnsServer.DnsPort)));
        return new() { Servers = servers.ToImmutable() };
    }

    /// <summary>To the C library "every address" means this machine.</summary>
    private static IPAddress ToAsked(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
}
