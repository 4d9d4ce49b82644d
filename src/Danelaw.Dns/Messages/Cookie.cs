namespace Danelaw.Dns.Messages;

/// <summary>A DNS cookie (RFC 7873 §4): 8 octets of the client's and, once it is known, 8 to 32 of the server's.</summary>
/// <param name="Client">The client cookie, 8 octets.</param>
/// <param name="Server">The server cookie, 8 to 32 octets, or empty when there is none yet.</param>
public readonly record struct Cookie(Octets Client, Octets Server)
{
    /// <summary>The length of a client cookie in octets.</summary>
    public const int ClientLength = 8;

    private const int ShortestServer = 8;
    private const int LongestServer = 32;

    /// <summary>Reads an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="cookie">What it says; the default on failure.</param>
    /// <returns>False for an option of another kind, or a length other than 8 and 16 to 40 octets (RFC 7873 §5.2.2).</returns>
    public static bool TryRead(EdnsOption option, out Cookie cookie)
    {
        cookie = default;
        var isCookie = option.Code == EdnsOption.Cookie && option.Data.Length is ClientLength or (>= ClientLength + ShortestServer and <= ClientLength + LongestServer);
        if (isCookie) cookie = new(option.Data.Slice(0, ClientLength), option.Data.Slice(ClientLength));
        return isCookie;
    }

    /// <summary>The option that says so.</summary>
    /// <exception cref="InvalidOperationException">A part has a length that is not allowed.</exception>
    public EdnsOption ToOption()
    {
        if (Client.Length != ClientLength || Server.Length is not (0 or (>= ShortestServer and <= LongestServer))) throw new InvalidOperationException("a client cookie has 8 octets, a server cookie 8 to 32");
        var data = new byte[Client.Length + Server.Length];
        Client.Span.CopyTo(data);
        Server.Span.CopyTo(data.AsSpan(ClientLength));
        return new(EdnsOption.Cookie, new(data));
    }
}
