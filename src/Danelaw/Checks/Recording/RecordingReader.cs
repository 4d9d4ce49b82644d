using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Danelaw.Certificates;
using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;

namespace Danelaw.Checks.Recording;

/// <summary>Reads recordings. Whatever the file holds, the outcome is a recording or a fault that says where.</summary>
internal static class RecordingReader
{
    /// <summary>A recording of the largest domain is below a tenth of this.</summary>
    private const int MaximumLength = 64 << 20;

    internal static bool TryRead(Stream stream, [NotNullWhen(true)] out CheckRecording? recording, out string fault)
    {
        recording = null;
        if (!TryReadAll(stream, out var octets))
        {
            fault = "the file is larger than any recording";
            return false;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(octets, new() { MaxDepth = 16 });
        }
        catch (JsonException exception)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"the file is no JSON: line {exception.LineNumber + 1}, octet {exception.BytePositionInLine + 1}");
            return false;
        }

        using (document)
        {
            var root = new JsonField(document.RootElement, "");
            recording = Read(root);
            fault = root.Fault ?? "";
            if (fault.Length > 0) recording = null;
        }

        return recording is not null;
    }

    private static CheckRecording? Read(JsonField root)
    {
        if (root.Text("schema") is var schema && schema != RecordingWriter.Schema)
        {
            root.Refuse("schema", $"is not {RecordingWriter.Schema}: this is no recording of a check that this version knows");
            return null;
        }

        var target = ReadTarget(root);
        var now = root.Time("now");
        var resolver = ReadResolver(root.Object("resolver"));
        var options = ReadOptions(root.Object("options"));
        var servers = root.Has("servers") ? ReadServers(root.Object("servers")) : null;
        ImmutableArray<Exchange> exchanges = [.. root.Objects("exchanges").Select(ReadExchange)];
        ImmutableArray<Answer> limited = [.. root.Objects("limited").Select(ReadLimited)];
        ImmutableArray<Observation> observations = [.. root.Objects("observations").Select(ReadObservation)];
        if (exchanges.Select(exchange => exchange.Query).Distinct().Count() != exchanges.Length) root.Refuse("exchanges", "hold the same query twice");
        if (limited.Select(answer => answer.Question).Distinct().Count() != limited.Length) root.Refuse("limited", "hold the same question twice");
        if (observations.Select(observation => observation.Target).Distinct().Count() != observations.Length) root.Refuse("observations", "hold the same endpoint twice");
        return target is null || root.Fault is not null ? null : new()
        {
            Target = target,
            Now = now,
            Resolver = resolver,
            Options = options,
            Exchanges = exchanges,
            LimitedLookups = limited,
            Observations = observations,
            Servers = servers,
        };
    }

    private static CheckTarget? ReadTarget(JsonField root)
    {
        ServiceProtocol? startTls = root.Has("startTls") ? root.Enum<ServiceProtocol>("startTls") : null;
        if (startTls is { } told && !ServiceTable.All.Any(service => service.Protocol == told && service.StartTls is not null))
        {
            root.Refuse("startTls", "is no protocol in which TLS is started");
            return null;
        }

        var asksSrv = root.Has("srv") && root.Flag("srv");
        if (asksSrv && startTls is not null) root.Refuse("srv", "stands beside startTls");
        return root.Parse("target", (string text, [NotNullWhen(true)] out CheckTarget? target, out string fault) => 
            asksSrv ? CheckTarget.TryParseSrv(text, out target, out fault) : CheckTarget.TryParse(text, startTls, out target, out fault));
    }

    private static ResolverOptions ReadResolver(JsonField json)
    {
        ImmutableArray<DnsServer> upstreams = [.. json.Objects("upstreams").Select(ReadServer)];
        var iteration = json.Has("iteration") ? ReadIteration(json.Object("iteration")) : null;
        if (upstreams.IsEmpty == iteration is null) json.Refuse("upstreams", "are missing, or stand beside an iteration");
        var records = json.Objects("anchors").Select(anchor => new ResourceRecord(anchor.Name("zone"), anchor.Type("type"), RecordClass.IN, 0, anchor.Octets("data"))).ToArray();
        if (!TrustAnchors.TryCreate(records, out var anchors, out _)) json.Refuse("anchors", "are neither DS nor DNSKEY");
        return new()
        {
            Upstreams = upstreams,
            Iteration = iteration,
            Anchors = anchors ?? TrustAnchors.None,
            NegativeAnchors = [.. json.Values("negativeAnchors").Select(value => value.AsName())],
            ClockSkew = json.Seconds("clockSkewSeconds"),
            AcceptSha1 = json.Flag("acceptSha1"),
            Nsec3IterationLimit = json.Number("nsec3IterationLimit", 0, ushort.MaxValue),
        };
    }

    private static IterationOptions ReadIteration(JsonField json)
    {
        var records = json.Objects("hints").Select(hint => new ResourceRecord(hint.Name("zone"), hint.Type("type"), RecordClass.IN, 0, hint.Octets("data"))).ToArray();
        if (!RootHints.TryCreate(records, out var hints, out _)) json.Refuse("hints", "are not NS, A and AAAA records that belong together");
        var iteration = new IterationOptions
        {
            Hints = hints ?? RootHints.Iana,
            UseIPv4 = json.Flag("ipv4"),
            UseIPv6 = json.Flag("ipv6"),
            Tries = json.Number("tries", 1, 20),
            Port = json.Number("port", 1, ushort.MaxValue),
        };
        if (iteration is { UseIPv4: false, UseIPv6: false }) json.Refuse("ipv4", "and ipv6 leave no address to ask");
        return iteration;
    }

    private static CheckOptions ReadOptions(JsonField json) => new()
    {
        Families = json.Enum<AddressFamilies>("families"),
        MaximumHosts = json.Number("maximumHosts", 1, 10_000),
        MaximumAddresses = json.Number("maximumAddresses", 1, 10_000),
        ExpiresSoon = json.Seconds("expiresSoonSeconds"),
        ConnectTo = [.. json.Values("connectTo").Select(value => value.Parse<ConnectToRule>(ConnectToRule.TryParse)).OfType<ConnectToRule>()],
        AskedWith = json.Has("askedWith") ? [.. json.Values("askedWith").Select(value => value.AsText())] : [],
        KeyAlgorithms = json.Has("keyAlgorithms") ? ReadKeyAlgorithms(json) : RecordingWriter.UnsaidKeyAlgorithms,
        RawPublicKey = json.Has("rawPublicKey") && json.Flag("rawPublicKey"),
        SeeksMisplaced = json.Has("seeksMisplaced") && json.Flag("seeksMisplaced"),
        IsIterating = json.Has("isIterating") && json.Flag("isIterating"),
        AllServices = json.Has("allServices") && json.Flag("allServices"),
        Also = json.Has("also") ? ReadAlso(json) : [],
        Next = json.IsList("next") ? [.. json.Values("next").Select(value => value.AsOctets())] : json.Has("next") ? [json.Octets("next")] : [],
        Roots = json.Has("roots") ? new TrustStore(json.Values("roots").Select(value => value.AsOctets())) : null,
    };

    private static ImmutableArray<CheckTarget> ReadAlso(JsonField json)
    {
        ImmutableArray<CheckTarget> targets = [.. json.Values("also").Select(value => value.Parse<CheckTarget>(CheckTarget.TryParse)).OfType<CheckTarget>()];
        if (targets.Any(target => !target.IsHostOfService)) json.Refuse("also", "are not services of hosts");
        return targets;
    }

    private static ImmutableArray<KeyAlgorithm> ReadKeyAlgorithms(JsonField json)
    {
        ImmutableArray<KeyAlgorithm> algorithms = [.. json.Values("keyAlgorithms").Select(value => value.AsEnum<KeyAlgorithm>())];
        if (algorithms.Contains(KeyAlgorithm.Any) || algorithms.Distinct().Count() != algorithms.Length) json.Refuse("keyAlgorithms", "are not distinct kinds of key");
        return algorithms;
    }

    private static DnsServer ReadServer(JsonField json) => new(json.Enum<TransportKind>("kind"), json.EndPoint("endPoint"), json.Has("hostName") ? json.Text("hostName") : null, json.Has("path") ? json.Text("path") : null);

    private static Exchange ReadExchange(JsonField json)
    {
        var query = new DnsQuery(new(json.Name("name"), json.Type("type")), ReadServer(json.Object("server")), json.Flag("recursionDesired"), json.Flag("dnssecOk"), json.Flag("checkingDisabled"));
        return new(query, json.Enum<ExchangeOutcome>("outcome"), json.Octets("reply"), json.Text("detail"));
    }

    private static ServerRecording ReadServers(JsonField json)
    {
        var servers = new ServerRecording
        {
            NonName = json.Text("nonName"),
            IsCutShort = json.Has("isCutShort") && json.Flag("isCutShort"),
            CutShort = json.Has("cutShort") ? [.. json.Values("cutShort").Select(value => value.AsName())] : [],
            Exchanges = [.. json.Objects("exchanges").Select(ReadExchange)],
        };
        if (servers.NonName.Length is 0 or > DomainName.MaximumLabelLength || !Ascii.IsValid(servers.NonName)) json.Refuse("nonName", "is no label");
        if (servers.Exchanges.Select(exchange => exchange.Query).Distinct().Count() != servers.Exchanges.Length) json.Refuse("exchanges", "hold the same query twice");
        return servers;
    }

    private static Answer ReadLimited(JsonField json) => new()
    {
        // A failure, whatever the file says: a forged entry can make nothing look better than it is.
        Question = new(json.Name("name"), json.Type("type")),
        FinalName = json.Name("finalName"),
        Security = Security.Indeterminate,
        Reason = LookupReason.LimitReached,
        ResponseCode = json.Has("rcode") ? (ResponseCode)json.Number("rcode", 0, 4095) : null,
        Explanation = json.Text("explanation"),
        ExtendedError = json.Has("edeCode") ? new((ushort)json.Number("edeCode", 0, ushort.MaxValue), json.Text("edeText")) : null,
    };

    private static Observation ReadObservation(JsonField json) => new()
    {
        Target = new(json.EndPoint("address"), json.EndPoint("connectTo"), json.Enum<ServiceProtocol>("protocol"), json.Name("serverName"), json.Enum<KeyAlgorithm>("algorithm"))
        {
            ServiceName = json.Has("serviceName") ? json.Name("serviceName") : null,
            RawPublicKey = json.Has("asksRawPublicKey") && json.Flag("asksRawPublicKey"),
        },
        Outcome = json.Enum<ProbeOutcome>("outcome"),
        TlsVersion = json.Text("tlsVersion"),
        CipherSuite = json.Text("cipherSuite"),
        Detail = json.Text("detail"),
        Prober = json.Has("prober") ? json.Enum<ProberKind>("prober") : default,
        RawPublicKey = json.Has("rawPublicKey") ? json.Octets("rawPublicKey") : default,
        Chain = [.. json.Values("chain").Select(value => value.AsOctets())],
        Transcript = [.. json.Values("transcript").Select(value => value.AsText())],
    };

    private static bool TryReadAll(Stream stream, out ReadOnlyMemory<byte> octets)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[81920];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            if (copy.Length + count > MaximumLength)
            {
                octets = default;
                return false;
            }

            copy.Write(buffer, 0, count);
        }

        octets = copy.ToArray();

        // RFC 8259 §8.1: a byte order mark may be ignored.
        if (octets.Span.StartsWith<byte>([0xEF, 0xBB, 0xBF])) octets = octets[3..];
        return true;
    }
}
