using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Help;

/// <summary>A shell that has read its completion script, and says what it would offer at the end of a line.</summary>
/// <param name="Name">As <c>danelaw completion</c> has it.</param>
/// <param name="Program">The program.</param>
/// <param name="Driver">What the program runs: reads <c>script</c> and <c>lines</c> in the current folder, and writes what is offered for each line, and <c>.</c> behind that.</param>
internal sealed record CompletingShell(string Name, string Program, string Driver)
{
    public static CompletingShell Zsh { get; } = new("zsh", "zsh", """
        zmodload zsh/zpty zsh/zselect
        zpty shell zsh -f -i
        zpty -w shell 'PROMPT=; unsetopt zle_bracketed_paste 2> /dev/null; autoload -U compinit; compinit -u -D; source ./script'
        # Whatever is added as a match is told, and nothing is put into the line.
        zpty -w shell 'compadd() {
            if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
            local -a hits
            builtin compadd -A hits "$@"
            (( ! $#hits )) || print -rl -- "$IPREFIX"$^hits >> offered
            return $(( ! $#hits ))
        }'
        zpty -w shell 'ended() { compstate[list]= compstate[insert]= comppostfuncs=(ended); print . >> offered }; comppostfuncs=(ended); zstyle ":completion:*" insert-tab false'
        # One key takes the line from a file and asks for what would complete it.
        zpty -w shell 'ask() { BUFFER=$(<asked); CURSOR=$#BUFFER; zle complete-word }; zle -N ask; bindkey "^T" ask; print ready >> begun'
        wait_for() {
            local -i i
            for (( i = 0; i < 1000; i++ )); do
                while zpty -r -t shell REPLY; do :; done
                [[ -e $1 ]] && (( $(grep -c -F -x -- $2 $1) >= $3 )) && return
                zselect -t 2
            done
            print -u2 "zsh did not answer: $line"
            exit 1
        }
        wait_for begun ready 1
        integer count=0
        while IFS= read -r line; do
            print -rn -- $line > asked
            zpty -w -n shell $'\x14'
            (( count++ ))
            wait_for offered . $count
        done < lines
        cat offered
        """);

    public static CompletingShell Fish { get; } = new("fish", "fish", """
        source ./script
        while read -l line
            complete -C $line | string replace -r '\t.*' ''
            echo .
        end < lines
        """);

    public static CompletingShell PowerShell { get; } = new("powershell", "pwsh", """
        . ([scriptblock]::Create((Get-Content -Raw ./script)))
        foreach ($line in [System.IO.File]::ReadAllLines("$PWD/lines")) {
            (TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object { $_.CompletionText }
            '.'
        }
        """);

    /// <summary>What is offered at the end of each line.</summary>
    public async Task<string[][]> OfferAsync(IReadOnlyList<string> lines, CancellationToken stop)
    {
        var program = Peer.Require(Program);
        using var folder = new TestFolder($"completion-{Name}");
        folder.Write("script", await Helped.SaidAsync(["completion", Name], stop));
        folder.Write("driver.ps1", Driver);
        folder.Write("lines", string.Concat(lines.Select(line => line + "\n")));
        folder.Write("certs/cert.pem", "");
        string[] arguments = Name switch
        {
            "zsh" => ["-f", "driver.ps1"],
            "fish" => ["--no-config", "driver.ps1"],
            _ => ["-NoProfile", "-NonInteractive", "-File", "driver.ps1"],
        };
        // .NET in a shell of its own wants neither ICU nor a home.
        var run = await PeerProcess.RunAsync("env", [$"HOME={folder.Root}", "TERM=dumb", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", "POWERSHELL_TELEMETRY_OPTOUT=1", "NO_COLOR=1", program, .. arguments], limit: TimeSpan.FromMinutes(3), folder: folder.Root, cancellationToken: stop);
        Assert.True(run.ExitCode == 0 && run.Error.Length == 0, $"{Name} ended with {run.ExitCode}:\n{run.Everything}");
        var told = new List<string[]>();
        var current = new List<string>();
        foreach (var line in run.Output.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line != ".") { current.Add(line); continue; }
            told.Add([.. current.Where(one => one.Length > 0).Distinct().Order(StringComparer.Ordinal)]);
            current.Clear();
        }

        Assert.Equal(lines.Count, told.Count);
        return [.. told];
    }
}
