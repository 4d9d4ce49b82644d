using Danelaw.Dns.Names;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Zones;

public sealed partial class ZoneReader
{
    private bool IsDirective(ZoneInput input) => !input.BeginsBlank && _tokens[0].Kind == TokenKind.Plain && input.Entry[_tokens[0].Start] == '$';

    private bool TryDirective(ZoneInput input, out ZoneFault? fault)
    {
        var word = Word(input, 0);
        if (word.Equals("$ORIGIN", StringComparison.OrdinalIgnoreCase)) return TryOrigin(input, out fault);
        if (word.Equals("$TTL", StringComparison.OrdinalIgnoreCase)) return TryZoneTtl(input, out fault);
        if (word.Equals("$INCLUDE", StringComparison.OrdinalIgnoreCase)) return TryInclude(input, out fault);
        if (word.Equals("$GENERATE", StringComparison.OrdinalIgnoreCase)) return TryGenerate(input, out fault);
        return Fail(input, 0, $"'{RdataText.Shorten(word)}' is no directive: $ORIGIN, $TTL, $INCLUDE and $GENERATE are", out fault);
    }

    private ReadOnlySpan<char> Word(ZoneInput input, int token) => input.Entry.Slice(_tokens[token].Start, _tokens[token].Length);

    private bool TryOrigin(ZoneInput input, out ZoneFault? fault)
    {
        if (!HasCount(input, 2, 2, "$ORIGIN takes one name", out fault) || !TryName(input, 1, out var origin, out fault)) return false;
        input.Origin = origin;
        _ownerLength = 0;
        return true;
    }

    private bool TryZoneTtl(ZoneInput input, out ZoneFault? fault)
    {
        if (!HasCount(input, 2, 2, "$TTL takes one TTL", out fault)) return false;
        if (!TimeText.TryPeriod(Word(input, 1), out var ttl) || ttl > MaximumTtl) return Fail(input, 1, $"'{RdataText.Shorten(Word(input, 1))}' is not a TTL: 0 to {MaximumTtl} seconds, or with units such as 1h30m", out fault);
        _zoneTtl = ttl;
        return true;
    }

    /// <summary>RFC 1035 §5.1: the included file has an origin of its own; behind it origin and owner are as before.</summary>
    private bool TryInclude(ZoneInput input, out ZoneFault? fault)
    {
        if (!HasCount(input, 2, 3, "$INCLUDE takes a file and, if need be, an origin", out fault)) return false;
        if (!_options.AllowInclude) return Fail(input, 0, "$INCLUDE is not allowed here", out fault);
        if (input.File.Length == 0) return Fail(input, 0, "$INCLUDE has no file here that its own could be beside", out fault);
        var origin = input.Origin;
        if (_tokens.Count == 3 && !TryName(input, 2, out origin, out fault)) return false;
        var name = FileName(Word(input, 1));
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)) return Fail(input, 1, "that is no name of a file", out fault);
        var path = Path.Combine(Path.GetDirectoryName(input.File) ?? "", name);
        if (_inputs.Count + 1 >= MaximumDepth) return Fail(input, 1, $"files include one another more than {MaximumDepth} deep", out fault);
        if (IsOpen(input, path)) return Fail(input, 1, $"{path} includes itself", out fault);
        if (!ZoneInput.TryOpen(path, _options.OpenFile, origin, input.Owner, out var included, out var reason)) return Fail(input, 1, $"{path} cannot be included: {reason}", out fault);
        _inputs.Push(input);
        _input = included;
        _ownerLength = 0;
        return true;
    }

    private bool IsOpen(ZoneInput input, string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetFullPath(input.File) == full) return true;
        foreach (var outer in _inputs)
            if (outer.File.Length > 0 && Path.GetFullPath(outer.File) == full) return true;
        return false;
    }

    /// <summary>A backslash takes the next character as it is.</summary>
    private static string FileName(ReadOnlySpan<char> word)
    {
        var name = new System.Text.StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\\' && i + 1 < word.Length) i++;
            name.Append(word[i]);
        }

        return name.ToString();
    }

    private bool TryGenerate(ZoneInput input, out ZoneFault? fault)
    {
        if (!HasCount(input, 5, int.MaxValue, "$GENERATE takes a range, an owner, a type and data", out fault)) return false;
        _ownerBefore = input.Owner;
        if (ZoneGenerator.TryCreate(input, _tokens, _options.MaximumGenerated, out _generator, out var token, out var text)) return true;
        return Fail(input, token, text, out fault);
    }

    private bool TryName(ZoneInput input, int token, out DomainName name, out ZoneFault? fault)
    {
        fault = null;
        name = default;
        if (_tokens[token].Kind != TokenKind.Plain) return Fail(input, token, "a name must not be in quotes", out fault);
        if (DomainName.TryParseRelative(Word(input, token), input.Origin, out name, out var nameFault)) return true;
        return Fail(input, token, $"'{RdataText.Shorten(Word(input, token))}' is not a domain name: {NameText.Describe(nameFault)}", out fault);
    }

    private bool HasCount(ZoneInput input, int minimum, int maximum, string text, out ZoneFault? fault)
    {
        fault = null;
        if (_tokens.Count >= minimum && _tokens.Count <= maximum) return true;
        return Fail(input, _tokens.Count < minimum ? _tokens.Count : maximum, text, out fault);
    }
}
