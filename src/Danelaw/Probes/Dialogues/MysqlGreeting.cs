using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Danelaw.Probes.Dialogues;

/// <summary>The payload of a server's first packet, HandshakeV10, as far as it concerns TLS.</summary>
/// <param name="Version">The server's own words about itself.</param>
/// <param name="Capabilities">The lower half of its capabilities.</param>
internal readonly record struct MysqlGreeting(string Version, int Capabilities)
{
    internal const int HeaderLength = 4;

    private const int ProtocolVersion = 10;
    private const int Ssl = 0x0800;
    private const byte Error = 0xff;

    // Number of the thread (4), salt (8), a zero.
    private const int BetweenVersionAndCapabilities = 13;

    internal bool OffersTls => (Capabilities & Ssl) != 0;

    internal static bool TryRead(ReadOnlySpan<byte> payload, out MysqlGreeting greeting)
    {
        greeting = default;
        if (payload.IsEmpty || payload[0] != ProtocolVersion) return false;
        payload = payload[1..];
        var end = payload.IndexOf((byte)0);
        if (end < 0 || payload.Length - end - 1 < BetweenVersionAndCapabilities + 2) return false;
        greeting = new(Encoding.UTF8.GetString(payload[..end]), BinaryPrimitives.ReadUInt16LittleEndian(payload[(end + 1 + BetweenVersionAndCapabilities)..]));
        return true;
    }

    /// <summary>What an ERR packet says: a code, from protocol 4.1 on the SQL state between, and words.</summary>
    /// <returns>Null when it is none.</returns>
    internal static string? ErrorOf(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != Error) return null;
        if (payload.Length < 3) return "an error without words";
        var code = BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]);
        var words = payload[3..];
        if (words.Length >= 6 && words[0] == '#') words = words[6..];
        return string.Create(CultureInfo.InvariantCulture, $"error {code}: {Encoding.UTF8.GetString(words).Trim()}");
    }
}
