using Danelaw.Operator.Publishing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>Keys that every server of dynamic updates has: one that may change the zone, and one that may not.</summary>
internal static class UpdateKeys
{
    public const string Name = "update-key.";
    public const string IdleName = "idle-key.";
    public const string Secret = "kp4/24gyYsEzbuTVJRUMoqGFmN3LYgVDzJ/3oRSP7ys=";
    public const string OtherSecret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
}

/// <summary>A primary that takes dynamic updates.</summary>
public abstract class UpdateMaster : Master
{
    /// <summary>The algorithm of the key that may change the zone.</summary>
    public abstract string Algorithm { get; }

    public override PublisherSettings Settings => With(Secret("key", $"key \"{UpdateKeys.Name}\" {{\n  algorithm {Algorithm};\n  secret \"{UpdateKeys.Secret}\";\n}};\n"));

    public override PublisherSettings Refusing => With(Secret("other", $"{Algorithm}:{UpdateKeys.Name}:{UpdateKeys.OtherSecret}\n"));

    public override PublisherSettings Absent => new PublisherSettings.Update("127.81.0.250", 53, null, Secret("absent", $"{Algorithm}:{UpdateKeys.Name}:{UpdateKeys.Secret}"));

    /// <summary>A zone that is signed elsewhere, or nowhere.</summary>
    protected string PlainText => $"$TTL 600\n{PlainZone} SOA ns1.{Zone} h.{Zone} 7 7200 900 1209600 300\n{PlainZone} NS ns1.{Zone}\n*._tcp.wild.{PlainZone} 300 TLSA {First}\n_25._tcp.own.{PlainZone} 300 TLSA {First}\n*._tcp.own.{PlainZone} 300 TLSA {First}\n";

    /// <summary>The settings with a key of another form, name or secret.</summary>
    public PublisherSettings WithKey(string text) => With(Secret("given", text));

    public PublisherSettings.Update With(string? keyFile, string? zone = null) => new(Address, 53, zone is null ? null : Name(zone), keyFile);
}

public class BindMaster : UpdateMaster
{
    /// <summary>Further zones.</summary>
    protected virtual string More => "";

    public override string Address => "127.81.0.1";

    public override string Algorithm => "hmac-sha512";

    protected override async Task StartAsync()
    {
        var root = Folder["bind/.here"][..^6];
        var configuration = Folder.Write("bind/named.conf", $$"""
            key "{{UpdateKeys.Name}}" { algorithm {{Algorithm}}; secret "{{UpdateKeys.Secret}}"; };
            key "{{UpdateKeys.IdleName}}" { algorithm hmac-sha256; secret "{{UpdateKeys.Secret}}"; };
            options {
              directory "{{root}}"; key-directory "{{root}}"; managed-keys-directory "{{root}}";
              pid-file "{{root}}/named.pid"; session-keyfile "{{root}}/session.key"; lock-file none;
              listen-on port 53 { {{Address}}; }; listen-on-v6 { none; };
              recursion no; dnssec-validation no; allow-transfer { any; }; notify no; check-names primary ignore;
            };
            controls { };
            zone "{{Zone}}" { type primary; file "{{Folder.Write("bind/zone", Text)}}"; dnssec-policy default; inline-signing yes; update-policy { grant {{UpdateKeys.Name}} zonesub TLSA; }; };
            zone "{{PlainZone}}" { type primary; file "{{Folder.Write("bind/plain", PlainText)}}"; update-policy { grant {{UpdateKeys.Name}} zonesub TLSA; }; };
            {{More}}
            """);
        var process = Keep(PeerProcess.Start(Peer.Require("named"), "-f", "-g", "-n", "1", "-c", configuration));
        await process.WaitForPortAsync(System.Net.IPAddress.Parse(Address), 53);
        await WaitUntilSignedAsync();
    }
}

/// <summary>The same for the command, elsewhere.</summary>
public sealed class CommandMaster : BindMaster
{
    /// <summary>A zone below, which is not signed.</summary>
    public const string BareZone = "bare." + Zone;

    protected override string Text => $"{base.Text}{BareZone} NS ns1.{Zone}\n";

    protected override string More => $$"""zone "{{BareZone}}" { type primary; file "{{Folder.Write("bind/bare", $"$TTL 600\n{BareZone} SOA ns1.{Zone} h.{Zone} 7 7200 900 1209600 300\n{BareZone} NS ns1.{Zone}\n_25._tcp.mx.{BareZone} TLSA {First}\n")}}"; update-policy { grant {{UpdateKeys.Name}} zonesub TLSA; }; };""";

    public override string Address => "127.81.0.7";
}

public sealed class KnotMaster : UpdateMaster
{
    public override string Address => "127.81.0.2";

    public override string Algorithm => "hmac-sha384";

    protected override async Task StartAsync()
    {
        var root = Folder["knot/.here"][..^6];
        var configuration = Folder.Write("knot/knot.conf", $"""
            server:
              rundir: "{root}"
              listen: {Address}@53
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
            database:
              storage: "{root}"
            log:
              - target: stderr
                any: info
            key:
              - id: {UpdateKeys.Name}
                algorithm: {Algorithm}
                secret: {UpdateKeys.Secret}
              - id: {UpdateKeys.IdleName}
                algorithm: hmac-sha256
                secret: {UpdateKeys.Secret}
            acl:
              - id: update
                key: {UpdateKeys.Name}
                action: [update, transfer]
              - id: transfer
                address: 127.0.0.0/8
                action: transfer
            policy:
              - id: one
                algorithm: ecdsap256sha256
                single-type-signing: on
            zone:
              - domain: {Zone}
                file: "{Folder.Write("knot/zone", Text)}"
                zonefile-sync: -1
                dnssec-signing: on
                dnssec-policy: one
                acl: [update, transfer]
              - domain: {PlainZone}
                file: "{Folder.Write("knot/plain", PlainText)}"
                zonefile-sync: -1
                acl: [update, transfer]
            """);
        var process = Keep(PeerProcess.Start(Peer.Require("knotd"), "-c", configuration));
        await process.WaitForPortAsync(System.Net.IPAddress.Parse(Address), 53);
        await WaitUntilSignedAsync();
    }
}

public sealed class PowerDnsUpdateMaster : UpdateMaster
{
    public override string Address => "127.81.0.3";

    public override string Algorithm => "hmac-sha256";

    protected override async Task StartAsync()
    {
        Keep(await PowerDns.StartAsync(
            Folder,
            Address,
            53,
            [new(Zone, Text, null, false)],
            "dnsupdate=yes\nallow-dnsupdate-from=127.0.0.0/8\nallow-axfr-ips=127.0.0.0/8\ndisable-axfr=no\n",
            [
                ["add-zone-key", Zone, "ksk", "active", "ecdsa256"], ["rectify-zone", Zone],
                ["import-tsig-key", UpdateKeys.Name, Algorithm, UpdateKeys.Secret], ["import-tsig-key", UpdateKeys.IdleName, "hmac-sha256", UpdateKeys.Secret],
                ["set-meta", Zone, "TSIG-ALLOW-DNSUPDATE", UpdateKeys.Name], ["set-meta", Zone, "ALLOW-DNSUPDATE-FROM", "127.0.0.0/8"],
            ]));
        await WaitUntilSignedAsync();
    }
}
