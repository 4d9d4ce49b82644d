using System.Globalization;
using System.Text;

namespace Danelaw.Operator.Audit.Postfix.Syntax;

/// <summary>
/// Postfix's <c>$name</c>, <c>${name?text}</c>, <c>${name:text}</c>, <c>${name?{a}:{b}}</c> and <c>${{a} == {b} ? {c} : {d}}</c>
/// (postconf(5)), round brackets in place of the outer braces included.
/// </summary>
/// <param name="lookup">The value of a parameter as written; null where there is none, which stands for the empty text.</param>
internal sealed class Expansion(Func<string, string?> lookup)
{
    /// <summary>How deep one value may lead to the next: Postfix gives up at the same kind of bound.</summary>
    private const int MaximumDepth = 50;

    /// <summary>How long a text may become, so that values which double at each step end.</summary>
    private const int MaximumLength = 1 << 20;

    /// <summary>How many references one text may lead to.</summary>
    private const int MaximumReferences = 10_000;

    private string _fault = "";
    private int _references;

    /// <summary>Expands a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">What it says; empty on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    internal bool TryExpand(string text, out string value, out string fault)
    {
        (_fault, _references) = ("", 0);
        var output = new StringBuilder();
        Write(text, output, 0);
        (value, fault) = _fault.Length == 0 ? (output.ToString(), "") : ("", _fault);
        return fault.Length == 0;
    }

    private void Write(string text, StringBuilder output, int depth)
    {
        if (depth > MaximumDepth) Fail("a parameter leads back to itself");
        for (var at = 0; at < text.Length && _fault.Length == 0;)
        {
            var next = text.IndexOf('$', at);
            if (next < 0) next = text.Length;
            output.Append(text, at, next - at);
            if (output.Length > MaximumLength) Fail("the value grows without end");
            if (next == text.Length) return;
            at = next + 1;
            if (at < text.Length && text[at] == '$')
            {
                output.Append('$');
                at++;
            }
            else if (at < text.Length && text[at] is '{' or '(')
            {
                var end = Closing(text, at);
                if (end < 0) Fail("truncated macro reference");
                else WriteReference(text[(at + 1)..end], output, depth);
                at = end + 1;
            }
            else
            {
                var end = at;
                while (end < text.Length && IsNameOctet(text[end])) end++;
                if (end == at) Fail("empty macro name");
                else WriteValue(text[at..end], output, depth);
                at = end;
            }
        }
    }

    private void WriteReference(string inner, StringBuilder output, int depth)
    {
        var text = inner.TrimStart();
        if (text is ['{', ..])
        {
            WriteComparison(text, output, depth);
            return;
        }

        text = inner.Trim();
        var end = 0;
        while (end < text.Length && IsNameOctet(text[end])) end++;
        var name = text[..end];
        var rest = text[end..].TrimStart();
        if (name.Length == 0) Fail("empty macro name");
        else if (rest.Length == 0) WriteValue(name, output, depth);
        else if (rest[0] is not ('?' or ':')) Fail($"attribute syntax error in '{inner}'");
        else WriteChoice(rest, !string.IsNullOrEmpty(lookup(name)), output, depth);
    }

    /// <summary><c>?a</c>, <c>:b</c> or <c>?{a}:{b}</c> behind a condition.</summary>
    private void WriteChoice(string text, bool condition, StringBuilder output, int depth)
    {
        var branch = text[1..];
        var other = "";
        var trimmed = branch.TrimStart();
        if (trimmed is ['{', ..])
        {
            var end = Words.Closing(trimmed, 0);
            if (end < 0)
            {
                Fail("missing '}'");
                return;
            }

            branch = trimmed[1..end];
            var rest = trimmed[(end + 1)..].Trim();
            if (rest.Length > 0)
            {
                if (text[0] != '?' || rest[0] != ':')
                {
                    Fail($"unexpected text '{rest}'");
                    return;
                }

                other = Words.Inner(rest[1..].Trim());
            }
        }

        Write(condition == (text[0] == '?') ? branch : other, output, depth + 1);
    }

    private void WriteComparison(string text, StringBuilder output, int depth)
    {
        var leftEnd = Words.Closing(text, 0);
        var rest = leftEnd < 0 ? "" : text[(leftEnd + 1)..].TrimStart();
        var operatorEnd = rest.IndexOf('{', StringComparison.Ordinal);
        var rightEnd = operatorEnd < 0 ? -1 : Words.Closing(rest, operatorEnd);
        var choice = rightEnd < 0 ? "" : rest[(rightEnd + 1)..].TrimStart();
        if (choice is not [('?' or ':'), ..])
        {
            Fail($"no comparison of the form {{a}} == {{b}} ? {{c}} : {{d}} in '{text}'");
            return;
        }

        var (left, right) = (new StringBuilder(), new StringBuilder());
        Write(text[1..leftEnd].Trim(), left, depth + 1);
        Write(rest[(operatorEnd + 1)..rightEnd].Trim(), right, depth + 1);
        if (Compare(left.ToString(), rest[..operatorEnd].Trim(), right.ToString()) is { } holds) WriteChoice(choice, holds, output, depth);
        else Fail($"unknown operator '{rest[..operatorEnd].Trim()}'");
    }

    private static bool? Compare(string left, string sign, string right)
    {
        const string Level = "level";
        int order;
        if (sign.EndsWith(Level, StringComparison.Ordinal))
        {
            sign = sign[..^Level.Length].TrimEnd();
            order = CompareLevels(left, right);
        }
        else
        {
            order = IsNumber(left) && IsNumber(right)
                ? ulong.Parse(left, CultureInfo.InvariantCulture).CompareTo(ulong.Parse(right, CultureInfo.InvariantCulture))
                : string.CompareOrdinal(left, right);
        }

        return sign switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => null,
        };
    }

    /// <summary>Compatibility levels are numbers with up to two dots: 3.10 is above 3.6.</summary>
    private static int CompareLevels(string left, string right)
    {
        var (a, b) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            var order = Part(a, i).CompareTo(Part(b, i));
            if (order != 0) return order;
        }

        return 0;

        static ulong Part(string[] parts, int at) => at < parts.Length && IsNumber(parts[at].Trim()) ? ulong.Parse(parts[at].Trim(), CultureInfo.InvariantCulture) : 0;
    }

    private static bool IsNumber(string text) => text.Length is > 0 and < 19 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsNameOctet(char value) => char.IsAsciiLetterOrDigit(value) || value == '_';

    private void WriteValue(string name, StringBuilder output, int depth)
    {
        if (++_references > MaximumReferences) Fail("the value grows without end");
        else if (lookup(name) is { Length: > 0 } value) Write(value, output, depth + 1);
    }

    private static int Closing(string text, int open)
    {
        if (text[open] == '{') return Words.Closing(text, open);
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            if (text[at] == '(') depth++;
            else if (text[at] == ')' && --depth == 0) return at;
        }

        return -1;
    }

    private void Fail(string fault)
    {
        if (_fault.Length == 0) _fault = fault;
    }
}
