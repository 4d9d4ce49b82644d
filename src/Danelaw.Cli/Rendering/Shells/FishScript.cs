using System.Collections.Immutable;
using System.Text;

namespace Danelaw.Cli.Rendering.Shells;

/// <summary>Completion for fish.</summary>
internal static class FishScript
{
    private const string Head = """
        # fish completion for danelaw, made by: danelaw completion fish

        # The verb that stands in the line so far, or the words that lead to some.
        function __danelaw_call
            set -l typed (commandline -opc)
            set -e typed[1]
            set -l call
            for word in $typed
                switch (string join ' ' -- $call $word)
                    case help
                    case CALLS
                        set -a call $word
                    case '*'
                        break
                end
            end
            string join ' ' -- $call
        end

        function __danelaw_at -a call
            set -l here (__danelaw_call)
            test "$here" = "$call"
        end

        # Whether the word before is no option and no verb: what follows is a later argument.
        function __danelaw_later -a call
            set -l typed (commandline -opc)
            __danelaw_at $call; and not string match -q -- '-*' $typed[-1]; and not string match -q -- "*$typed[-1]" $call
        end

        # Anything, or @ and a file with a list.
        function __danelaw_listed
            set -l word (commandline -ct)
            string match -q -- '@*' $word; or return
            for file in (__fish_complete_path (string sub -s 2 -- $word))
                echo "@$file"
            end
        end

        complete -c danelaw -f

        """;

    public static string Write(ImmutableArray<CallNode> nodes)
    {
        var text = new StringBuilder(Head).Replace("CALLS", string.Join(' ', nodes.Where(node => node.Words.Length > 0).Select(node => Quoted(node.Words))));
        foreach (var node in nodes)
        {
            text.Append('\n');
            foreach (var (word, summary) in node.Next) Add(text, At(node), $"-a {word} -d {Quoted(summary)}");
            foreach (var option in node.Options)
            {
                var names = string.Join(' ', option.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s {name[1..]}"));
                Add(text, At(node), $"{names} -d {Quoted(option.Description)}{(option.Value is null ? "" : $" {ValueOf(option.Value)}")}");
            }

            AddArgument(text, At(node), node.First);
            if (node.Later != node.First) AddArgument(text, $"__danelaw_later {Inner(node.Words)}", node.Later);
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string condition, string rest) => text.Append($"complete -c danelaw -n {Quoted(condition)} {rest}\n");

    private static void AddArgument(StringBuilder text, string condition, Offer offer)
    {
        var offered = offer.Kind switch
        {
            OfferKind.Nothing or OfferKind.Anything => "",
            OfferKind.File => "-F",
            OfferKind.Folder => "-a '(__fish_complete_directories)'",
            OfferKind.Listed => "-a '(__danelaw_listed)'",
            OfferKind.Words => $"-a {Quoted(offer.Words)}",
        };
        if (offered.Length > 0) Add(text, condition, offered);
    }

    private static string ValueOf(Offer offer) => offer.Kind switch
    {
        OfferKind.Nothing or OfferKind.Anything => "-x",
        OfferKind.File => "-r -F",
        OfferKind.Folder => "-x -a '(__fish_complete_directories)'",
        OfferKind.Listed => "-x -a '(__danelaw_listed)'",
        OfferKind.Words => $"-x -a {Quoted(offer.Words)}",
    };

    private static string At(CallNode node) => $"__danelaw_at {Inner(node.Words)}";

    private static string Inner(string words) => $"\"{words}\"";

    private static string Quoted(string text) => Shell.Quoted(text.Replace("\\", "\\\\", StringComparison.Ordinal), "\\'");
}
