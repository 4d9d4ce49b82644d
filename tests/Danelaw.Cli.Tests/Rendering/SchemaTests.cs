using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Danelaw.Checks;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Tracing;
using Danelaw.Cli.Running;
using Danelaw.Comparing;
using Danelaw.Discovery;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Publishing.Signing;
using Danelaw.Operator.Setup;
using Danelaw.Probes;
using Danelaw.Servers;
using Danelaw.Tlsa;
using Danelaw.Verification;
using NJsonSchema;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>Holds the documents to their schemas, and the closed lists of the schemas to those of the code.</summary>
public sealed class SchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string PathOf(string name) => Path.Combine(Repository.Root, "docs", "schema", $"danelaw.{name}.1.json");

    /// <summary>Checks a document; a member that the schema does not name is an error here, though readers must allow it.</summary>
    internal static async Task AssertValidAsync(string name, string json)
    {
        var schema = await JsonSchema.FromFileAsync(PathOf(name), TestContext.Current.CancellationToken);
        Close(schema);
        Assert.Empty(schema.Validate(json).Select(error => error.ToString()));
    }

    private static void Close(JsonSchema schema)
    {
        if (schema.Properties.Count > 0) schema.AllowAdditionalProperties = false;
        foreach (var property in schema.Properties.Values) Close(property);
        foreach (var one in schema.OneOf) Close(one);
        if (schema.Item is { } item) Close(item);
    }

    [Fact]
    public async Task A_check_with_everything_in_it_fits_its_schema() =>
        await AssertValidAsync("check", Encoding.UTF8.GetString(CheckJson.Document(Reports.Failing)));

    [Fact]
    public async Task An_explanation_fits_its_schema() =>
        await AssertValidAsync("explain", Encoding.UTF8.GetString(ExplanationJson.Write(Explanations.All[0])));

    [Fact]
    public async Task A_match_and_a_refusal_fit_their_schema()
    {
        await AssertValidAsync("verify", Encoding.UTF8.GetString(VerdictJson.Document(new() { Reason = DaneReason.MatchedEndEntity, Record = Reports.Record, Depth = 0 })));
        await AssertValidAsync("verify", Encoding.UTF8.GetString(VerdictJson.Document(new() { Reason = DaneReason.NoPath })));
    }

    public static TheoryData<string, string, string> Lists()
    {
        var codes = typeof(FindingCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var verdicts = Members<CheckVerdict>();
        ImmutableArray<(string Schema, string Path, IEnumerable<string> Members)> lists =
        [
            ("lookup", "properties/status", Members<Security>()),
            ("lookup", "properties/reason", Members<LookupReason>()),
            ("lookup", "properties/trace/properties/zones/items/properties/status", Members<Security>()),
            ("lookup", "properties/trace/properties/zones/items/properties/ds/items/properties/state", Members<DelegationSignerState>()),
            ("lookup", "properties/trace/properties/zones/items/properties/keys/items/properties/role", Enum.GetValues<KeyRole>().Select(TraceWords.Of)),
            ("lookup", "properties/trace/properties/zones/items/properties/keySignatures/items/properties/state", Members<LookupReason>().Append("not-checked")),
            ("lookup", "properties/trace/properties/zones/items/properties/dsSignatures/items/properties/state", Members<LookupReason>().Append("not-checked")),
            ("lookup", "properties/trace/properties/steps/items/properties/signatures/items/properties/state", Members<LookupReason>().Append("not-checked")),
            ("lookup", "properties/trace/properties/end/properties/reason", Members<LookupReason>()),
            ("lookup", "properties/servers/properties/servers/items/properties/faults/items", codes),
            ("lookup", "properties/servers/properties/servers/items/properties/questions/items/properties/question", Members<ServerQuestion>()),
            ("lookup", "properties/servers/properties/servers/items/properties/questions/items/properties/outcome", Members<ExchangeOutcome>()),
            ("lookup", "properties/servers/properties/findings/items/properties/code", codes),
            ("lookup", "properties/servers/properties/findings/items/properties/severity", Members<Severity>()),
            ("verify", "properties/reason", Members<DaneReason>()),
            ("check", "properties/verdict", verdicts.Where(verdict => verdict != "unreachable")),
            ("check", "properties/reason", Members<CheckReason>()),
            ("check", "properties/services/items/properties/srv/properties/status", Members<Security>()),
            ("check", "properties/services/items/properties/srv/properties/result", Members<ServiceRouteKind>()),
            ("check", "properties/hosts/items/properties/verdict", verdicts),
            ("check", "properties/hosts/items/properties/reason", Members<CheckReason>()),
            ("check", "properties/hosts/items/properties/sender", Members<SenderAction>()),
            ("check", "properties/hosts/items/properties/tlsa/properties/status", Members<Security>().Append("null")),
            ("check", "properties/hosts/items/properties/tlsa/properties/records/items/properties/state", Members<RecordState>()),
            ("check", "properties/hosts/items/properties/tlsa/properties/records/items/properties/unusable", Members<Usability>().Where(member => member != "usable").Append("null")),
            ("check", "properties/hosts/items/properties/endpoints/items/properties/algorithm", Members<KeyAlgorithm>()),
            ("check", "properties/hosts/items/properties/endpoints/items/properties/result", EndpointResults.All),
            ("check", "properties/hosts/items/properties/endpoints/items/properties/reason", Members<DaneReason>().Append("null")),
            ("check", "properties/zones/items/properties/servers/items/properties/faults/items", codes.Where(code => code.StartsWith("SERVER-", StringComparison.Ordinal) || code.StartsWith("DNSSEC-", StringComparison.Ordinal))),
            ("check", "properties/findings/items/properties/code", codes),
            ("check", "properties/findings/items/properties/severity", Members<Severity>()),
            ("doctor", "properties/findings/items/properties/code", codes.Union(typeof(AuditCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!))),
            ("doctor", "properties/findings/items/properties/severity", Members<Severity>()),
            ("doctor", "properties/domains/items/properties/verdict", verdicts),
            ("setup", "properties/result", Members<SetupResult>().Append("planned")),
            ("setup", "properties/steps/items/properties/stage", Members<SetupStage>()),
            ("setup", "properties/steps/items/properties/state", Members<StepState>()),
            ("setup", "properties/undone/items/properties/action", Members<UndoneAction>()),
            ("setup", "properties/left/items/properties/severity", Members<Severity>()),
            ("publish", "properties/result", Members<PublishState>()),
            ("publish", "properties/owners/items/properties/outcome", Members<PublishOutcome>().Append("null")),
            ("publish", "properties/propagation/properties/servers/items/properties/standing", Members<ServerStanding>()),
            ("publish", "properties/propagation/properties/servers/items/properties/status", Members<Security>()),
            ("dnssec", "properties/state", Members<ZoneSigningState>()),
            ("dnssec", "properties/software", Enum.GetNames<SigningSoftware>().Select(name => name.ToLowerInvariant())),
            ("dnssec", "properties/servers/items/properties/byItself", Members<Security>()),
            ("dnssec", "properties/servers/items/properties/fromAbove", Members<Security>()),
            ("dnssec", "properties/parents/items/properties/status", Members<Security>()),
            ("demo", "properties/domains/items/properties/verdict", verdicts.Where(verdict => verdict != "unreachable")),
            ("demo", "properties/domains/items/properties/reason", Members<CheckReason>()),
            ("demo", "properties/domains/items/properties/findings/items", codes),
            ("lab", "properties/domains/items/properties/verdict", verdicts.Where(verdict => verdict != "unreachable")),
            ("lab", "properties/domains/items/properties/finding", codes.Append("null")),
            ("zone-check", "properties/findings/items/properties/code", typeof(ZoneFindingCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)),
            ("zone-check", "properties/findings/items/properties/severity", Members<ZoneSeverity>()),
            ("mailbox-verify", "properties/security", Members<Security>()),
            ("tlsa-compare", "properties/verdict", Members<ComparisonVerdict>()),
            ("tlsa-compare", "properties/security", Members<Security>()),
            ("tlsa-compare", "properties/keys/items/properties/endpoints/items/properties/algorithm", Members<KeyAlgorithm>()),
            ("tlsa-compare", "properties/keys/items/properties/endpoints/items/properties/result", EndpointResults.All),
            ("tlsa-compare", "properties/unseen/items/properties/algorithm", Members<KeyAlgorithm>()),
            ("tlsa-compare", "properties/unseen/items/properties/result", EndpointResults.All),
            ("check", "properties/lookups/items/properties/status", Members<Security>()),
            ("anchors", "properties/zones/items/properties/served/properties/status", Members<Security>()),
            ("anchors", "properties/zones/items/properties/served/properties/reason", Members<LookupReason>()),
            ("anchors", "properties/zones/items/properties/served/properties/keys/items/properties/state", Members<AnchorKeyState>().Append("null")),
            ("anchors", "properties/zones/items/properties/state/oneOf/1/properties/keys/items/properties/state", Members<AnchorKeyState>()),
            ("check", "properties/lookups/items/properties/reason", Members<LookupReason>()),
        ];
        return [.. lists.Select(list => new TheoryDataRow<string, string, string>(list.Schema, list.Path, string.Join(' ', list.Members.Order(StringComparer.Ordinal))))];
    }

    [Theory, MemberData(nameof(Lists))]
    public void A_closed_list_of_a_schema_is_that_of_the_code(string schema, string path, string members)
    {
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_DOCS") == "1") Update(PathOf(schema), path, members.Split(' '));
        using var document = JsonDocument.Parse(File.ReadAllText(PathOf(schema)));
        var element = path.Split('/').Aggregate(document.RootElement, (at, step) => int.TryParse(step, out var index) ? at[index] : at.GetProperty(step)).GetProperty("enum");
        Assert.Equal(members, string.Join(' ', element.EnumerateArray().Select(one => one.GetString() ?? "null").Order(StringComparer.Ordinal)));
    }

    private static void Update(string file, string path, string[] members)
    {
        var document = JsonNode.Parse(File.ReadAllText(file))!;
        path.Split('/').Aggregate(document, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!)["enum"] = new JsonArray([.. members.Select(member => member == "null" ? null : JsonValue.Create(member))]);
        File.WriteAllText(file, document.ToJsonString(Indented) + "\n");
    }

    private static IEnumerable<string> Members<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Kebab.Of);
}
