namespace Danelaw.Cli.Rendering;

/// <summary><c>danelaw.explain/1</c>.</summary>
internal static class ExplanationJson
{
    public static byte[] Write(Explanation explanation) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.explain/1");
        json.WriteString("code", explanation.Code);
        json.WriteString("kind", explanation.Kind);
        json.WriteString("title", explanation.Title);
        json.WriteString("text", explanation.Markdown);
    });
}
