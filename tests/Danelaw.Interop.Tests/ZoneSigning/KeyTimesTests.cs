using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Testing.Peers;
using static Danelaw.Interop.Tests.ZoneSigning.SigningTools;

namespace Danelaw.Interop.Tests.ZoneSigning;

/// <summary>Folders of keys with times, signed by <c>dnssec-signzone -S</c> and by ours.</summary>
[Peer("bind")]
public sealed class KeyTimesTests
{
    [Theory, Rfc(6781, "4.1")]
    [InlineData("")]
    [InlineData("-P now -A none")]
    [InlineData("-P +1y -A +2y")]
    [InlineData("-P now -A +1y")]
    [InlineData("-P none -A +1y")]
    [InlineData("-P none -A now-1d")]
    [InlineData("-P none -A none")]
    [InlineData("-I now-1d")]
    [InlineData("-I +1d")]
    [InlineData("-I now-2d -D now-1d")]
    [InlineData("-D +1d")]
    public async Task A_key_is_published_and_signs_as_dnssec_signzone_has_it(string times)
    {
        using var folder = new TestFolder("times");
        await RunAsync("dnssec-keygen", "-q", "-a", "13", "-f", "KSK", "-K", folder.Root, "example.lab");
        await RunAsync("dnssec-keygen", "-q", "-a", "13", "-K", folder.Root, "example.lab");
        var key = folder[(await RunAsync("dnssec-keygen", "-q", "-a", "13", "-K", folder.Root, "example.lab")).Output.Trim()];
        if (times.Length > 0) await RunAsync("dnssec-settime", [.. times.Split(' '), key]);
        var zone = folder.Write("zone", "$TTL 3600\n@ SOA ns hostmaster 7 7200 900 1209600 300\n@ NS ns\nns A 127.0.0.1\n");

        // -x: like ours, no key without the SEP flag signs the DNSKEY records beside one that has it.
        await RunAsync("dnssec-signzone", "-P", "-S", "-x", "-K", folder.Root, "-o", "example.lab", "-f", zone + ".bind", zone);
        var ours = await DanelawCommand.RunAsync(["zone", "sign", zone, "--key-folder", folder.Root, "--out", zone + ".ours"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(0, ours.ExitCode);
        Assert.Equal(Read(zone + ".bind"), Read(zone + ".ours"));
        await SoundAsync(zone + ".ours");
    }

    /// <summary>The DNSKEY records, and the tags that sign each type.</summary>
    private static List<string> Read(string file)
    {
        Assert.True(ZoneReader.TryOpen(file, new ZoneReaderOptions { DefaultTtl = 3600 }, out var reader, out _));
        using (reader)
        {
            var found = new SortedSet<string>(StringComparer.Ordinal);
            while (reader.TryRead(out var record, out _))
            {
                if (record.Type == RecordType.DNSKEY) found.Add(RecordText.Format(record.Type, record.Data));
                else if (record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var data)) found.Add($"{data.TypeCovered} {data.KeyTag}");
            }

            return [.. found];
        }
    }
}
