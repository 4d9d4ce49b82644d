using System.Net;
using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Comparing;
using Danelaw.Comparing;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>What <c>tlsa compare</c> tells somebody to do: no record of a key that he does not know, no step that changes nothing, no word that a shell would run.</summary>
public sealed class ComparisonAdviceTests
{
    private static readonly Octets Own = NewKey();
    private static readonly Octets Foreign = NewKey();

    [Fact]
    public void Whose_a_shown_key_is_comes_before_any_record_of_it()
    {
        var advice = Advice(new() { Keys = [Served(Foreign)], Records = [Record(Own)], Unmet = [Record(Own)] });

        Assert.Contains("danelaw tlsa compare smtp://mx.example.org:25 FILE", advice[0], StringComparison.Ordinal);
        Assert.DoesNotContain("danelaw publish", advice[0], StringComparison.Ordinal);
        Assert.StartsWith("If it is, publish a record of it", advice[1], StringComparison.Ordinal);
        Assert.Contains(Record(Foreign).ToString(), advice[1], StringComparison.Ordinal);
        Assert.Contains("somebody is in between", advice[1], StringComparison.Ordinal);
        Assert.DoesNotContain(advice, one => one.Contains("--remove", StringComparison.Ordinal));
        Assert.Contains("keep it until it is known whose the key is", advice[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_server_is_to_read_the_file_whose_record_is_published_and_no_record_is_made_of_what_it_shows_instead()
    {
        var advice = Advice(new() { HasFiles = true, Keys = [Served(Foreign), OnDisk(Own) with { IsPublished = true, Records = [Record(Own)] }], Records = [Record(Own)] });

        var only = Assert.Single(advice);
        Assert.Contains("have the server read own.pem, whose record is published", only, StringComparison.Ordinal);
        Assert.Contains("somebody is in between: publish no record of what was shown", only, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_key_that_is_in_no_file_given_no_record_is_to_be_published()
    {
        var advice = Advice(new() { HasFiles = true, Keys = [Served(Foreign), OnDisk(Own)], Records = [Record(NewKey())] });

        Assert.Contains("if the server reads another file, give that one too", advice[0], StringComparison.Ordinal);
        Assert.DoesNotContain(advice, one => one.Contains(Record(Foreign).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_shown_key_that_is_in_a_file_given_is_known_and_its_record_comes_at_once()
    {
        var advice = Advice(new() { HasFiles = true, Keys = [Served(Own) with { Files = ["own.pem"] }], Records = [Record(Foreign)], Unmet = [Record(Foreign)] });

        Assert.Equal($"Publish a record of what 192.0.2.1:25 shows, the key of own.pem, at once: danelaw publish _25._tcp.mx.example.org --tlsa \"{Record(Own)}\" --to WAY", advice[0]);
        Assert.Contains("--remove", advice[1], StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "9")]
    public void A_record_that_gives_way_to_a_stronger_digest_needs_that_digest_or_the_other_gone()
    {
        var stronger = Record(Foreign, TlsaMatching.Sha512);
        var advice = Advice(new() { Keys = [Served(Own) with { Records = [Record(Own)] }], Records = [Record(Own), stronger], Unmet = [stronger] });

        Assert.Equal(2, advice.Length);
        Assert.EndsWith($": danelaw publish _25._tcp.mx.example.org --tlsa \"{Record(Own, TlsaMatching.Sha512)}\" --to WAY", advice[0], StringComparison.Ordinal);
        Assert.Contains("take it out", advice[1], StringComparison.Ordinal);
        Assert.EndsWith($": danelaw publish _25._tcp.mx.example.org --remove --tlsa \"{stronger}\" --to WAY", advice[1], StringComparison.Ordinal);
        Assert.DoesNotContain(advice, one => one.Contains("keep it if", StringComparison.Ordinal) || one.Contains($"--tlsa \"{Record(Own)}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_its_own_DNS_has_chosen_is_one_word_to_a_shell()
    {
        const string name = "x`id>pwned`&y.evil.example";
        var comparison = new TlsaComparison { HasFiles = true, Keys = [Served(Own) with { Files = ["own.pem"] }], Records = [Record(Foreign)], Unmet = [Record(Foreign)], Servers = [new("192.0.2.53", [], "")] };

        var advice = Advice(comparison, name);

        Assert.Equal(3, advice.Length);
        Assert.All(advice, one => Assert.Contains($"'_25._tcp.{name}'", one, StringComparison.Ordinal));
    }

    [Fact, Rfc(7671, "5.2")]
    public void Where_a_record_means_the_issuer_and_the_chain_does_not_hold_it_is_the_chain_that_wants_mending()
    {
        var anchor = new TlsaRecord(TlsaUsage.DaneTa, TlsaSelector.PublicKey, TlsaMatching.Sha256, Record(Foreign).Data);
        var advice = Advice(new() { Keys = [Served(Own) with { Refusal = "the certificate expired yesterday", RefusalReason = Verification.DaneReason.Expired }], Records = [anchor], Unmet = [anchor] }, askedWith: ["--resolver", "192.0.2.53"]);

        Assert.Equal(2, advice.Length);
        Assert.Contains("See first whether it is yours", advice[0], StringComparison.Ordinal);
        Assert.Contains("the certificate expired yesterday. See", advice[0], StringComparison.Ordinal);
        Assert.EndsWith(" Mend the chain, not the record; this tells how: danelaw check smtp://mx.example.org:25 --resolver 192.0.2.53", advice[0], StringComparison.Ordinal);
        Assert.EndsWith("keep it, it is the chain that wants mending.", advice[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Its_commands_ask_where_it_asked()
    {
        var advice = Advice(new() { Keys = [Served(Foreign)], Records = [Record(Own)], Unmet = [Record(Own)], Servers = [new("192.0.2.53", [], "")] }, askedWith: ["--resolver", "192.0.2.53"]);

        Assert.Contains("danelaw tlsa compare smtp://mx.example.org:25 FILE --resolver 192.0.2.53", advice[0], StringComparison.Ordinal);
        Assert.Contains("--to WAY --resolver 192.0.2.53", advice[1], StringComparison.Ordinal);
        Assert.EndsWith("TLSA --all-servers --resolver 192.0.2.53", advice[^1], StringComparison.Ordinal);
    }

    [Fact, Rfc(7671, "8.1")]
    public void How_long_a_key_to_come_waits_is_counted_from_when_every_server_has_its_record()
    {
        var advice = Advice(new() { HasFiles = true, TimeToLive = 3600, EarliestUse = new(2026, 11, 1, 14, 10, 0, TimeSpan.Zero), Keys = [Served(Own) with { Files = ["own.pem"], IsPublished = true, Records = [Record(Own)] }, OnDisk(Foreign)], Records = [Record(Own)] });

        Assert.EndsWith(". If every authoritative server has it now, the server may have the key from 2026-11-01T14:10:00Z on: twice the TTL of 3600 s and a margin (RFC 7671 §8.1)", Assert.Single(advice), StringComparison.Ordinal);
    }

    private static Octets NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(key.ExportSubjectPublicKeyInfo());
    }

    private static TlsaRecord Record(Octets key, TlsaMatching matching = TlsaMatching.Sha256) =>
        TlsaRecord.TryCreateFromKey(key, TlsaUsage.DaneEe, matching, out var record, out var fault) ? record : throw new InvalidOperationException(fault);

    private static ComparedKey Served(Octets key) => new() { PublicKey = key, Endpoints = [new(new() { Target = new(new(IPAddress.Parse("192.0.2.1"), 25), new(IPAddress.Parse("192.0.2.1"), 25), ServiceProtocol.Smtp, DomainName.Parse("mx.example.org")), Outcome = ProbeOutcome.Completed, RawPublicKey = key }, null)] };

    private static ComparedKey OnDisk(Octets key) => new() { PublicKey = key, Files = [key.Equals(Own) ? "own.pem" : "next.pem"] };

    private static string[] Advice(TlsaComparison comparison, string name = "mx.example.org", string[]? askedWith = null)
    {
        var target = CheckTarget.Service(DomainName.Parse(name), 25, ServiceProtocol.Smtp);
        var host = new HostReport { Name = target.Name, TlsaBase = target.Name, Records = [.. comparison.Records.Select(record => new RecordReport(record, RecordState.Other, Usability.Usable))] };
        return [.. new ToldComparison(target, new() { Target = target.Text }, host, comparison with { Security = Security.Secure, IsPublicationSeen = true, IsServiceSeen = true }) { AskedWith = [.. askedWith ?? []] }.Advice];
    }
}
