using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Checks;

/// <summary>A scripted DNS and scripted servers. What nobody wrote down is securely absent in the DNS, and refuses connections on the network.</summary>
public sealed class World : ILookup, IProber
{
    private readonly Dictionary<Question, Func<Question, Answer>> _answers = [];
    private readonly Dictionary<(IPEndPoint, KeyAlgorithm), Func<ProbeTarget, Observation>> _servers = [];
    private readonly Dictionary<IPEndPoint, Func<ProbeTarget, Observation>> _rawKeys = [];

    /// <summary>Every question that was asked.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Every probe that was made.</summary>
    public ConcurrentQueue<ProbeTarget> Probed { get; } = [];

    /// <summary>What stands at names that nobody wrote down, as from a wildcard.</summary>
    public Func<Question, ImmutableArray<Octets>> Elsewhere { get; set; } = _ => [];

    /// <summary>The zone that every answer is told to come from; null to tell none.</summary>
    public DomainName? Zone { get; set; }

    /// <summary>The zone at which trust ends for every answer that is insecure; null to tell none.</summary>
    public DomainName? Cut { get; set; }

    public FakeTimeProvider Clock { get; } = new(Forge.Now);

    public static Octets EcLeaf { get; } = Forge.Leaf("mx.example.org", "Some CA").Make();

    public static Octets OtherEcLeaf { get; } = (Forge.Leaf("mx.example.org", "Some CA") with { Key = "another" }).Make();

    public static Octets RsaLeaf { get; } = (Forge.Leaf("mx.example.org", "Some CA") with { PublicKey = RsaKey(7) }).Make();

    public static TlsaRecord EcRecord => Record(EcLeaf);

    public static TlsaRecord RsaRecord => Record(RsaLeaf);

    public static TlsaRecord Record(Octets certificate, TlsaUsage usage = TlsaUsage.DaneEe, TlsaSelector selector = TlsaSelector.PublicKey, TlsaMatching matching = TlsaMatching.Sha256) =>
        TlsaRecord.TryCreate(certificate, usage, selector, matching, out var record, out var fault) ? record : throw new InvalidOperationException(fault);

    public static byte[] RsaKey(byte seed)
    {
        var modulus = Enumerable.Range(0, 256).Select(i => (byte)(((i * 31) + seed) % 256)).ToArray();
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        using var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        return rsa.ExportSubjectPublicKeyInfo();
    }

    /// <summary>The usual world: example.org with one host at 192.0.2.1, all secure, and records; the server shows an EC key that matches.</summary>
    public static World Sound()
    {
        var world = new World();
        world.Mx("example.org", (10, "mx.example.org"));
        world.Address("mx.example.org", "192.0.2.1");
        world.Tlsa("_25._tcp.mx.example.org", EcRecord);
        world.Serve("192.0.2.1", EcLeaf);
        return world;
    }

    public World Mx(string domain, params (int Preference, string Host)[] hosts) => Mx(domain, Security.Secure, hosts);

    public World Mx(string domain, Security security, params (int Preference, string Host)[] hosts) =>
        Put(domain, RecordType.MX, security, [.. hosts.Select(host => new MxData((ushort)host.Preference, DomainName.Parse(host.Host)).ToOctets())]);

    public World Srv(string owner, params (int Priority, int Weight, int Port, string Target)[] targets) => Srv(owner, Security.Secure, targets);

    public World Srv(string owner, Security security, params (int Priority, int Weight, int Port, string Target)[] targets) =>
        Put(owner, RecordType.SRV, security, [.. targets.Select(target => new SrvData((ushort)target.Priority, (ushort)target.Weight, (ushort)target.Port, DomainName.Parse(target.Target)).ToOctets())]);

    public World Address(string name, params string[] addresses) => Address(name, Security.Secure, addresses);

    public World Address(string name, Security security, params string[] addresses)
    {
        foreach (var type in new[] { RecordType.A, RecordType.AAAA })
        {
            ImmutableArray<Octets> data = [.. addresses.Select(IPAddress.Parse).Select(address => new Octets(address.GetAddressBytes())).Where(octets => octets.Length == (type == RecordType.A ? 4 : 16))];
            if (data.IsEmpty) Absent(name, type, security);
            else Put(name, type, security, data);
        }

        return this;
    }

    public World Tlsa(string owner, params TlsaRecord[] records) => Tlsa(owner, Security.Secure, records);

    public World Tlsa(string owner, Security security, params TlsaRecord[] records) => Put(owner, RecordType.TLSA, security, [.. records.Select(record => record.ToRecordData())]);

    public World Put(string name, RecordType type, Security security, ImmutableArray<Octets> data, uint timeToLive = 3600, uint? originalTimeToLive = null) =>
        Reply(name, type, question => Found(question, security, data, timeToLive, originalTimeToLive));

    public World Absent(string name, RecordType type, Security security = Security.Secure, ResponseCode code = ResponseCode.NoError) => Reply(name, type, question => Denial(question, security, code));

    public World Fail(string name, RecordType type, Security security = Security.Indeterminate, LookupReason reason = LookupReason.ServerFailed, ResponseCode? code = ResponseCode.ServerFailure, bool isOfResolver = false) => Reply(name, type, question => new()
    {
        Question = question,
        Security = security,
        ResponseCode = code,
        FinalName = question.Name,
        Reason = reason,
        Explanation = "the servers failed",
        Failure = isOfResolver ? new(null, question.Name, question.Type, null, null, null, "", "") { IsOfResolver = true } : null,
    });

    /// <summary>An alias, for one type: each link with its own security, the records at the end.</summary>
    public World Alias(string name, RecordType type, (string Target, Security Security)[] links, Security endSecurity, params string[] data) => Reply(name, type, question =>
    {
        var chain = ImmutableArray.CreateBuilder<AnswerLink>();
        var at = question.Name;
        foreach (var (target, security) in links)
        {
            var to = DomainName.Parse(target);
            chain.Add(new(new(at, RecordType.CNAME, RecordClass.IN, 300, [Octets.Copy(to.Wire)]), security));
            at = to;
        }

        ImmutableArray<Octets> end = [.. data.Select(text => type == RecordType.TLSA ? TlsaRecord.TryParse(text, out var record, out _) ? record.ToRecordData() : default : new Octets(IPAddress.Parse(text).GetAddressBytes()))];
        if (!end.IsEmpty) chain.Add(new(new(at, type, RecordClass.IN, 300, end), endSecurity));
        return new()
        {
            Question = question,
            Security = links.Select(link => link.Security).Append(endSecurity).Min(),
            ResponseCode = ResponseCode.NoError,
            FinalName = at,
            Chain = chain.ToImmutable(),
            Reason = LookupReason.ValidSignature,
            Explanation = "an alias",
        };
    });

    public World Reply(string name, RecordType type, Func<Question, Answer> answer)
    {
        _answers[new(DomainName.Parse(name), type)] = answer;
        return this;
    }

    public World Serve(string address, params Octets[] chain) => Serve(address, 25, KeyAlgorithm.Any, target => Shown(target, chain));

    public World Serve(string address, KeyAlgorithm algorithm, params Octets[] chain) => Serve(address, 25, algorithm, target => Shown(target, chain));

    /// <summary>A certificate is shown, and the handshake comes to no end.</summary>
    public World Seen(string address, KeyAlgorithm algorithm, params Octets[] chain) =>
        Serve(address, 25, algorithm, target => new() { Target = target, Outcome = ProbeOutcome.CertificateSeen, Chain = [.. chain], Detail = "as scripted" });

    public World Refuse(string address, ProbeOutcome outcome, KeyAlgorithm algorithm = KeyAlgorithm.Any, string detail = "as scripted") =>
        Serve(address, 25, algorithm, target => new() { Target = target, Outcome = outcome, Detail = detail });

    public World Serve(string address, int port, KeyAlgorithm algorithm, Func<ProbeTarget, Observation> server)
    {
        _servers[(new(IPAddress.Parse(address), port), algorithm)] = server;
        return this;
    }

    /// <summary>A raw public key is shown to who asks for one.</summary>
    public World ServeRaw(string address, Octets key, int port = 25, ProbeOutcome outcome = ProbeOutcome.Completed)
    {
        _rawKeys[new(IPAddress.Parse(address), port)] = target => Shown(target) with { Outcome = outcome, RawPublicKey = key };
        return this;
    }

    public static Observation Shown(ProbeTarget target, params Octets[] chain) => new()
    {
        Target = target,
        Outcome = ProbeOutcome.Completed,
        Chain = [.. chain],
        TlsVersion = "TLSv1.3",
        CipherSuite = "TLS_AES_256_GCM_SHA384",
    };

    public ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var question = new Question(name, type);
        Asked.Enqueue($"{name} {RecordTypes.ToText(type)}");
        var found = _answers.TryGetValue(question, out var answer) ? answer(question) : Elsewhere(question) is { IsEmpty: false } data ? Found(question, Security.Secure, data, 3600, null) : Denial(question, Security.Secure, ResponseCode.NoError);
        if (Cut is { } cut && found.Security == Security.Insecure) found = found with { InsecureZone = cut };
        return ValueTask.FromResult(Zone is { } zone ? found with { Trust = [new(zone, false, null, null, null, null)] } : found);
    }

    public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Probed.Enqueue(target);
        if (target.RawPublicKey) return ValueTask.FromResult(_rawKeys.TryGetValue(target.Address, out var raw) ? raw(target) : new Observation { Target = target, Outcome = ProbeOutcome.AlgorithmNotOffered, Detail = "it has none" });
        if (_servers.TryGetValue((target.Address, target.Algorithm), out var server)) return ValueTask.FromResult(server(target));
        return ValueTask.FromResult(new Observation { Target = target, Outcome = target.Algorithm == KeyAlgorithm.Any ? ProbeOutcome.Refused : ProbeOutcome.AlgorithmNotOffered, Detail = "nobody is here" });
    }

    public Task<CheckReport> CheckAsync(string target, CheckOptions? options = null)
    {
        Assert.True(CheckTarget.TryParse(target, out var parsed, out var fault), fault);
        return new DaneChecker(this, this, options ?? new(), Clock).CheckAsync(parsed, null, TestContext.Current.CancellationToken);
    }

    private static Answer Found(Question question, Security security, ImmutableArray<Octets> data, uint timeToLive, uint? originalTimeToLive) => new()
    {
        Question = question,
        Security = security,
        ResponseCode = ResponseCode.NoError,
        FinalName = question.Name,
        Chain = [new(new(question.Name, question.Type, RecordClass.IN, timeToLive, data), security) { OriginalTimeToLive = originalTimeToLive }],
        Reason = security == Security.Secure ? LookupReason.ValidSignature : LookupReason.InsecureDelegation,
        Explanation = security == Security.Secure ? "signed" : "the delegation of example has no DS",
    };

    private static Answer Denial(Question question, Security security, ResponseCode code) => new()
    {
        Question = question,
        Security = security,
        ResponseCode = code,
        FinalName = question.Name,
        Reason = security == Security.Secure ? LookupReason.ProvenNoData : LookupReason.InsecureDelegation,
        Explanation = security == Security.Secure ? "proven" : "the delegation of example has no DS",
    };
}
