using System.Collections.Immutable;
using System.Net;

namespace Danelaw.Operator.Audit.Resolving;

/// <summary>resolv.conf as the C library reads it (resolv.conf(5)).</summary>
/// <param name="Path">The file.</param>
/// <param name="Servers">The first three name servers; 127.0.0.1 where none is named.</param>
/// <param name="TrustsAuthenticData">Whether <c>options trust-ad</c> lets the AD bit through.</param>
/// <param name="Lines">The lines that count, for comparison with a copy.</param>
public sealed record ResolverFile(string Path, ImmutableArray<IPAddress> Servers, bool TrustsAuthenticData, ImmutableArray<string> Lines)
{
    private const int MaximumServers = 3;

    /// <summary>Where the options stand, or might be added; 0 for no such line.</summary>
    public int OptionsLine { get; init; }

    /// <summary>Reads the file.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="path">Its path.</param>
    public static ResolverFile Read(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        var servers = ImmutableArray.CreateBuilder<IPAddress>();
        var lines = ImmutableArray.CreateBuilder<string>();
        var trusts = false;
        int number = 0, options = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var words = raw.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || raw[0] is '#' or ';') continue;
            lines.Add(string.Join(' ', words));
            if (words[0] == "nameserver" && words.Length > 1 && servers.Count < MaximumServers && IPAddress.TryParse(words[1], out var address)) servers.Add(address);
            if (words[0] != "options") continue;
            options = number;
            trusts |= words.Contains("trust-ad");
        }

        if (servers.Count == 0) servers.Add(IPAddress.Loopback);
        return new(path, servers.ToImmutable(), trusts, lines.ToImmutable()) { OptionsLine = options };
    }

    /// <summary>Whether every server is on this host.</summary>
    public bool IsLoopback => Servers.All(IPAddress.IsLoopback);

    /// <summary>Whether another file leads to the same servers in the same way: what is searched for short names is nothing to Postfix, which asks for full ones.</summary>
    internal bool AsksAs(ResolverFile other) => Servers.AsSpan().SequenceEqual(other.Servers.AsSpan()) && TrustsAuthenticData == other.TrustsAuthenticData;

    /// <inheritdoc/>
    public bool Equals(ResolverFile? other) => other is not null && Path == other.Path && Lines.AsSpan().SequenceEqual(other.Lines.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Lines.Length);
}
