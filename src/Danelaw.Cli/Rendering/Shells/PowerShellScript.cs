using System.Collections.Immutable;
using System.Text;

namespace Danelaw.Cli.Rendering.Shells;

/// <summary>Completion for PowerShell; where nothing is offered it offers files by itself.</summary>
internal static class PowerShellScript
{
    private const string Head = """
        # PowerShell completion for danelaw, made by: danelaw completion powershell

        Register-ArgumentCompleter -Native -CommandName danelaw -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)

            # Where the words of a call lead: the words that go on, and what each is for.
            $verbs = @{

        """;

    private const string Middle = """
            }

            # The options there: names, what a value may be (- for none), and what it does.
            $options = @{

        """;

    private const string Places = """
            }

            # What the first argument of a verb may be, and what later ones.
            $arguments = @{

        """;

    private const string Foot = """
            }

            function Show($text, $meaning) {
                if ($text -like "$wordToComplete*") { [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $meaning) }
            }

            $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
            $call = ''
            $offer = $null
            $place = 0
            foreach ($word in $typed) {
                if ($offer) { $offer = $null; continue }
                if ($word.StartsWith('-')) {
                    $option = $options[$call] | Where-Object { ($_ -split '\|')[0] -split ' ' -ccontains $word }
                    $offer = if ($option) { ($option -split '\|')[1] }
                    if ($offer -eq '-') { $offer = $null }
                    continue
                }
                $next = "$call $word".Trim()
                if ($place -eq 0 -and $options.ContainsKey($next)) { $call = $next }
                elseif ($next -ne 'help') { $place++ }
            }

            if (-not $offer -and $wordToComplete.StartsWith('-')) {
                foreach ($option in $options[$call]) {
                    $names, $value, $meaning = $option -split '\|', 3
                    foreach ($name in $names -split ' ') { Show $name $meaning }
                }
                return
            }
            if (-not $offer -and $verbs.ContainsKey($call)) {
                foreach ($verb in $verbs[$call]) {
                    $word, $meaning = $verb -split '\|', 2
                    Show $word $meaning
                }
                return
            }
            if (-not $offer -and $arguments.ContainsKey($call)) { $offer = $arguments[$call][[Math]::Min($place, 1)] }
            if ($offer -like 'words *') {
                foreach ($word in $offer.Substring(6) -split ' ') { Show $word $word }
            }
        }

        """;

    public static string Write(ImmutableArray<CallNode> nodes)
    {
        var text = new StringBuilder(Head);
        foreach (var node in nodes.Where(node => !node.Next.IsEmpty)) Entry(text, node, node.Next.Select(next => $"{next.Word}|{next.Summary}"));
        text.Append(Middle);
        foreach (var node in nodes) Entry(text, node, node.Options.Select(option => $"{string.Join(' ', option.Names)}|{Word(option.Value)}|{option.Description}"));
        text.Append(Places);
        foreach (var node in nodes.Where(node => node.First.Kind == OfferKind.Words || node.Later.Kind == OfferKind.Words)) Entry(text, node, [Word(node.First), Word(node.Later)]);
        return text.Append(Foot).ToString();
    }

    private static void Entry(StringBuilder text, CallNode node, IEnumerable<string> rows)
    {
        text.Append($"        {Quoted(node.Words)} = @(\n");
        foreach (var row in rows) text.Append($"            {Quoted(row)}\n");
        text.Append("        )\n");
    }

    /// <summary>Of what may stand there only the words matter: files PowerShell offers by itself.</summary>
    private static string Word(Offer? offer) => offer is null ? "-" : offer.Kind == OfferKind.Words ? $"words {offer.Words}" : "any";

    private static string Quoted(string text) => Shell.Quoted(text, "''");
}
