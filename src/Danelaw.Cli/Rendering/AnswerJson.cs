using System.Text.Json;
using Danelaw.Cli.Rendering.Servers;
using Danelaw.Cli.Rendering.Tracing;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Cli.Rendering;

/// <summary><c>danelaw.lookup/1</c>, alone and among the lookups of a check.</summary>
internal static class AnswerJson
{
    /// <summary>A lookup as a document of its own.</summary>
    /// <param name="answer">What the lookup concluded.</param>
    /// <param name="name">The name as it was asked.</param>
    /// <param name="trace">The chain of trust; null unless it is to be told.</param>
    /// <param name="servers">What the zone's servers answered; null unless they were asked.</param>
    public static byte[] Document(Answer answer, string name, ChainTrace? trace = null, ServerReport? servers = null) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.lookup/1");
        Write(json, answer, name);
        WriteInsecurity(json, answer);
        if (trace is not null) TraceJson.Write(json, trace);
        if (servers is not null) ServersJson.Write(json, servers);
    });

    /// <summary>The members that every lookup has.</summary>
    public static void Write(Utf8JsonWriter json, Answer answer, string name)
    {
        json.WriteString("name", name);
        json.WriteString("type", RecordTypes.ToText(answer.Question.Type));
        json.WriteString("status", Kebab.Of(answer.Security));
        if (answer.ResponseCode is { } code) json.WriteString("rcode", ResponseCodes.ToText(code));
        else json.WriteNull("rcode");
        json.WriteStartArray("answer");
        if (!answer.IsFailure)
        {
            foreach (var link in answer.Chain)
                foreach (var record in link.Records.Records)
                    json.WriteStringValue(ZoneWriter.ToLine(record));
        }

        json.WriteEndArray();
        json.WriteString("reason", Kebab.Of(answer.Reason));
        if (answer.ExtendedError is { } error)
        {
            json.WriteStartObject("ede");
            json.WriteNumber("code", error.Code);
            json.WriteString("name", ExtendedErrors.ToText(error.Code));
            json.WriteString("text", error.Text);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("ede");
        }

        WriteFailure(json, answer.Failure);
    }

    /// <summary>Where trust ends, and why.</summary>
    private static void WriteInsecurity(Utf8JsonWriter json, Answer answer)
    {
        if (answer.Security != Security.Insecure)
        {
            json.WriteNull("insecurity");
            return;
        }

        json.WriteStartObject("insecurity");
        json.WriteString("zone", answer.InsecureZone?.ToString());
        json.WriteString("text", answer.Explanation);
        json.WriteEndObject();
    }

    /// <summary>What a failure is about, and what to do next.</summary>
    private static void WriteFailure(Utf8JsonWriter json, LookupFailure? failure)
    {
        if (failure is null)
        {
            json.WriteNull("failure");
            return;
        }

        json.WriteStartObject("failure");
        json.WriteString("zone", failure.Zone?.ToString());
        json.WriteString("owner", failure.Owner.ToString());
        json.WriteString("type", RecordTypes.ToText(failure.Type));
        if (failure.KeyTag is { } tag) json.WriteNumber("keyTag", tag);
        else json.WriteNull("keyTag");
        if (failure.Algorithm is { } algorithm) json.WriteNumber("algorithm", (int)algorithm);
        else json.WriteNull("algorithm");
        json.WriteString("server", failure.Server?.ToString());
        json.WriteString("rule", failure.Rule);
        json.WriteString("mend", failure.Mend);
        json.WriteEndObject();
    }
}
