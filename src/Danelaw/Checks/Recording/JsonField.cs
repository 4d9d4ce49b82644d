using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Checks.Recording;

/// <summary>A place in a JSON document that remembers its path and the first fault in the whole document. Nothing here throws; after a fault the values are defaults.</summary>
internal sealed class JsonField
{
    private readonly JsonElement _element;
    private readonly string _path;
    private readonly FirstFault _fault;

    internal JsonField(JsonElement element, string path)
        : this(element, path, new())
    {
    }

    private JsonField(JsonElement element, string path, FirstFault fault)
    {
        _element = element;
        _path = path;
        _fault = fault;
    }

    internal delegate bool TryParser<T>(string text, [NotNullWhen(true)] out T? value, out string fault);

    /// <summary>The first fault in the document, with its place; null when there is none.</summary>
    internal string? Fault => _fault.Text;

    /// <summary>Whether the field is there and not null.</summary>
    internal bool Has(string name) => TryFind(name, out var value) && value.ValueKind != JsonValueKind.Null;

    internal bool IsList(string name) => TryFind(name, out var value) && value.ValueKind == JsonValueKind.Array;

    internal void Refuse(string name, string what) => Fail(Path(name), what);

    internal JsonField Object(string name) => Child(name, JsonValueKind.Object, "is no object");

    internal IEnumerable<JsonField> Objects(string name) => Items(name, JsonValueKind.Object, "is no object");

    internal IEnumerable<JsonField> Values(string name) => Items(name, JsonValueKind.String, "is no text");

    internal string Text(string name) => Child(name, JsonValueKind.String, "is no text").AsText();

    internal bool Flag(string name)
    {
        var field = Child(name);
        if (field._element.ValueKind is JsonValueKind.True or JsonValueKind.False) return field._element.ValueKind == JsonValueKind.True;
        Fail(field._path, "is neither true nor false");
        return false;
    }

    internal int Number(string name, int least, int most)
    {
        var field = Child(name);
        if (field._element.ValueKind == JsonValueKind.Number && field._element.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Fail(field._path, string.Create(CultureInfo.InvariantCulture, $"is not a whole number from {least} to {most}"));
        return least;
    }

    internal TimeSpan Seconds(string name)
    {
        var field = Child(name);
        if (field._element.ValueKind == JsonValueKind.Number && field._element.TryGetDouble(out var seconds) && seconds is >= 0 and <= 1e9) return TimeSpan.FromSeconds(seconds);
        Fail(field._path, "is not a number of seconds");
        return default;
    }

    internal DateTimeOffset Time(string name)
    {
        var field = Child(name, JsonValueKind.String, "is no text");
        if (DateTimeOffset.TryParseExact(field.AsText(), "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        Fail(field._path, "is not a time such as 2026-11-26T03:00:00.0000000Z");
        return default;
    }

    internal DomainName Name(string name) => Child(name, JsonValueKind.String, "is no text").AsName();

    internal Octets Octets(string name) => Child(name, JsonValueKind.String, "is no text").AsOctets();

    internal RecordType Type(string name)
    {
        var field = Child(name, JsonValueKind.String, "is no text");
        if (RecordTypes.TryParse(field.AsText(), out var type)) return type;
        Fail(field._path, "is no record type");
        return default;
    }

    internal IPEndPoint EndPoint(string name)
    {
        var field = Child(name, JsonValueKind.String, "is no text");
        if (IPEndPoint.TryParse(field.AsText(), out var endPoint) && endPoint.Port > 0) return endPoint;
        Fail(field._path, "is not an address with a port");
        return new(IPAddress.None, 0);
    }

    internal T Enum<T>(string name)
        where T : struct, Enum => Child(name, JsonValueKind.String, "is no text").AsEnum<T>();

    internal T AsEnum<T>()
        where T : struct, Enum
    {
        var text = AsText();

        // Names alone: the parser would take numbers and lists too.
        foreach (var value in System.Enum.GetValues<T>())
            if (value.ToString() == text) return value;
        Fail(_path, "is none of " + string.Join(", ", System.Enum.GetNames<T>()));
        return default;
    }

    internal T? Parse<T>(string name, TryParser<T> parser)
        where T : class => Child(name, JsonValueKind.String, "is no text").Parse(parser);

    internal T? Parse<T>(TryParser<T> parser)
        where T : class
    {
        if (parser(AsText(), out var value, out var fault)) return value;
        Fail(_path, fault);
        return null;
    }

    internal string AsText()
    {
        try
        {
            return _element.ValueKind == JsonValueKind.String ? _element.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or octets that are no UTF-8.
            Fail(_path, "is no text");
            return "";
        }
    }

    internal DomainName AsName()
    {
        if (DomainName.TryParse(AsText(), out var name)) return name;
        Fail(_path, "is no domain name");
        return default;
    }

    internal Octets AsOctets()
    {
        if (_element.ValueKind == JsonValueKind.String && _element.TryGetBytesFromBase64(out var octets)) return new(octets);
        Fail(_path, "is not base64");
        return default;
    }

    private IEnumerable<JsonField> Items(string name, JsonValueKind kind, string otherwise)
    {
        var array = Child(name, JsonValueKind.Array, "is no list");
        if (array._element.ValueKind != JsonValueKind.Array) yield break;
        var index = 0;
        foreach (var item in array._element.EnumerateArray())
        {
            var field = new JsonField(item, string.Create(CultureInfo.InvariantCulture, $"{array._path}[{index++}]"), _fault);
            if (item.ValueKind == kind) yield return field;
            else Fail(field._path, otherwise);
        }
    }

    private JsonField Child(string name, JsonValueKind kind, string otherwise)
    {
        var child = Child(name);
        if (child._element.ValueKind != kind && child._element.ValueKind != JsonValueKind.Undefined) Fail(child._path, otherwise);
        return child;
    }

    private JsonField Child(string name)
    {
        if (TryFind(name, out var value)) return new(value, Path(name), _fault);
        Fail(Path(name), "is missing");
        return new(default, Path(name), _fault);
    }

    private bool TryFind(string name, out JsonElement value)
    {
        value = default;
        try
        {
            return _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in the name of some member.
            Fail(_path, "has a member whose name is no text");
            return false;
        }
    }

    private string Path(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private void Fail(string path, string what) => _fault.Text ??= path.Length == 0 ? what : $"{path} {what}";

    private sealed class FirstFault
    {
        internal string? Text { get; set; }
    }
}
