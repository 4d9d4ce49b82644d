using System.Collections.Immutable;
using System.Text;

namespace Danelaw.Cli.Rendering.Shells;

/// <summary>Completion for bash; needs nothing of the package bash-completion.</summary>
internal static class BashScript
{
    private const string Head = """
        # bash completion for danelaw, made by: danelaw completion bash

        _danelaw() {
            local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
            local verb='' option='' verbs='' options='' first='' later='' value='' glued='' place=0 i word
            COMPREPLY=()
            _danelaw_at ''
            for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                # What has a colon, an equals sign or an at sign in it stands here in pieces.
                if [[ $word == : ]]; then glued=yes
                elif [[ $word == = || $word == @ ]]; then :
                elif [[ $glued ]]; then glued=''
                elif [[ $option ]]; then option=''
                elif [[ $word == -* ]]; then ! _danelaw_takes "$verb $word" || option=$word
                elif [[ " $verbs " == *" $word "* ]]; then
                    [[ -z $verb && $word == help ]] || verb=${verb:+$verb }$word
                    _danelaw_at "$verb"
                else
                    place=$((place + 1))
                fi
            done
            [[ $current != = ]] || current=''
            if [[ $glued || $current == : ]]; then return
            elif [[ $option ]]; then _danelaw_offer "$value"
            elif [[ $current == -* ]]; then _danelaw_offer "words $options"
            elif ((place == 0)) && [[ $verbs ]]; then _danelaw_offer "words $verbs"
            elif ((place == 0)); then _danelaw_offer "$first"
            else _danelaw_offer "$later"
            fi
        }

        _danelaw_offer() {
            case $1 in
                file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
                folder) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
                listed)
                    # The at sign stands here as a word of its own, and is replaced all the same.
                    [[ $before == @ || $current == @* ]] || return 0
                    compopt -o filenames; mapfile -t COMPREPLY < <(compgen -P @ -f -- "${current#@}") ;;
                'words '*) mapfile -t COMPREPLY < <(compgen -W "${1#words }" -- "$current") ;;
            esac
        }

        """;

    public static string Write(ImmutableArray<CallNode> nodes)
    {
        var text = new StringBuilder(Head);
        text.Append("\n_danelaw_at() {\n    verbs='' options='' first='' later=''\n    case $1 in\n");
        foreach (var node in nodes)
        {
            text.Append($"        {Quoted(node.Words)}) verbs={Quoted(string.Join(' ', node.Next.Select(next => next.Word)))} options={Quoted(string.Join(' ', node.Options.SelectMany(option => option.Names)))}");
            text.Append($" first={Quoted(Word(node.First))} later={Quoted(Word(node.Later))} ;;\n");
        }

        text.Append("    esac\n}\n\n_danelaw_takes() {\n    case $1 in\n");
        var takers = nodes.SelectMany(node => node.Options.Where(option => option.Value is not null).SelectMany(option => option.Names.Select(name => (Call: $"{node.Words} {name}", Offer: Word(option.Value!)))));
        foreach (var group in takers.GroupBy(taker => taker.Offer, taker => taker.Call))
            text.Append($"        {string.Join(" | ", group.Select(Quoted))}) value={Quoted(group.Key)} ;;\n");
        text.Append("        *) return 1 ;;\n    esac\n}\n\ncomplete -F _danelaw danelaw\n");
        return text.ToString();
    }

    private static string Quoted(string text) => Shell.Quoted(text, "'\\''");

    private static string Word(Offer offer) => offer.Kind switch
    {
        OfferKind.Nothing => "",
        OfferKind.Anything => "any",
        OfferKind.File => "file",
        OfferKind.Folder => "folder",
        OfferKind.Listed => "listed",
        OfferKind.Words => $"words {offer.Words}",
    };
}
