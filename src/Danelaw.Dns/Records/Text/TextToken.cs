namespace Danelaw.Dns.Records.Text;

/// <summary>How a token stood in the text.</summary>
internal enum TokenKind : byte
{
    /// <summary>As it is, up to a blank.</summary>
    Plain = 0,

    /// <summary>Between quotes, which are not part of it.</summary>
    Quoted,

    /// <summary>A word that ends in an equals sign and a quoted value right behind it, quotes included (RFC 9460 §2.1).</summary>
    Pair,
}

/// <summary>One token of an entry: a place in its text, and that place in the file. Escapes are still in it.</summary>
/// <param name="Start">Where it begins in the text of the entry.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Column">The column of its first character in that line, from 1.</param>
/// <param name="Kind">How it stood there.</param>
internal readonly record struct TextToken(int Start, int Length, int Line, int Column, TokenKind Kind)
{
    /// <summary>Where it ends in the text of the entry, behind a closing quote.</summary>
    internal int End => Start + Length + (Kind == TokenKind.Quoted ? 1 : 0);
}

/// <summary>The tokens of an entry; used again for the next one.</summary>
internal sealed class TokenList
{
    private TextToken[] _tokens = new TextToken[32];

    internal int Count { get; private set; }

    internal ReadOnlySpan<TextToken> Span => _tokens.AsSpan(0, Count);

    internal ref readonly TextToken this[int index] => ref _tokens[index];

    internal void Add(in TextToken token)
    {
        if (Count == _tokens.Length) Array.Resize(ref _tokens, Count * 2);
        _tokens[Count++] = token;
    }

    internal void Clear() => Count = 0;
}
