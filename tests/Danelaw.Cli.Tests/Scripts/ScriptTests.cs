using System.Text;
using System.Text.RegularExpressions;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Scripts;

/// <summary>
/// Runs the scripts of this folder. A call is <c>&gt; danelaw …</c>, what it reads <c>&lt; …</c>; then stand the lines of standard output,
/// those of standard error after <c>! </c>, and the exit code as <c>= 2</c> (0 when left out). <c>[..]</c> stands for any text of a line.
/// </summary>
public sealed partial class ScriptTests
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "Danelaw.Cli.Tests", "Scripts");

    public static TheoryData<string> Scripts()
    {
        var scripts = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.txt").Order(StringComparer.Ordinal)) scripts.Add(Path.GetFileName(file));
        return scripts;
    }

    [Theory, MemberData(nameof(Scripts))]
    public async Task The_command_says_what_the_script_says(string script)
    {
        var calls = File.ReadAllText(Path.Combine(Folder, script)).Split("\n> danelaw");
        Assert.True(calls.Length > 1, "a script has at least one call");
        foreach (var call in calls.Skip(1)) await CheckAsync(call);
    }

    private static async Task CheckAsync(string call)
    {
        var lines = call.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith('#')).ToList();
        var input = new StringBuilder();
        var expected = new StringBuilder();
        var code = "0";
        foreach (var line in lines.Skip(1))
        {
            if (line.StartsWith("< ", StringComparison.Ordinal)) input.Append(line.AsSpan(2)).Append('\n');
            else if (line.StartsWith("= ", StringComparison.Ordinal)) code = line[2..];
            else expected.Append(line).Append('\n');
        }

        var run = await CommandRun.OfAsync(Words(lines[0]), input.ToString(), Path.Combine(Repository.Root, "tests", "Danelaw.Cli.Tests", "Files"));
        var error = string.Concat(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"! {line}\n"));
        var actual = $"{run.Output.TrimEnd('\n')}\n{error}".TrimStart('\n').TrimEnd('\n');
        var pattern = "^" + Regex.Escape(expected.ToString().TrimEnd('\n')).Replace(@"\[\.\.]", "[^\n]*", StringComparison.Ordinal) + "$";
        if (!Regex.IsMatch(actual, pattern)) Assert.Fail($"> danelaw {lines[0]}\nexpected:\n{expected}= {code}\nactual:\n{actual}\n= {run.Code}");
        Assert.Equal(code, run.Code.ToString());
    }

    /// <summary>Words as a shell would have them: quotes keep blanks together.</summary>
    private static List<string> Words(string line) => [.. Quoted().Matches(line).Select(match => match.Value.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal))];

    [GeneratedRegex("""(?:'[^']*'|"[^"]*"|[^\s'"])+""")]
    private static partial Regex Quoted();
}
