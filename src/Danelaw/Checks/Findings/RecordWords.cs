namespace Danelaw.Checks.Findings;

/// <summary>One or several records as the subject of a sentence.</summary>
/// <param name="Subject">The records.</param>
/// <param name="IsOne">Whether it is one.</param>
internal readonly record struct RecordWords(string Subject, bool IsOne)
{
    internal static RecordWords Of(IEnumerable<RecordReport> records)
    {
        string[] texts = [.. records.Select(record => Say.Short(record.Record))];
        return new((texts.Length == 1 ? "The record " : "The records ") + Say.List(texts), texts.Length == 1);
    }

    internal string Verb(string one, string several) => IsOne ? one : several;
}
