namespace Danelaw.Checks;

/// <summary>The stable codes of findings, a file a prefix. Each has its page in <c>docs/findings/</c>, shown by <c>danelaw explain</c>.</summary>
public static partial class FindingCodes;
