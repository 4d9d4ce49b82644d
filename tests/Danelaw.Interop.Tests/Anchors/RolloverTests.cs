using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Anchors;

/// <summary>A rollover of a root's key over eleven weeks, served by NSD, and followed by unbound under a set clock and by our command: both come to the same states.</summary>
public sealed partial class RolloverTests
{
    private const string Address = "127.50.11.1";
    private static readonly DateTimeOffset Begin = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly SigningKey Old = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning);
    private static readonly SigningKey New = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning);
    private static readonly SigningKey Revoked = Old.WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked);

    /// <summary>Days since the beginning, what is published, and how old and new key stand then (RFC 5011 §4.2).</summary>
    private static readonly (double Day, SigningKey[] Keys, string Old, string New)[] Steps =
    [
        (0, [Old], "valid", "start"),
        (1, [Old, New], "valid", "add-pend"),
        (20, [Old, New], "valid", "add-pend"),
        (30.9, [Old, New], "valid", "add-pend"),
        (32, [Old, New], "valid", "valid"),
        (33, [New], "missing", "valid"),
        (34, [Old, New], "valid", "valid"),
        (35, [Revoked, New], "revoked", "valid"),
        (45, [New], "revoked", "valid"),
        (77, [New], "removed", "valid"),
    ];

    [Fact, Peer("unbound"), Peer("nsd"), Rfc(5011, "4.2")]
    public async Task A_rollover_comes_to_the_same_states_as_in_unbound()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Peer.RequireOwnNetwork();
        var faketime = Peer.Require("faketime");
        using var folder = new TestFolder("rollover");
        await Loopback.AddAsync([Address], cancellationToken);
        var anchor = folder.Write("anchor", $". IN DNSKEY {RecordText.Format(RecordType.DNSKEY, Old.ToDnskey())}\n");
        var state = folder["state"];
        var followed = folder.Write("auto", $". 3600 IN DNSKEY {RecordText.Format(RecordType.DNSKEY, Old.ToDnskey())}\n");
        for (var i = 0; i < Steps.Length; i++)
        {
            var step = Steps[i];
            var now = Begin.AddDays(step.Day);
            await using var nsd = await Nsd.StartAsync(folder, Address, 5300 + i, [(".", Zone(step.Keys, now))], cancellationToken);

            var ours = await DanelawCommand.RunAtAsync(now, ["anchors", "--json", "--resolver", $"{Address}:{nsd.Port}", "--trust-anchor", anchor, "--anchor-state", state], cancellationToken);
            Assert.True(ours.ExitCode == 0, ours.Everything);
            Assert.Equal((step.Day, step.Old, step.New), (step.Day, OurState(ours.Output, Old), OurState(ours.Output, New)));

            await RunUnboundAsync(folder, faketime, followed, nsd, now, cancellationToken);
            var theirs = await File.ReadAllTextAsync(followed, cancellationToken);
            Assert.Equal((step.Day, step.Old, step.New), (step.Day, TheirState(theirs, Old), TheirState(theirs, New)));
        }
    }

    /// <summary>Lets unbound look at the zone once at a time of ours; it writes its file when it has.</summary>
    private static async Task RunUnboundAsync(TestFolder folder, string faketime, string followed, Nsd nsd, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var configuration = folder.Write("unbound.conf", $"""
            server:
              interface: {Address}@5400
              do-not-query-localhost: no
              do-daemonize: no
              use-syslog: no
              verbosity: 1
              username: ""
              chroot: ""
              directory: "{folder.Root}"
              pidfile: ""
              num-threads: 1
              so-reuseport: no
              module-config: "validator iterator"
              auto-trust-anchor-file: "{followed}"
              val-clean-additional: no
            remote-control:
              control-enable: no
            stub-zone:
              name: "."
              stub-addr: {nsd.Address}@{nsd.Port}
              stub-prime: no
            """);
        var before = Queried(await File.ReadAllTextAsync(followed, cancellationToken));
        await using var unbound = PeerProcess.Start(faketime, $"@{now.ToUnixTimeSeconds()}", Peer.Require("unbound"), "-d", "-p", "-c", configuration);
        await unbound.WaitForPortAsync(IPAddress.Parse(Address), 5400, cancellationToken);
        for (var waited = 0; Queried(await File.ReadAllTextAsync(followed, cancellationToken)) == before; waited++)
        {
            Assert.True(waited < 600, $"unbound did not ask on day {(now - Begin).TotalDays}:\n{unbound.Log}\n{await File.ReadAllTextAsync(followed, cancellationToken)}");
            await Task.Delay(50, cancellationToken);
        }
    }

    private static string Zone(SigningKey[] keys, DateTimeOffset now)
    {
        ResourceRecord[] records =
        [
            new(default, RecordType.SOA, RecordClass.IN, 3600, new SoaData(DomainName.Parse("ns."), DomainName.Parse("hostmaster."), 1, 7200, 3600, 1209600, 300).ToOctets()),
            new(default, RecordType.NS, RecordClass.IN, 3600, new NameData(DomainName.Parse("ns.")).ToOctets()),
            new(DomainName.Parse("ns."), RecordType.A, RecordClass.IN, 3600, AddressData.ToOctets(IPAddress.Parse(Address))),
        ];
        return string.Concat(ZoneSigner.Sign(records, keys, new() { Validity = new(now.AddDays(-2), now.AddDays(20)) }).Select(record => ZoneWriter.ToLine(record) + "\n"));
    }

    private static string OurState(string json, SigningKey key)
    {
        using var document = JsonDocument.Parse(json);
        var its = document.RootElement.GetProperty("zones")[0].GetProperty("state").GetProperty("keys").EnumerateArray().Where(each => each.GetProperty("tag").GetInt32() == key.KeyTag).ToList();
        return its.Count == 0 ? "start" : its[0].GetProperty("state").GetString()!;
    }

    /// <summary>unbound writes a revoked key with its REVOKE bit, and forgets one that it has removed.</summary>
    private static string TheirState(string text, SigningKey key)
    {
        Octets[] forms = [key.ToDnskey(), key.WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked).ToDnskey()];
        foreach (var line in text.Split('\n'))
        {
            if (State().Match(line) is not { Success: true } match || !forms.Any(form => line.Contains(Base64(form), StringComparison.Ordinal))) continue;
            return match.Groups[1].Value switch { "ADDPEND" => "add-pend", var other => other.ToLowerInvariant() };
        }

        return key == Old ? "removed" : "start";
    }

    private static string Base64(Octets dnskey) => dnskey.Slice(4).ToBase64();

    private static string Queried(string text) => LastQueried().Match(text).Value;

    [GeneratedRegex(@";;state=\d \[ *(\w+) *\]")]
    private static partial Regex State();

    [GeneratedRegex(@"^;;last_queried: .*$", RegexOptions.Multiline)]
    private static partial Regex LastQueried();
}
