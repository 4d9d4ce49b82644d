using System.Text.Json;
using System.Xml.Linq;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary><c>lookup --trace</c> and <c>--svg</c> from the root: each link is told with the authoritative server that showed it.</summary>
public sealed partial class IterationPeerTests
{
    private const string Root = "127.60.0.1:53, a server of .";
    private const string Lab = "127.60.0.2:53, a server of lab";

    [Theory]
    [InlineData("_25._tcp.mx.fine.lab", "TLSA", 0, "fine.lab", "secure")]
    [InlineData("chain.parent.lab", "A", 0, "child.parent.lab", "secure")]
    [InlineData("www.bare.parent.lab", "A", 0, "bare.parent.lab", "insecure")]
    [InlineData("www.noedns.lab", "A", 0, "noedns.lab", "insecure")]
    [InlineData("www.expired.lab", "A", 1, "expired.lab", "bogus")]
    [InlineData("broken.parent.lab", "A", 1, "expired.lab", "bogus")]
    [InlineData("www.other-key.lab", "A", 1, "other-key.lab", "bogus")]
    [InlineData("www.stripped.lab", "A", 1, "stripped.lab", "bogus")]
    [InlineData("www.altered.lab", "A", 1, "altered.lab", "secure")]
    [InlineData("missing.gap.lab", "A", 1, "gap.lab", "secure")]
    [InlineData("www.nowhere.lab", "A", 3, "nowhere.lab", "indeterminate")]
    [InlineData("www.circle-one.lab", "A", 3, "circle-one.lab", "indeterminate")]
    public async Task The_chain_is_told_from_the_root_down_with_the_servers_that_showed_it(string name, string type, int code, string zone, string verdict)
    {
        var result = await TraceAsync(name, type);
        var lines = result.Output.Split('\n');

        Assert.Equal(code, result.ExitCode);

        // The zones in their order, each vouched for by the one above, whatever became of the last.
        var heads = lines.Where(line => line.Contains(" zone): ", StringComparison.Ordinal) || line.Contains(" (zone): ", StringComparison.Ordinal)).ToList();
        Assert.Equal(". (the root zone): secure", heads[0]);
        Assert.Equal("lab (zone): secure", heads[1]);
        Assert.Contains($"{zone} (zone): {verdict}", heads);
        Assert.Contains(lines, line => line.StartsWith("  ok  DS      ", StringComparison.Ordinal) && line.Contains(" ECDSAP256SHA256 SHA-256: matches key ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  ok  key     CSK ", StringComparison.Ordinal) && line.EndsWith(" ECDSAP256SHA256 256 bits: vouched for, signs the keys", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  ok  signed  by ", StringComparison.Ordinal) && line.EndsWith(" days left", StringComparison.Ordinal));

        // Authoritative servers, those of the zone above for DS.
        Assert.Contains($"      from    {Root} (DNSKEY)", lines);
        Assert.Contains($"      from    {Root} (DS)", lines);
        Assert.Contains($"      from    {Lab} (DNSKEY)", lines);
        Assert.Contains($"      from    {Lab} (DS)", lines);
        Assert.All(lines.Where(line => line.StartsWith("      from    ", StringComparison.Ordinal)), line => Assert.Contains(", a server of ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("the resolver", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("www.expired.lab", "expired.lab DNSKEY: signature-expired", "!!  signed  by ", "expired, ended ", "Have expired.lab. signed anew")]
    [InlineData("broken.parent.lab", "expired.lab DNSKEY: signature-expired", "!!  signed  by ", "expired, ended ", "Have expired.lab. signed anew")]
    [InlineData("www.other-key.lab", "other-key.lab DNSKEY: key-does-not-match-ds", "!!  DS ", "the zone has no such key", "Hand the parent the DS of a key that other-key.lab. has")]
    [InlineData("www.stripped.lab", "stripped.lab DNSKEY: key-missing", "!!  keys ", "the zone has no DNSKEY set", "Sign stripped.lab")]
    [InlineData("www.altered.lab", "www.altered.lab A: signature-invalid", "!!  signed  by ", "does not fit the data", "Sign www.altered.lab. A in altered.lab. anew")]
    [InlineData("missing.gap.lab", "missing.gap.lab A: denial-missing", "!!  denial ", "no proof came with it", "See that the name servers of gap.lab. give NSEC or NSEC3 records with their denials")]
    [InlineData("www.nowhere.lab", "www.nowhere.lab A: unreachable", "!!  keys ", "ns1.nowhere.lab. (127.60.0.101:53) could not be reached", "See that the server runs, that its address is right")]
    [InlineData("www.circle-one.lab", "www.circle-one.lab A: server-failed", "!!  keys ", "the delegations lead in a circle", "Ask the name servers of circle-one.lab. one by one")]
    public async Task Where_it_breaks_is_told_with_the_link_the_fault_and_the_mend(string name, string place, string mark, string fault, string mend)
    {
        var result = await TraceAsync(name, "A");

        Assert.True(result.Output.Contains($"!! The chain breaks at {place}\n", StringComparison.Ordinal), result.Output);
        Assert.True(result.Output.Split('\n').Any(line => line.Contains(mark, StringComparison.Ordinal) && line.Contains(fault, StringComparison.Ordinal)), result.Output);
        Assert.True(result.Output.Contains($"what to do {mend}", StringComparison.Ordinal), result.Output);
    }

    [Theory]
    [InlineData("www.fine.lab", "secure")]
    [InlineData("www.bare.parent.lab", "insecure")]
    [InlineData("broken.parent.lab", "bogus")]
    [InlineData("www.nowhere.lab", "indeterminate")]
    public async Task The_picture_and_the_document_tell_the_same_chain(string name, string status)
    {
        var document = JsonDocument.Parse((await TraceAsync(name, "A", "--json")).Output).RootElement;
        var picture = XDocument.Parse((await TraceAsync(name, "A", "--svg", "-")).Output);

        Assert.Equal(status, document.GetProperty("status").GetString());
        Assert.StartsWith($"{name} A: {status}", picture.Root!.Elements().First().Value, StringComparison.Ordinal);
        foreach (var zone in document.GetProperty("trace").GetProperty("zones").EnumerateArray())
        {
            var (apex, verdict) = (zone.GetProperty("zone").GetString()!, zone.GetProperty("status").GetString());
            Assert.Contains(picture.Descendants(), shape => (string?)shape.Attribute("aria-label") == $"zone {(apex == "." ? ". (root)" : apex[..^1])} {verdict}");
        }
    }

    private async Task<ProgramResult> TraceAsync(string name, string type, params string[] more)
    {
        // More time than a lookup has by default: what is looked at here is what is told, on however busy a machine.
        var world = await shared.WorldAsync();
        return await shared.OnceAsync(
            ["lookup", name, type, "--trace", "--iterate", "--root-hints", world.Folder.Write("hints.zone", IterationWorld.Hints), "--trust-anchor", world.Folder.Write("anchors.zone", world.Anchors), "--timeout", "20s", .. more]);
    }
}
