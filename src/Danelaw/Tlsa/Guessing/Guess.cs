namespace Danelaw.Tlsa.Guessing;

/// <summary>What kind of mistake a record is. Closed.</summary>
internal enum GuessKind
{
    /// <summary>The data is the digest of something that no client takes a digest of, or stands under the wrong parameters.</summary>
    OtherThing = 0,

    /// <summary>The data is the digest of nothing at all.</summary>
    Nothing,

    /// <summary>The data is a private key, for everybody to read.</summary>
    PrivateKey,
}

/// <summary>What the data of a record turned out to be.</summary>
/// <param name="Kind">The kind of mistake.</param>
/// <param name="What">What it is, to go after "is"; of what is foreign in it the labels of certificates alone.</param>
/// <param name="Right">The record that was meant; null where that is not known.</param>
internal sealed record Guess(GuessKind Kind, string What, TlsaRecord? Right)
{
    /// <summary>Whether the data itself was made of the certificate or key that the server shows: who published it knew that key, and nobody need ask whose it is.</summary>
    internal bool IsOfShownKey { get; init; }
}
