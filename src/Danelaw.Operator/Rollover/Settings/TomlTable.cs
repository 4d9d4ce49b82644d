using System.Globalization;
using Danelaw.Operator.Audit;
using Tomlyn.Syntax;

namespace Danelaw.Operator.Rollover.Settings;

/// <summary>
/// A table of a TOML file, read setting by setting. What is wrong with one is noted with its line, and reading goes on, so that all faults are told
/// at once; whoever reads asks at the end whether there was any.
/// </summary>
internal sealed class TomlTable
{
    private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly ICollection<SyntaxFault> _faults;
    private readonly string _file;

    private TomlTable(string file, string name, int line, ICollection<SyntaxFault> faults) => (_file, Name, Line, _faults) = (file, name, line, faults);

    /// <summary>What it is called in faults, such as <c>[[roll]]</c>.</summary>
    internal string Name { get; }

    /// <summary>The line on which it begins.</summary>
    internal int Line { get; }

    /// <summary>Reads a whole file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its path, for faults.</param>
    /// <param name="faults">Takes what is wrong.</param>
    /// <returns>The table of the file; null where it is no TOML.</returns>
    internal static TomlTable? Read(string text, string file, ICollection<SyntaxFault> faults)
    {
        // What stands twice is told here: the library's own check takes an array of the second [[roll]] for that of the first.
        var document = Tomlyn.Parsing.SyntaxParser.Parse(text, file, validate: false);
        if (document.HasErrors)
        {
            var first = document.Diagnostics.First(message => message.Kind == DiagnosticMessageKind.Error);
            faults.Add(new(new(file, first.Span.Start.Line + 1), $"it is no TOML: {first.Message}", true));
            return null;
        }

        var root = new TomlTable(file, "the file", 1, faults);
        foreach (var pair in document.KeyValues) root.Take(pair);
        foreach (var table in document.Tables)
        {
            var (parent, key) = root.Descend(table.Name!, isHeading: true);
            var line = LineOf(table);
            var names = Path(table.Name!);
            var own = new TomlTable(file, table is TableArraySyntax ? $"[[{string.Join('.', names)}]]" : $"[{string.Join('.', names)}]", line, faults);
            if (!parent._items.TryGetValue(key, out var item)) parent._items[key] = new(table is TableArraySyntax ? new List<TomlTable> { own } : own, line);
            else if (table is TableArraySyntax && item.Value is List<TomlTable> list) list.Add(own);
            else faults.Add(new(new(file, line), $"{own.Name} stands there already, on line {item.Line}", true));
            foreach (var pair in table.Items) own.Take(pair);
        }

        return root;
    }

    /// <summary>Notes a fault of this table.</summary>
    internal void Fault(string text) => _faults.Add(new(new(_file, Line), text, true));

    /// <summary>Notes a fault of one setting.</summary>
    internal void Fault(string key, string text) => _faults.Add(new(new(_file, _items.TryGetValue(key, out var item) ? item.Line : Line), $"{key}: {text}", true));

    internal bool Has(string key) => _items.ContainsKey(key);

    internal string? Text(string key)
    {
        if (Find(key) is not { } item) return null;
        if (item.Value is string text && text.Length > 0) return text;
        Fault(key, "it takes a text between quotation marks");
        return null;
    }

    internal string? Required(string key, string hint)
    {
        if (Has(key)) return Text(key);
        _asked.Add(key);
        Fault($"{Name} needs {key}: {hint}");
        return null;
    }

    /// <summary>A whole number, or a text for units.</summary>
    internal object? NumberOrText(string key) => Find(key)?.Value;

    internal long? Number(string key, long minimum, long maximum)
    {
        if (Find(key) is not { } item) return null;
        if (item.Value is long number && number >= minimum && number <= maximum) return number;
        Fault(key, string.Create(CultureInfo.InvariantCulture, $"it takes a number from {minimum} to {maximum}"));
        return null;
    }

    /// <summary>A list of texts; a single text is a list of one.</summary>
    internal IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not { } item) return [];
        if (item.Value is string one) return [one];
        if (item.Value is List<object> list && list.All(each => each is string { Length: > 0 })) return [.. list.Cast<string>()];
        Fault(key, "it takes a list of texts: [\"a\", \"b\"]");
        return [];
    }

    /// <summary>A list of commands, each a list of texts; a single command may stand without the outer list.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Commands(string key)
    {
        if (Find(key) is not { } item) return [];
        if (item.Value is List<object> { Count: > 0 } words && words.All(each => each is string { Length: > 0 })) return [[.. words.Cast<string>()]];
        if (item.Value is List<object> list && list.All(each => each is List<object> { Count: > 0 } command && command.All(word => word is string { Length: > 0 })))
            return [.. list.Select(command => (IReadOnlyList<string>)[.. ((List<object>)command).Cast<string>()])];
        Fault(key, "it takes commands, each a list of a program and its arguments: [[\"postfix\", \"reload\"], [\"doveadm\", \"reload\"]]");
        return [];
    }

    /// <summary>The items of a list, each a text or a table.</summary>
    internal IEnumerable<object> Items(string key)
    {
        if (Find(key) is not { } item) return [];
        if (item.Value is string or TomlTable) return [item.Value];
        if (item.Value is List<object> list) return list;
        if (item.Value is List<TomlTable> tables) return tables;
        Fault(key, "it takes a list");
        return [];
    }

    internal TomlTable? Table(string key)
    {
        if (Find(key) is not { } item) return null;
        if (item.Value is TomlTable table) return table;
        Fault(key, "it is a table");
        return null;
    }

    internal IReadOnlyList<TomlTable> Tables(string key)
    {
        if (Find(key) is not { } item) return [];
        if (item.Value is List<TomlTable> tables) return tables;
        if (item.Value is List<object> list && list.All(each => each is TomlTable)) return [.. list.Cast<TomlTable>()];
        Fault(key, $"it is a list of tables: write [[{key}]]");
        return [];
    }

    /// <summary>Notes every setting that nobody has asked for: a misspelt one must not be passed over in silence.</summary>
    internal void RefuseOthers()
    {
        foreach (var (key, item) in _items)
        {
            if (!_asked.Contains(key)) _faults.Add(new(new(_file, item.Line), $"{Name} has no setting {key}; it has {string.Join(", ", _asked.Order(StringComparer.Ordinal))}", true));
        }
    }

    private Item? Find(string key)
    {
        _asked.Add(key);
        return _items.TryGetValue(key, out var item) ? item : null;
    }

    private void Take(KeyValueSyntax pair)
    {
        var (table, key) = Descend(pair.Key!, isHeading: false);
        if (!table._items.TryAdd(key, new(table.Of(pair.Value!, key), LineOf(pair)))) _faults.Add(new(new(_file, LineOf(pair)), $"{key} stands there already, on line {table._items[key].Line}", true));
    }

    /// <summary>Goes down a dotted key to the table in which its last part stands.</summary>
    private (TomlTable Table, string Key) Descend(KeySyntax key, bool isHeading)
    {
        var path = Path(key);
        var table = this;
        foreach (var name in path[..^1])
        {
            if (!table._items.TryGetValue(name, out var item)) table._items[name] = item = new(new TomlTable(_file, $"[{name}]", LineOf(key), _faults), LineOf(key));
            table = item.Value switch
            {
                TomlTable inner => inner,
                List<TomlTable> list when isHeading && list.Count > 0 => list[^1],

                // What is no table is told where it is asked for; what stands below it is read into nothing.
                _ => new TomlTable(_file, $"[{name}]", LineOf(key), _faults),
            };
        }

        return (table, path[^1]);
    }

    private object Of(ValueSyntax value, string key) => value switch
    {
        StringValueSyntax text => text.Value ?? "",
        IntegerValueSyntax number => number.Value,
        BooleanValueSyntax truth => truth.Value,
        ArraySyntax array => array.Items.Select(item => Of(item.Value!, key)).ToList(),
        InlineTableSyntax inline => OfInline(inline, key),
        _ => value.ToString(),
    };

    private TomlTable OfInline(InlineTableSyntax inline, string key)
    {
        var table = new TomlTable(_file, key, LineOf(inline), _faults);
        foreach (var item in inline.Items) table.Take(item.KeyValue!);
        return table;
    }

    private static string[] Path(KeySyntax key) => [NameOf(key.Key!), .. key.DotKeys.Select(dot => NameOf(dot.Key!))];

    private static string NameOf(BareKeyOrStringValueSyntax key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => key.ToString(),
    };

    private static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;

    private readonly record struct Item(object Value, int Line);
}
