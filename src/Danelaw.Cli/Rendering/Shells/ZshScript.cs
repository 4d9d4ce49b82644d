using System.Collections.Immutable;
using System.Text;

namespace Danelaw.Cli.Rendering.Shells;

/// <summary>Completion for zsh: a function for every place, called one after the other along the words.</summary>
internal static class ZshScript
{
    private const string Head = """
        #compdef danelaw
        # zsh completion for danelaw, made by: danelaw completion zsh

        # At a place that verbs follow: offers them, or goes on to the one that stands there.
        _danelaw_go() {
            local place=$1
            if (( CURRENT == 2 )); then
                if [[ $PREFIX == -* ]]; then _arguments $options
                else _describe -t verbs verb verbs
                fi
                return
            fi
            local next=${place}_$words[2]
            [[ $words[2] != help ]] || next=_danelaw
            shift words
            (( CURRENT-- ))
            (( ! $+functions[$next] )) || $next
        }

        # Anything, or @ and a file with a list.
        _danelaw_listed() {
            compset -P '@' && _files
        }

        """;

    private const string Foot = """

        # Found by compinit in a folder of fpath it is called; sourced it makes itself known.
        if [[ $funcstack[1] == _danelaw ]]; then _danelaw "$@"
        else compdef _danelaw danelaw
        fi

        """;

    public static string Write(ImmutableArray<CallNode> nodes)
    {
        var text = new StringBuilder(Head);
        foreach (var node in nodes)
        {
            text.Append($"\n_danelaw{(node.Words.Length == 0 ? "" : "_")}{node.Words.Replace(' ', '_')}() {{\n");
            if (node.Next.IsEmpty)
            {
                text.Append("    _arguments");
                foreach (var spec in node.Options.Select(OptionOf).Concat(ArgumentsOf(node))) text.Append($" \\\n        {spec}");
                text.Append('\n');
            }
            else
            {
                text.Append("    local -a verbs=(\n");
                foreach (var (word, summary) in node.Next) text.Append($"        {Quoted($"{word}:{summary}")}\n");
                text.Append("    ) options=(\n");
                foreach (var option in node.Options) text.Append($"        {OptionOf(option)}\n");
                text.Append($"    )\n    _danelaw_go $0\n");
            }

            text.Append("}\n");
        }

        return text.Append(Foot).ToString();
    }

    /// <summary><c>'(-q --quiet)'{-q,--quiet}'[text]'</c>, <c>'*--name=[text]:HOST: '</c>.</summary>
    private static string OptionOf(CallOption option)
    {
        var explained = $"[{Escaped(option.Description, "[]")}]";
        if (option.Value is not null) explained += $":{Escaped(option.Value.Shown, ":")}:{ActionOf(option.Value)}";
        var mark = option.IsRepeatable ? "*" : "";
        var equals = option.Value is null ? "" : "=";
        return option.Names is [var only]
            ? Quoted($"{mark}{only}{equals}{explained}")
            : $"{(option.IsRepeatable ? "'*'" : Quoted($"({string.Join(' ', option.Names)})"))}{{{string.Join(',', option.Names.Select(name => name.Length > 2 ? name + equals : name))}}}{Quoted(explained)}";
    }

    private static IEnumerable<string> ArgumentsOf(CallNode node)
    {
        if (node.First.Kind != OfferKind.Nothing) yield return Quoted($"1:{node.First.Shown}:{ActionOf(node.First)}");
        if (node.Later.Kind != OfferKind.Nothing) yield return Quoted($"*:{node.Later.Shown}:{ActionOf(node.Later)}");
    }

    private static string ActionOf(Offer offer) => offer.Kind switch
    {
        OfferKind.Nothing or OfferKind.Anything => " ",
        OfferKind.File => "_files",
        OfferKind.Folder => "_files -/",
        OfferKind.Listed => "_danelaw_listed",
        OfferKind.Words => $"({offer.Words})",
    };

    private static string Escaped(string text, string characters)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal);
        foreach (var character in characters) text = text.Replace($"{character}", $"\\{character}", StringComparison.Ordinal);
        return text;
    }

    private static string Quoted(string text) => Shell.Quoted(text, "'\\''");
}
