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
    private readonly HostFiles _files;
    private readonly Inclusions _inclusions = new();
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private string _root;
    private int _hosts, _host;

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

        if (!_inclusions.TryEnter(file.RealPath, out var fault))
        {
            Faults.Add(new(new(path, 0), fault, true));
            return;
        }

        var number = 0;
        var pending = "";
        foreach (var raw in file.Text.Split('\n'))
        {
            number++;
            var line = pending + raw.Trim();
            pending = "";
            if (line.EndsWith('\\'))
            {
                pending = line[..^1] + " ";
                continue;
            }

            if (line.Length > 0 && line[0] != '#') ReadLine(line, new(path, number));
        }

        _inclusions.Leave();
    }

    private void ReadLine(string line, Place place)
    {
        var words = Words(Replace(line));
        if (words.Length == 0) return;
        var name = words[0].ToLowerInvariant();
        switch (name)
        {
            case "<virtualhost":
                _host = ++_hosts;
                Directives.Add(new("virtualhost", [.. words.Skip(1).Select(word => word.TrimEnd('>'))], _host, place));
                break;
            case "</virtualhost>":
                _host = 0;
                break;
            case "define" when words.Length > 2:
                _variables[words[1]] = words[2];
                break;
            case "serverroot" when words.Length > 1:
                _root = words[1];
                break;
            case "include" or "includeoptional" when words.Length > 1:
                var pattern = words[1] is ['/', ..] ? words[1] : $"{_root}/{words[1]}";
                foreach (var path in Globs.Expand(_files, pattern)) ReadFile(path);
                break;
            default:
                Directives.Add(new(name, [.. words.Skip(1)], _host, place));
                break;
        }
    }

    private string Replace(string line)
    {
        foreach (var (name, value) in _variables) line = line.Replace("${" + name + "}", value, StringComparison.Ordinal);
        return line;
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
