using Danelaw.Verification;
using static Danelaw.Cli.Rendering.NullableJson;

namespace Danelaw.Cli.Rendering;

/// <summary><c>danelaw.verify/1</c>.</summary>
internal static class VerdictJson
{
    public static byte[] Document(DaneVerdict verdict) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.verify/1");
        json.WriteBoolean("matched", verdict.IsMatch);
        Number(json, "usage", (byte?)verdict.Record?.Usage);
        Number(json, "selector", (byte?)verdict.Record?.Selector);
        Number(json, "matching", (byte?)verdict.Record?.Matching);
        Number(json, "depth", verdict.Depth);
        json.WriteString("reason", Kebab.Of(verdict.Reason));
    });
}
