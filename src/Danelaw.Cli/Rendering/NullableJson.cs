using System.Text.Json;

namespace Danelaw.Cli.Rendering;

/// <summary>Members of JSON objects that are null where there is nothing to tell.</summary>
internal static class NullableJson
{
    /// <summary>A text, or null.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="text">The text.</param>
    public static void Text(Utf8JsonWriter json, string member, string? text)
    {
        if (text is null) json.WriteNull(member);
        else json.WriteString(member, text);
    }

    /// <summary>A number, or null.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="number">The number.</param>
    public static void Number(Utf8JsonWriter json, string member, long? number)
    {
        if (number is { } value) json.WriteNumber(member, value);
        else json.WriteNull(member);
    }
}
