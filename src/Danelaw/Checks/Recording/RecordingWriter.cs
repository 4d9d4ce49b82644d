using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Checks.Recording;

/// <summary>Writes recordings as JSON.</summary>
internal static class RecordingWriter
{
    // What has its default is left out where it came to this schema later: earlier files and later ones of the same check are then the same.
    internal const string Schema = "danelaw.evidence/1";

    /// <summary>The kinds of key that were asked for before a recording said which: a recording that says nothing is one of those.</summary>
    internal static readonly ImmutableArray<KeyAlgorithm> UnsaidKeyAlgorithms = [KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa];

    internal static void Write(CheckRecording recording, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        WriteTarget(json, recording.Target);
        json.WriteString("now", recording.Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        WriteResolver(json, recording.Resolver);
        WriteOptions(json, recording.Options);
        json.WriteStartArray("exchanges");
        foreach (var exchange in recording.Exchanges) WriteExchange(json, exchange);
        json.WriteEndArray();
        json.WriteStartArray("limited");
        foreach (var answer in recording.LimitedLookups) WriteLimited(json, answer);
        json.WriteEndArray();
        json.WriteStartArray("observations");
        foreach (var observation in recording.Observations) WriteObservation(json, observation);
        json.WriteEndArray();
        if (recording.Servers is { } servers) WriteServers(json, servers);
        json.WriteEndObject();
    }

    private static void WriteServers(Utf8JsonWriter json, ServerRecording servers)
    {
        json.WriteStartObject("servers");
        json.WriteString("nonName", servers.NonName);
        if (servers.IsCutShort) json.WriteBoolean("isCutShort", true);
        if (!servers.CutShort.IsEmpty)
        {
            json.WriteStartArray("cutShort");
            foreach (var zone in servers.CutShort) json.WriteStringValue(zone.ToString());
            json.WriteEndArray();
        }

        json.WriteStartArray("exchanges");
        foreach (var exchange in servers.Exchanges) WriteExchange(json, exchange);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, CheckTarget target)
    {
        json.WriteString("target", target.Text);
        if (target.StartTls is { } protocol) json.WriteString("startTls", protocol.ToString());
        if (target.AsksSrv) json.WriteBoolean("srv", true);
    }

    private static void WriteResolver(Utf8JsonWriter json, ResolverOptions resolver)
    {
        json.WriteStartObject("resolver");
        json.WriteStartArray("upstreams");
        foreach (var server in resolver.Upstreams) WriteServer(json, server);
        json.WriteEndArray();
        if (resolver.Iteration is { } iteration) WriteIteration(json, iteration);
        json.WriteStartArray("anchors");
        foreach (var zone in resolver.Anchors.Zones)
        {
            foreach (var data in zone.DelegationSigners) WriteAnchor(json, zone.Zone, RecordType.DS, data);
            foreach (var data in zone.Keys) WriteAnchor(json, zone.Zone, RecordType.DNSKEY, data);
        }

        json.WriteEndArray();
        json.WriteStartArray("negativeAnchors");
        foreach (var name in resolver.NegativeAnchors) json.WriteStringValue(name.ToString());
        json.WriteEndArray();
        json.WriteNumber("clockSkewSeconds", resolver.ClockSkew.TotalSeconds);
        json.WriteBoolean("acceptSha1", resolver.AcceptSha1);
        json.WriteNumber("nsec3IterationLimit", resolver.Nsec3IterationLimit);
        json.WriteEndObject();
    }

    private static void WriteIteration(Utf8JsonWriter json, IterationOptions iteration)
    {
        json.WriteStartObject("iteration");
        json.WriteStartArray("hints");
        foreach (var record in iteration.Hints.Records) WriteAnchor(json, record.Owner, record.Type, record.Data);
        json.WriteEndArray();
        json.WriteBoolean("ipv4", iteration.UseIPv4);
        json.WriteBoolean("ipv6", iteration.UseIPv6);
        json.WriteNumber("tries", iteration.Tries);
        json.WriteNumber("port", iteration.Port);
        json.WriteEndObject();
    }

    private static void WriteAnchor(Utf8JsonWriter json, DomainName zone, RecordType type, Dns.Octets data)
    {
        json.WriteStartObject();
        json.WriteString("zone", zone.ToString());
        json.WriteString("type", RecordTypes.ToText(type));
        json.WriteBase64String("data", data.Span);
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, CheckOptions options)
    {
        json.WriteStartObject("options");
        json.WriteString("families", options.Families.ToString());
        json.WriteNumber("maximumHosts", options.MaximumHosts);
        json.WriteNumber("maximumAddresses", options.MaximumAddresses);
        json.WriteNumber("expiresSoonSeconds", options.ExpiresSoon.TotalSeconds);
        json.WriteStartArray("connectTo");
        foreach (var rule in options.ConnectTo) json.WriteStringValue(rule.ToString());
        json.WriteEndArray();
        if (!options.AskedWith.IsEmpty)
        {
            json.WriteStartArray("askedWith");
            foreach (var word in options.AskedWith) json.WriteStringValue(word);
            json.WriteEndArray();
        }

        if (!options.KeyAlgorithms.SequenceEqual(UnsaidKeyAlgorithms))
        {
            json.WriteStartArray("keyAlgorithms");
            foreach (var algorithm in options.KeyAlgorithms) json.WriteStringValue(algorithm.ToString());
            json.WriteEndArray();
        }

        if (options.RawPublicKey) json.WriteBoolean("rawPublicKey", true);
        if (options.SeeksMisplaced) json.WriteBoolean("seeksMisplaced", true);
        if (options.IsIterating) json.WriteBoolean("isIterating", true);
        if (options.AllServices) json.WriteBoolean("allServices", true);
        if (!options.Also.IsEmpty)
        {
            json.WriteStartArray("also");
            foreach (var target in options.Also) json.WriteStringValue(target.Text);
            json.WriteEndArray();
        }

        // One alone as earlier versions wrote it.
        if (options.Next is [var only])
        {
            json.WriteBase64String("next", only.Span);
        }
        else if (!options.Next.IsEmpty)
        {
            json.WriteStartArray("next");
            foreach (var next in options.Next) json.WriteBase64StringValue(next.Span);
            json.WriteEndArray();
        }

        if (options.Roots is { } roots)
        {
            json.WriteStartArray("roots");
            foreach (var der in roots.Encoded) json.WriteBase64StringValue(der.Span);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, DnsServer server)
    {
        json.WriteStartObject();
        json.WriteString("kind", server.Kind.ToString());
        json.WriteString("endPoint", server.EndPoint.ToString());
        if (server.HostName is { } host) json.WriteString("hostName", host);
        if (server.Path is { } path) json.WriteString("path", path);
        json.WriteEndObject();
    }

    private static void WriteExchange(Utf8JsonWriter json, Exchange exchange)
    {
        json.WriteStartObject();
        json.WriteString("name", exchange.Query.Question.Name.ToString());
        json.WriteString("type", RecordTypes.ToText(exchange.Query.Question.Type));
        json.WritePropertyName("server");
        WriteServer(json, exchange.Query.Server);
        json.WriteBoolean("recursionDesired", exchange.Query.RecursionDesired);
        json.WriteBoolean("dnssecOk", exchange.Query.DnssecOk);
        json.WriteBoolean("checkingDisabled", exchange.Query.CheckingDisabled);
        json.WriteString("outcome", exchange.Outcome.ToString());
        json.WriteString("detail", exchange.Detail);
        json.WriteBase64String("reply", exchange.Reply.Span);
        json.WriteEndObject();
    }

    private static void WriteLimited(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject();
        json.WriteString("name", answer.Question.Name.ToString());
        json.WriteString("type", RecordTypes.ToText(answer.Question.Type));
        json.WriteString("finalName", answer.FinalName.ToString());
        if (answer.ResponseCode is { } code) json.WriteNumber("rcode", (ushort)code);
        json.WriteString("explanation", answer.Explanation);
        if (answer.ExtendedError is { } error)
        {
            json.WriteNumber("edeCode", error.Code);
            json.WriteString("edeText", error.Text);
        }

        json.WriteEndObject();
    }

    private static void WriteObservation(Utf8JsonWriter json, Observation observation)
    {
        var target = observation.Target;
        json.WriteStartObject();
        json.WriteString("address", target.Address.ToString());
        json.WriteString("connectTo", target.ConnectTo.ToString());
        json.WriteString("protocol", target.Protocol.ToString());
        json.WriteString("serverName", target.ServerName.ToString());
        json.WriteString("algorithm", target.Algorithm.ToString());
        if (target.ServiceName is { } served) json.WriteString("serviceName", served.ToString());
        if (target.RawPublicKey) json.WriteBoolean("asksRawPublicKey", true);
        json.WriteString("outcome", observation.Outcome.ToString());
        json.WriteString("tlsVersion", observation.TlsVersion);
        json.WriteString("cipherSuite", observation.CipherSuite);
        json.WriteString("detail", observation.Detail);
        if (observation.Prober != ProberKind.SslStream) json.WriteString("prober", observation.Prober.ToString());
        if (observation.RawPublicKey.Length > 0) json.WriteBase64String("rawPublicKey", observation.RawPublicKey.Span);
        json.WriteStartArray("chain");
        foreach (var certificate in observation.Chain) json.WriteBase64StringValue(certificate.Span);
        json.WriteEndArray();
        json.WriteStartArray("transcript");
        foreach (var line in observation.Transcript) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
