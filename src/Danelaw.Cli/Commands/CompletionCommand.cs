using System.CommandLine;
using System.Text;
using Danelaw.Cli.Rendering.Shells;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Commands;

/// <summary><c>completion SHELL</c>: the script by which a shell completes calls of this command.</summary>
internal sealed class CompletionCommand : Verb
{
    private readonly Argument<string> _shell = new("SHELL") { HelpName = "SHELL" };

    public CompletionCommand() => _shell.CompletionSources.Add([.. Shell.Names]);

    public override string Name => "completion";

    public override VerbGroup Group => VerbGroup.Itself;

    public override string Summary => "completions for bash, zsh, fish and PowerShell";

    public override IReadOnlyList<string> Usage => ["SHELL"];

    public override IReadOnlyList<string> Description =>
    [
        $"SHELL is {string.Join(", ", Shell.Names.SkipLast(1))} or {Shell.Names[^1]}. The script goes to standard output; it knows the verbs and options of this very version, and asks nobody while you type. The Debian package brings those for bash, zsh and fish.",
        "For one session it is sourced; to stay it goes into a file that the shell reads by itself.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "written")];

    public override IReadOnlyList<string> Examples =>
    [
        "source <(danelaw completion bash)",
        "danelaw completion bash > ~/.local/share/bash-completion/completions/danelaw",
        "danelaw completion zsh > ~/.zfunc/_danelaw   # where fpath has ~/.zfunc",
        "danelaw completion fish > ~/.config/fish/completions/danelaw.fish",
        "danelaw completion powershell | Out-String | Invoke-Expression",
    ];

    public override IReadOnlyList<Argument> Arguments => [_shell];

    // A script has one form.
    public override IReadOnlyList<Option> Unused => OutputOptions.All;

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Output.IsJson) throw new MisuseException("a completion script has no JSON form");
        var name = call.Parsed.GetValue(_shell)!;
        var script = Shell.ScriptFor(name, new VerbTree()) ?? throw new MisuseException($"there is no completion for '{name}'", $"there is one for {string.Join(", ", Shell.Names)}");
        call.Voice.Result(Encoding.UTF8.GetBytes(script));
        return Task.FromResult(ExitCode.Good);
    }
}
