using System.Collections.Immutable;
using System.Text;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Web;

/// <summary>A directive of Apache's.</summary>
/// <param name="Name">Its name in lower case: case does not count.</param>
/// <param name="Arguments">Its arguments, without quotes.</param>
/// <param name="Host">The VirtualHost around it, counted from 1 on in the order of reading; 0 outside of all.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ApacheDirective(string Name, ImmutableArray<string> Arguments, int Host, Place Place);

/// <summary>The Apache HTTP Server's configuration with everything that it includes.</summary>
internal sealed class ApacheText
{
    private const int MaximumLine = 64 * 1024, MaximumDefined = 1024 * 1024, MaximumDirectives = 200_000;

    private readonly HostFiles _files;
    private readonly Inclusions _inclusions = new();
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private string _root;
    private int _hosts, _host, _defined;

    private ApacheText(HostFiles files, string root)
    {
        _files = files;
        _root = root;
    }

    internal List<ApacheDirective> Directives { get; } = [];

    internal List<SyntaxFault> Faults { get; } = [];

    internal List<HostFile> Unseen { get; } = [];

    internal static ApacheText Read(HostFiles files, string path)
    {
        var text = new ApacheText(files, path[..path.LastIndexOf('/')]);
        text.ReadFile(path);
        return text;
    }

    private void ReadFile(string path)
    {
        var file = _files.Read(path);
        if (!file.IsRead)
        {
            if (file.State == FileState.Unseen) Unseen.Add(file);
            return;
        }

        if (!_inclusions.TryEnter(file, out var fault))
        {
            Faults.Add(new(new(path, 0), fault, true));
            return;
        }

        var number = 0;
        var pending = new StringBuilder();
        foreach (var raw in file.Text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.EndsWith('\\'))
            {
                pending.Append(line, 0, line.Length - 1).Append(' ');
                continue;
            }

            if (pending.Length > 0)
            {
                line = pending.Append(line).ToString();
                pending.Clear();
            }

            if (line.Length > 0 && line[0] != '#') ReadLine(line, new(path, number));
        }

        _inclusions.Leave();
    }

    private void ReadLine(string line, Place place)
    {
        var words = Words(Replace(line, place));
        if (words.Length == 0) return;
        var name = words[0].ToLowerInvariant();
        switch (name)
        {
            case "<virtualhost":
                _host = ++_hosts;
                if (Directives.Count <= MaximumDirectives) Directives.Add(new("virtualhost", [.. words.Skip(1).Select(word => word.TrimEnd('>'))], _host, place));
                break;
            case "</virtualhost>":
                _host = 0;
                break;
            case "define" when words.Length > 2:
                _defined += words[1].Length + words[2].Length;
                if (_defined <= MaximumDefined) _variables[words[1]] = words[2];
                else Faults.Add(new(place, "too much is defined", true));
                break;
            case "serverroot" when words.Length > 1:
                _root = words[1];
                break;
            case "include" or "includeoptional" when words.Length > 1:
                var pattern = words[1] is ['/', ..] ? words[1] : $"{_root}/{words[1]}";
                var paths = Globs.Expand(_files, pattern, out var isWhole);
                if (!isWhole) Faults.Add(new(place, $"too many files match {pattern}", true));
                foreach (var path in paths) ReadFile(path);
                break;
            default:
                if (Directives.Count == MaximumDirectives) Faults.Add(new(place, "there are too many directives", true));
                if (Directives.Count <= MaximumDirectives) Directives.Add(new(name, [.. words.Skip(1)], _host, place));
                break;
        }
    }

    /// <summary>Puts in what is defined; what is put in is not looked through again, as Define has done that already.</summary>
    private string Replace(string line, Place place)
    {
        var open = line.IndexOf("${", StringComparison.Ordinal);
        if (open < 0) return line;
        var replaced = new StringBuilder();
        var at = 0;
        for (; open >= 0; open = line.IndexOf("${", at, StringComparison.Ordinal))
        {
            var close = line.IndexOf('}', open);
            if (close < 0) break;
            replaced.Append(line, at, open - at);
            if (_variables.TryGetValue(line[(open + 2)..close], out var value)) replaced.Append(value);
            else replaced.Append(line, open, close + 1 - open);
            at = close + 1;
            if (replaced.Length <= MaximumLine) continue;
            Faults.Add(new(place, "the line becomes too long", true));
            return line;
        }

        return replaced.Append(line, at, line.Length - at).ToString();
    }

    private static ImmutableArray<string> Words(string line)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isWord = false;
        foreach (var letter in line)
        {
            if (quote != '\0')
            {
                if (letter == quote) quote = '\0';
                else word.Append(letter);
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
                isWord = true;
            }
            else if (letter is ' ' or '\t')
            {
                if (word.Length > 0 || isWord) words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(letter);
            }
        }

        if (word.Length > 0 || isWord) words.Add(word.ToString());
        return words.ToImmutable();
    }
}
