using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Worlds;

/// <summary>A zone signed by ldns and then spoilt, or pointed to wrongly by its parent.</summary>
/// <param name="Name">The zone's name.</param>
/// <param name="Text">The zone as NSD serves it.</param>
/// <param name="DelegationSigners">The DS lines that its parent has.</param>
/// <param name="Questions">What is asked of it.</param>
internal sealed record FaultZone(string Name, string Text, string DelegationSigners, IReadOnlyList<(string Name, string Type)> Questions);

/// <summary>Makes the zones that are wrong, or odd but right.</summary>
internal sealed class FaultZones(TestFolder folder, string address, MailPlan mail)
{
    // The world's clock is the machine's: the peers have no other. These are far from it on both sides.
    private const string LongAgo = "20200101000000";
    private const string YearAgo = "20210101000000";
    private const string FarAhead = "20380101000000";
    private const string FartherAhead = "20400101000000";

    /// <summary>All of them, made side by side.</summary>
    public async Task<IReadOnlyList<FaultZone>> MakeAsync(CancellationToken cancellationToken)
    {
        Func<Task<FaultZone>>[] makers =
        [
            () => SignedAsync("expired.nsec.", new LdnsSigning { Inception = LongAgo, Expiration = YearAgo }),
            () => SignedAsync("future.nsec.", new LdnsSigning { Inception = FarAhead, Expiration = FartherAhead }),
            () => SignedAsync("y2040.nsec.", new LdnsSigning { Inception = YearAgo, Expiration = FartherAhead }),
            () => SignedAsync("expired.nsec3.", new LdnsSigning { Inception = LongAgo, Expiration = YearAgo, UsesNsec3 = true }),
            () => SignedAsync("wrongds.nsec.", delegation: async (zone, _) => await zone.DelegationSignerAsync(await zone.AddKeyAsync(13, used: false))),
            () => SignedAsync("badds.nsec3.", delegation: async (zone, key) => FlipLastDigit(await zone.DelegationSignerAsync(key))),
            () => SignedAsync("unknown-algorithm.nsec.", delegation: async (zone, key) => WithField(await zone.DelegationSignerAsync(key), 1, "200")),
            () => SignedAsync("unknown-algorithm.nsec3.", delegation: async (zone, key) => WithField(await zone.DelegationSignerAsync(key), 1, "200")),
            () => SignedAsync("unknown-digest.nsec.", delegation: async (zone, key) => WithField(await zone.DelegationSignerAsync(key), 2, "200")),
            () => SignedAsync("mixed-algorithm.nsec.", delegation: async (zone, key) => await zone.DelegationSignerAsync(key) + WithField(await zone.DelegationSignerAsync(key), 1, "200")),
            () => SignedAsync("mixed-digest.nsec.", delegation: async (zone, key) => await zone.DelegationSignerAsync(key) + WithField(await zone.DelegationSignerAsync(key), 2, "200")),
            () => SignedAsync("sha1.nsec.", delegation: (zone, key) => zone.DelegationSignerAsync(key, 1)),
            () => SignedAsync("sha384.nsec.", delegation: (zone, key) => zone.DelegationSignerAsync(key, 4)),
            () => SignedAsync("sha1-wrong.nsec.", delegation: async (zone, key) => await zone.DelegationSignerAsync(key) + FlipLastDigit(await zone.DelegationSignerAsync(key, 1))),
            () => SignedAsync("sha2-wrong.nsec.", delegation: async (zone, key) => FlipLastDigit(await zone.DelegationSignerAsync(key)) + await zone.DelegationSignerAsync(key, 1)),
            () => SignedAsync("iterations-500.nsec.", new LdnsSigning { UsesNsec3 = true, Iterations = 500, Salt = "ABCD" }),
            () => SignedAsync("iterations-2500.nsec.", new LdnsSigning { UsesNsec3 = true, Iterations = 2500 }),
            () => SignedAsync("iterations-40.nsec.", new LdnsSigning { UsesNsec3 = true, Iterations = 40, Salt = "AB" }),
            () => SignedAsync("nsec3-optout.nsec.", new LdnsSigning { UsesNsec3 = true, OptOut = true }),
            async () => WithoutHangs(await SignedAsync("no-signatures.nsec.", spoil: text => Without(text, line => TypeOf(line) == "RRSIG"))),
            async () => WithoutHangs(await SignedAsync("no-signatures.nsec3.", spoil: text => Without(text, line => TypeOf(line) == "RRSIG" && !line.Contains("\tRRSIG\tDNSKEY ", StringComparison.Ordinal)))),
            () => SignedAsync("no-denial.nsec.", spoil: text => Without(text, line => TypeOf(line) == "NSEC" || line.Contains("\tRRSIG\tNSEC ", StringComparison.Ordinal))),
            () => SignedAsync("no-denial.nsec3.", new LdnsSigning { UsesNsec3 = true }, spoil: text => Without(text, line => TypeOf(line) == "NSEC3" || line.Contains("\tRRSIG\tNSEC3 ", StringComparison.Ordinal))),
            () => SignedAsync("no-soa-signature.nsec.", spoil: text => Without(text, line => line.Contains("\tRRSIG\tSOA ", StringComparison.Ordinal))),
            () => SignedAsync("broken-keys.nsec.", spoil: text => Each(text, line => line.Contains("\tRRSIG\tDNSKEY ", StringComparison.Ordinal) ? FlipSignature(line) : line)),
            () => SignedAsync("broken.nsec3.", new LdnsSigning { UsesNsec3 = true }, spoil: text => Each(text, line => TypeOf(line) == "RRSIG" && !line.Contains("\tRRSIG\tDNSKEY ", StringComparison.Ordinal) ? FlipSignature(line) : line)),
            UnsignedBelowDsAsync,
            PlainKeyAsync,
            RevokedKeyAsync,
            UnusedAlgorithmAsync,
            () => SpoiltNamesAsync("spoilt.nsec.", new LdnsSigning()),
            () => SpoiltNamesAsync("spoilt.nsec3.", new LdnsSigning { UsesNsec3 = true }),
            () => SignedAsync("below.empty.nsec."),
            () => SignedAsync("below.empty.nsec3."),
        ];
        var made = new FaultZone[makers.Length];
        await Parallel.ForAsync(0, makers.Length, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = cancellationToken }, async (i, _) => made[i] = await makers[i]());
        return made;
    }

    private async Task<FaultZone> SignedAsync(string name, LdnsSigning? signing = null, Func<string, string>? spoil = null, Func<LdnsZone, string, Task<string>>? delegation = null)
    {
        var zone = new LdnsZone(folder, name) { Text = ZoneContent.SmallText(name, address) };
        var key = await zone.AddKeyAsync(13);
        var text = await zone.SignAsync(signing ?? new LdnsSigning());
        var signers = delegation is null ? await zone.DelegationSignerAsync(key) : await delegation(zone, key);
        return new FaultZone(name, spoil is null ? text : spoil(text), signers, [.. ZoneContent.SmallQuestions(name)]);
    }

    /// <summary>A DS in the parent, but no key in the zone: bogus, however innocent it looks.</summary>
    private async Task<FaultZone> UnsignedBelowDsAsync()
    {
        var signed = await SignedAsync("unsigned-below-ds.nsec.");
        return WithoutHangs(signed with { Text = ZoneContent.SmallText(signed.Name, address) });
    }

    // In a zone without signatures delv 9.18 waits for itself on these two, for ten seconds.
    private static FaultZone WithoutHangs(FaultZone zone) =>
        zone with { Questions = [.. zone.Questions.Where(question => !question.Name.StartsWith("to-secure.", StringComparison.Ordinal) && !question.Name.StartsWith("x.wild.", StringComparison.Ordinal))] };

    /// <summary>The DS points to a key without the SEP flag: a hint to operators only (RFC 4034 §2.1.1).</summary>
    private async Task<FaultZone> PlainKeyAsync()
    {
        var zone = new LdnsZone(folder, "no-sep.nsec.") { Text = ZoneContent.SmallText("no-sep.nsec.", address) };
        var key = await zone.AddKeyAsync(13, secureEntryPoint: false);
        return new FaultZone(zone.Name, await zone.SignAsync(new LdnsSigning()), await zone.DelegationSignerAsync(key), [.. ZoneContent.SmallQuestions(zone.Name)]);
    }

    /// <summary>The key has the REVOKE flag (RFC 5011 §2.1), and the DS is that of the revoked key.</summary>
    private async Task<FaultZone> RevokedKeyAsync()
    {
        const string name = "revoked.nsec.";
        var keys = folder["revoked/.here"][..^6];
        var made = await PeerProcess.RunAsync(Peer.Require("dnssec-keygen"), ["-q", "-K", keys, "-a", "ECDSAP256SHA256", "-f", "KSK", name]);
        var revoked = await PeerProcess.RunAsync(Peer.Require("dnssec-revoke"), ["-K", keys, Path.Combine(keys, made.Output.Trim() + ".key")]);
        if (made.ExitCode != 0 || revoked.ExitCode != 0) throw new InvalidOperationException($"{made.Everything} {revoked.Everything}");
        var zone = new LdnsZone(folder, name) { Text = ZoneContent.SmallText(name, address) };
        var key = zone.AddKeyFile(Path.Combine(keys, Path.GetFileName(revoked.Output.Trim())));
        return new FaultZone(name, await zone.SignAsync(new LdnsSigning()), await zone.DelegationSignerAsync(key), [.. ZoneContent.SmallQuestions(name)]);
    }

    /// <summary>The parent names a second algorithm that the zone has a key of and signs nothing with: one good path is enough (RFC 6840 §5.11).</summary>
    private async Task<FaultZone> UnusedAlgorithmAsync()
    {
        const string name = "unused-algorithm.nsec.";
        var zone = new LdnsZone(folder, name) { Text = ZoneContent.SmallText(name, address) };
        var used = await zone.AddKeyAsync(13);
        var unused = await zone.AddKeyAsync(15, used: false);
        zone.Text += unused;
        return new FaultZone(name, await zone.SignAsync(new LdnsSigning()), await zone.DelegationSignerAsync(used) + await zone.DelegationSignerAsync(unused), [.. ZoneContent.SmallQuestions(name)]);
    }

    /// <summary>A sound zone but for single names, each with a fault of its own.</summary>
    private async Task<FaultZone> SpoiltNamesAsync(string name, LdnsSigning signing)
    {
        var zone = new LdnsZone(folder, name)
        {
            Text = ZoneContent.SmallText(name, address) + """
                flipped A 192.0.2.30
                unsigned A 192.0.2.31
                old A 192.0.2.32
                early A 192.0.2.33
                labels A 192.0.2.34
                forged A 192.0.2.35
                ttl A 192.0.2.36
                half A 192.0.2.37
                half TXT "this set is sound"
                to-flipped CNAME flipped
                flipped-alias CNAME www
                cut NS ns.cut
                ns.cut A 192.0.2.38
                denial TXT "next to a broken denial"
                tree DNAME target
                rotten DNAME target

                """ + mail.ZoneLines(name),
        };
        var key = await zone.AddKeyAsync(13);
        var sound = await zone.SignAsync(signing);
        var expired = await zone.SignAsync(signing with { Inception = LongAgo, Expiration = YearAgo });
        var future = await zone.SignAsync(signing with { Inception = FarAhead, Expiration = FartherAhead });
        string Signature(string text, string owner, string type) =>
            text.Split('\n').Single(line => line.StartsWith($"{owner}.{name}\t", StringComparison.Ordinal) && line.Contains($"\tRRSIG\t{type} ", StringComparison.Ordinal));
        bool IsFor(string line, string owner, string type) =>
            line.StartsWith($"{owner}.{name}\t", StringComparison.Ordinal) && line.Contains($"\tRRSIG\t{type} ", StringComparison.Ordinal);
        var text = Each(sound, line =>
            IsFor(line, "flipped", "A") || IsFor(line, "half", "A") || IsFor(line, "flipped-alias", "CNAME") || IsFor(line, "rotten", "DNAME") || IsFor(line, "_25._tcp.mx.post", "TLSA") || IsFor(line, "_imaps._tcp.srv", "SRV") ? FlipSignature(line)
            : IsFor(line, "unsigned", "A") ? ""
            : IsFor(line, "old", "A") ? Signature(expired, "old", "A")
            : IsFor(line, "early", "A") ? Signature(future, "early", "A")
            : IsFor(line, "labels", "A") ? line.Replace(" 13 3 300 ", " 13 2 300 ", StringComparison.Ordinal)
            : IsFor(line, "ttl", "A") ? line.Replace(" 13 3 300 ", " 13 3 301 ", StringComparison.Ordinal)
            : IsFor(line, "cut", "NSEC") || IsFor(line, "denial", "NSEC") ? FlipSignature(line)
            : line.StartsWith($"forged.{name}\t", StringComparison.Ordinal) && TypeOf(line) == "A" ? line.Replace("192.0.2.35", "192.0.2.99", StringComparison.Ordinal)
            : line);
        (string, string)[] questions =
        [
            ("www.", "A"), ("flipped.", "A"), ("flipped.", "AAAA"), ("unsigned.", "A"), ("unsigned.", "MX"), ("old.", "A"), ("early.", "A"), ("labels.", "A"), ("forged.", "A"), ("ttl.", "A"),
            ("half.", "A"), ("half.", "TXT"), ("to-flipped.", "A"), ("to-flipped.", "CNAME"), ("flipped-alias.", "A"), ("flipped-alias.", "CNAME"), ("cut.", "DS"), ("denial.", "A"), ("denial.", "TXT"),
            ("host.tree.", "A"), ("host.rotten.", "A"), ("x.wild.", "A"), ("no-such-name.", "A"), ("zzz.", "A"),
        ];
        return new FaultZone(name, text, await zone.DelegationSignerAsync(key), [.. questions.Select(question => (question.Item1 + name, question.Item2)).Concat(mail.Questions(name))]);
    }

    private static string Each(string text, Func<string, string> change) => string.Join('\n', text.Split('\n').Select(change)) + "\n";

    private static string Without(string text, Func<string, bool> isOut) => string.Join('\n', text.Split('\n').Where(line => !isOut(line))) + "\n";

    private static string TypeOf(string line) => RecordLine.TypeOf(line);

    // Changes a base64 digit in the middle of the signature, the line's last field.
    private static string FlipSignature(string line)
    {
        var at = line.Length - 40;
        return line[..at] + (line[at] == 'A' ? 'B' : 'A') + line[(at + 1)..];
    }

    private static string FlipLastDigit(string ds)
    {
        var line = ds.TrimEnd();
        return line[..^1] + (line[^1] == '0' ? '1' : '0') + "\n";
    }

    // Replaces a field of the DS data: 0 key tag, 1 algorithm, 2 digest type.
    private static string WithField(string ds, int field, string value)
    {
        var fields = ds.Trim().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        fields[Array.IndexOf(fields, "DS") + 1 + field] = value;
        return string.Join(' ', fields) + "\n";
    }
}
