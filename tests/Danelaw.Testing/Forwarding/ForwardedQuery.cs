using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Danelaw.Testing.Forwarding;

/// <summary>A query as it reached the forwarder.</summary>
/// <param name="Wire">Its octets, id and all.</param>
/// <param name="OverTcp">Whether it came over TCP.</param>
public sealed record ForwardedQuery(byte[] Wire, bool OverTcp)
{
    /// <summary>Sends octets to the asker in another way than replies go: over UDP from another port, over TCP without a frame around them.</summary>
    public Func<byte[], Task> SendAside { get; init; } = _ => Task.CompletedTask;

    /// <summary>The name asked, lower case, with its closing dot; octets that are no letters, digits, hyphens or underscores as <c>\DDD</c>.</summary>
    public string Name => ReadName(out _);

    /// <summary>The type's number; 0 when the query holds none.</summary>
    public int Type
    {
        get
        {
            ReadName(out var end);
            return end + 2 <= Wire.Length ? BinaryPrimitives.ReadUInt16BigEndian(Wire.AsSpan(end)) : 0;
        }
    }

    private string ReadName(out int end)
    {
        var text = new StringBuilder();
        end = 12;
        while (end < Wire.Length && Wire[end] is > 0 and < 64 && end + 1 + Wire[end] <= Wire.Length)
        {
            foreach (var octet in Wire.AsSpan(end + 1, Wire[end]))
            {
                var c = (char)octet;
                if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '*') text.Append(char.ToLowerInvariant(c));
                else text.Append(CultureInfo.InvariantCulture, $"\\{octet:D3}");
            }
            text.Append('.');
            end += 1 + Wire[end];
        }
        end++;
        return text.Length == 0 ? "." : text.ToString();
    }
}
