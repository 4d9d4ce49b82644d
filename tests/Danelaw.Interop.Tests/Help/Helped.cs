using System.Text.RegularExpressions;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Help;

/// <summary>What the help of <c>./danelaw</c> says that there is, for holding completions and manual pages against.</summary>
internal static partial class Helped
{
    // Asked once for all tests: each verb's help is a process.
    private static readonly Lazy<Task<(string Verb, string[] Options)[]>> Told = new(AskAsync);

    /// <summary>Every verb with its long options.</summary>
    public static Task<(string Verb, string[] Options)[]> VerbsAsync() => Told.Value;

    private static async Task<(string Verb, string[] Options)[]> AskAsync()
    {
        var told = new List<(string, string[])>();
        foreach (var verb in Verb().Matches(await SaidAsync(["--help"], CancellationToken.None)).Select(match => match.Groups[1].Value))
            told.Add((verb, [.. LongOption().Matches(await SaidAsync([.. verb.Split(' '), "--help"], CancellationToken.None)).Select(match => match.Groups[1].Value)]));
        return [.. told];
    }

    /// <summary>What the command says to a call that ends well.</summary>
    public static async Task<string> SaidAsync(IEnumerable<string> call, CancellationToken stop)
    {
        var run = await DanelawCommand.RunAsync(call, cancellationToken: stop);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run.Output;
    }

    [GeneratedRegex(@"^  (?!danelaw)([a-z]+(?: [a-z]+)*)  +[a-zA-Z]", RegexOptions.Multiline)]
    private static partial Regex Verb();

    [GeneratedRegex(@"^  (?:-., )?(--[a-z0-9-]+)", RegexOptions.Multiline)]
    private static partial Regex LongOption();
}
