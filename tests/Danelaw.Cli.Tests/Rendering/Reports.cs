using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>Reports made by hand, with everything in them that a report can have.</summary>
internal static class Reports
{
    public static readonly DomainName Host = DomainName.Parse("mx1.example.org");

    public static readonly TlsaRecord Record = new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(Enumerable.Repeat((byte)0xAB, 32).ToArray()));

    public static readonly TlsaRecord Stale = new(TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Sha512, new(Enumerable.Repeat((byte)0x01, 64).ToArray()));

    public static readonly TlsaRecord Cut = new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(new byte[] { 1, 2, 3 }));

    public static Answer Lookup(string name, RecordType type, Security security, LookupReason reason) => new()
    {
        Question = new(DomainName.Parse(name), type),
        FinalName = DomainName.Parse(name),
        Security = security,
        Reason = reason,
        ResponseCode = ResponseCode.NoError,
        Explanation = "it was made up for a test",
    };

    public static Observation Seen(string address, KeyAlgorithm algorithm, ProbeOutcome outcome, string detail = "") => new()
    {
        Target = new(new(IPAddress.Parse(address), 25), new(IPAddress.Parse(address), 25), ServiceProtocol.Smtp, Host, algorithm),
        Outcome = outcome,
        TlsVersion = outcome == ProbeOutcome.Completed ? "TLSv1.3" : "",
        CipherSuite = outcome == ProbeOutcome.Completed ? "TLS_AES_256_GCM_SHA384" : "",
        Chain = outcome == ProbeOutcome.Completed ? [new(new byte[] { 0x30, 0x00 })] : [],
        Detail = detail,
        Transcript = ["S: 220 mx1.example.org \e[31mESMTP", "C: EHLO checker"],
    };

    public static CheckReport Failing { get; } = new()
    {
        Target = "example.org",
        Verdict = CheckVerdict.Failing,
        Reason = CheckReason.HostFailing,
        Explanation = "A certificate of mx1.example.org matches no TLSA record, so senders that check refuse to deliver.",
        Hosts =
        [
            new()
            {
                Name = Host,
                Preference = 10,
                Verdict = CheckVerdict.Failing,
                Reason = CheckReason.Mismatch,
                Sender = new(SenderAction.SkipHost, "R28", "no certificate matches the TLSA records: a sender goes on to the next host"),
                Addresses = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")],
                TlsaBase = Host,
                TlsaAnswer = Lookup("_25._tcp.mx1.example.org", RecordType.TLSA, Security.Secure, LookupReason.ValidSignature),
                Records = [new(Record, RecordState.Matching, Usability.Usable), new(Stale, RecordState.Other, Usability.Usable), new(Cut, RecordState.Unusable, Usability.WrongDigestLength)],
                Endpoints =
                [
                    new(Seen("192.0.2.1", KeyAlgorithm.Rsa, ProbeOutcome.Completed), new() { Reason = DaneReason.MatchedEndEntity, Record = Record, Depth = 0, Explanation = "it matches" }) { Algorithm = KeyAlgorithm.Rsa },
                    new(Seen("192.0.2.1", KeyAlgorithm.Ecdsa, ProbeOutcome.Completed), new() { Reason = DaneReason.NoRecordMatches, Explanation = "no TLSA record matches the server's certificate" }) { Algorithm = KeyAlgorithm.Ecdsa },
                    new(Seen("2001:db8::1", KeyAlgorithm.Any, ProbeOutcome.GreetingRefused, "554 \e]0;owned\a go away"), null),
                ],
            },
        ],
        Findings =
        [
            new(FindingCodes.TlsaMismatch, Severity.Error, "mx1.example.org", "mx1.example.org at 192.0.2.1 shows ECDSA, which none of its TLSA records matches. Senders that check refuse to deliver there.",
                "Publish the record of the key that is served:\n_25._tcp.mx1.example.org. 3600 IN TLSA 3 1 1 cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\nor serve again the key that the published record means."),
            new(FindingCodes.TlsUntested, Severity.Warning, "mx1.example.org", "2001:db8::1 could not be tested: 554 \e]0;owned\a\nfake: VERIFIED. That says nothing of its certificate.", ""),
        ],
        Lookups = [Lookup("example.org", RecordType.MX, Security.Secure, LookupReason.ValidSignature), Lookup("_25._tcp.mx1.example.org", RecordType.TLSA, Security.Bogus, LookupReason.SignatureExpired) with { ResponseCode = null, ExtendedError = new(7, "expired") }],
    };

    public static CheckReport Of(CheckVerdict verdict, params Severity[] findings) => new()
    {
        Target = "example.net",
        Verdict = verdict,
        Reason = CheckReason.AllMatch,
        Findings = [.. findings.Select(severity => new Finding(FindingCodes.TlsaTtlLong, severity, "mx.example.net", "made up|for a test", ""))],
    };

    public static ImmutableArray<CheckVerdict> TargetVerdicts { get; } = [CheckVerdict.Undetermined, CheckVerdict.Failing, CheckVerdict.Partial, CheckVerdict.Unprotected, CheckVerdict.Verified];
}
