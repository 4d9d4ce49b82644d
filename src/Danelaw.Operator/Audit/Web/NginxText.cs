using System.Collections.Immutable;
using System.Text;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Web;

/// <summary>A directive of nginx, with those in its block.</summary>
/// <param name="Words">Its name and arguments.</param>
/// <param name="Block">The directives in its braces; empty for one that ends with a semicolon.</param>
/// <param name="Place">Where it begins.</param>
internal sealed record NginxDirective(ImmutableArray<string> Words, ImmutableArray<NginxDirective> Block, Place Place)
{
    internal string Name => Words[0];
}

/// <summary>nginx's configuration with everything that it includes.</summary>
internal sealed class NginxText
{
    private const int MaximumDepth = 16, MaximumDirectives = 200_000;

    private readonly HostFiles _files;
    private readonly string _prefix;
    private readonly Inclusions _inclusions = new();
    private int _count;

    private NginxText(HostFiles files, string prefix)
    {
        _files = files;
        _prefix = prefix;
    }

    /// <summary>The folder of the configuration, where paths begin that are not absolute.</summary>
    internal string Prefix => _prefix;

    internal ImmutableArray<NginxDirective> Directives { get; private set; } = [];

    internal List<SyntaxFault> Faults { get; } = [];

    internal List<HostFile> Unseen { get; } = [];

    internal static NginxText Read(HostFiles files, string path)
    {
        var text = new NginxText(files, path[..path.LastIndexOf('/')]);
        text.Directives = text.ReadFile(path, 0);
        return text;
    }

    private ImmutableArray<NginxDirective> ReadFile(string path, int depth)
    {
        var file = _files.Read(path);
        if (!file.IsRead)
        {
            if (file.State == FileState.Unseen) Unseen.Add(file);
            else Faults.Add(new(new(path, 0), "it is included and cannot be read", true));
            return [];
        }

        if (!_inclusions.TryEnter(file, out var fault))
        {
            Faults.Add(new(new(path, 0), fault, true));
            return [];
        }

        var tokens = new Queue<(string Text, bool IsQuoted, int Line)>(Tokens(file.Text));
        var directives = ReadBlock(tokens, path, depth);
        if (tokens.Count > 0) Faults.Add(new(new(path, tokens.Peek().Line), "unexpected '}'", true));
        _inclusions.Leave();
        return directives;
    }

    private ImmutableArray<NginxDirective> ReadBlock(Queue<(string Text, bool IsQuoted, int Line)> tokens, string path, int depth)
    {
        var directives = ImmutableArray.CreateBuilder<NginxDirective>();
        var words = ImmutableArray.CreateBuilder<string>();
        var line = 0;
        while (tokens.TryPeek(out var token))
        {
            if (!token.IsQuoted && token.Text == "}") break;
            tokens.Dequeue();
            if (words.Count == 0) line = token.Line;
            if (token.IsQuoted || token.Text is not (";" or "{"))
            {
                words.Add(token.Text);
                continue;
            }

            if (words.Count == 0)
            {
                Faults.Add(new(new(path, token.Line), $"unexpected '{token.Text}'", true));
                return directives.ToImmutable();
            }

            var place = new Place(path, line);
            var named = words.ToImmutable();
            words.Clear();
            if (token.Text == "{")
            {
                if (depth > MaximumDepth) return directives.ToImmutable();
                var block = ReadBlock(tokens, path, depth + 1);
                if (!tokens.TryDequeue(out _)) Faults.Add(new(place, "the block is not closed", true));
                directives.Add(new(named, block, place));
            }
            else if (named is ["include", var target])
            {
                Include(target, depth, place, directives);
            }
            else if (++_count < MaximumDirectives)
            {
                directives.Add(new(named, [], place));
            }
        }

        if (words.Count > 0) Faults.Add(new(new(path, line), $"'{words[0]}' has no ';' at its end", true));
        return directives.ToImmutable();
    }

    private void Include(string target, int depth, Place place, ImmutableArray<NginxDirective>.Builder directives)
    {
        var pattern = target is ['/', ..] ? target : $"{_prefix}/{target}";
        var paths = Globs.Expand(_files, pattern, out var isWhole);
        if (!isWhole) Faults.Add(new(place, $"too many files match {pattern}", true));
        foreach (var path in paths) directives.AddRange(ReadFile(path, depth + 1));
    }

    private static IEnumerable<(string Text, bool IsQuoted, int Line)> Tokens(string text)
    {
        var line = 1;
        var isLua = false;
        var word = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is ' ' or '\t' or '\r' or '\n' or ';' or '{' or '}')
            {
                // ${name} is a variable within a word.
                if (letter == '{' && word.Length > 0 && word[^1] == '$')
                {
                    var end = text.IndexOf('}', at);
                    if (end > 0)
                    {
                        word.Append(text, at, end - at + 1);
                        at = end;
                        continue;
                    }
                }

                if (word.Length > 0)
                {
                    isLua |= word.ToString().EndsWith("_by_lua_block", StringComparison.Ordinal);
                    yield return (word.ToString(), false, line);
                    word.Clear();
                }

                if (letter == '{' && isLua)
                {
                    // OpenResty's blocks hold Lua, which is read as a whole.
                    isLua = false;
                    for (var end = EndOfLua(text, at); at < end; at++)
                    {
                        if (text[at] == '\n') line++;
                    }

                    yield return (";", false, line);
                    continue;
                }

                if (letter is ';' or '{' or '}') isLua = false;
                if (letter is ';' or '{' or '}') yield return (letter.ToString(), false, line);
                if (letter == '\n') line++;
            }
            else if (letter == '#' && word.Length == 0)
            {
                while (at + 1 < text.Length && text[at + 1] != '\n') at++;
            }
            else if (letter is '"' or '\'' && word.Length == 0)
            {
                var (begin, quoted) = (line, new StringBuilder());
                for (at++; at < text.Length && text[at] != letter; at++)
                {
                    if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == letter) at++;
                    if (text[at] == '\n') line++;
                    quoted.Append(text[at]);
                }

                yield return (quoted.ToString(), true, begin);
            }
            else
            {
                if (letter == '\\' && at + 1 < text.Length)
                {
                    word.Append(letter);
                    at++;
                }

                word.Append(text[at]);
            }
        }

        if (word.Length > 0) yield return (word.ToString(), false, line);
    }

    /// <summary>The brace that closes a block of Lua, its strings and comments passed over; the text's last octet where none does.</summary>
    private static int EndOfLua(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '{':
                    depth++;
                    break;
                case '}' when --depth == 0:
                    return at;
                case '-' when at + 1 < text.Length && text[at + 1] == '-':
                    while (at + 1 < text.Length && text[at + 1] != '\n') at++;
                    break;
                case '"' or '\'':
                    var quote = text[at];
                    for (at++; at < text.Length && text[at] != quote && text[at] != '\n'; at++)
                    {
                        if (text[at] == '\\') at++;
                    }

                    break;
            }
        }

        return text.Length - 1;
    }
}
