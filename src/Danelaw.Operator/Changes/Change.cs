using Danelaw.Dns;
using Danelaw.Operator.Audit;

namespace Danelaw.Operator.Changes;

/// <summary>One thing that a mend alters on the host that is examined. It is data: nothing is altered until a plan is carried out.</summary>
public abstract record Change
{
    private Change()
    {
    }

    /// <summary>The file that is altered.</summary>
    public abstract string Path { get; }

    /// <summary>A parameter of main.cf is set: the definition that counts is replaced where it stands, or a line is added at the end.</summary>
    /// <param name="Directory">The instance's folder.</param>
    /// <param name="Name">The parameter.</param>
    /// <param name="Value">Its value.</param>
    public sealed record SetParameter(string Directory, string Name, string Value) : Change
    {
        /// <inheritdoc/>
        public override string Path => Directory + "/main.cf";
    }

    /// <summary>Every definition of a parameter is taken out of main.cf, so that its default holds.</summary>
    /// <param name="Directory">The instance's folder.</param>
    /// <param name="Name">The parameter.</param>
    public sealed record RemoveParameter(string Directory, string Name) : Change
    {
        /// <inheritdoc/>
        public override string Path => Directory + "/main.cf";
    }

    /// <summary>A setting of one service in master.cf is set, or taken out.</summary>
    /// <param name="Directory">The instance's folder.</param>
    /// <param name="Service">The service's name and type, such as <c>smtp/inet</c>.</param>
    /// <param name="Name">The parameter.</param>
    /// <param name="Value">Its value; null to take it out.</param>
    public sealed record SetServiceOption(string Directory, string Service, string Name, string? Value) : Change
    {
        /// <inheritdoc/>
        public override string Path => Directory + "/master.cf";
    }

    /// <summary>Lines of a file are replaced.</summary>
    /// <param name="File">The file.</param>
    /// <param name="First">The first line that goes, from 1 on; one above the last line of the file to add at its end.</param>
    /// <param name="Count">How many lines go; 0 to add only.</param>
    /// <param name="Lines">What comes in their place, each without its end.</param>
    public sealed record ReplaceLines(string File, int First, int Count, System.Collections.Immutable.ImmutableArray<string> Lines) : Change
    {
        /// <inheritdoc/>
        public override string Path => File;

        /// <inheritdoc/>
        public bool Equals(ReplaceLines? other) => other is not null && File == other.File && First == other.First && Count == other.Count && Lines.AsSpan().SequenceEqual(other.Lines.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(File, First, Count, Lines.Length);
    }

    /// <summary>A file's permission bits are set.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Mode">The bits.</param>
    public sealed record SetMode(string File, UnixFileMode Mode) : Change
    {
        /// <inheritdoc/>
        public override string Path => File;
    }

    /// <summary>Words on one line of a file are replaced; nothing else of the line is touched.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The line, from 1 on.</param>
    /// <param name="Before">What stands there; where it does not, nothing is altered.</param>
    /// <param name="After">What comes in its place.</param>
    public sealed record ReplaceWords(string File, int Line, string Before, string After) : Change
    {
        /// <inheritdoc/>
        public override string Path => File;
    }

    /// <summary>
    /// A line of a file is replaced, or added at its end, whose program or owner goes on writing there: taken back it is that line alone, whatever
    /// has become of the others.
    /// </summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The line, from 1 on; 0 to add one.</param>
    /// <param name="Before">What stands there; null to add a line. Where something else does, nothing is altered.</param>
    /// <param name="After">What comes in its place.</param>
    internal sealed record SetLine(string File, int Line, string? Before, string After) : Change
    {
        /// <inheritdoc/>
        public override string Path => File;
    }

    /// <summary>A file is written as a whole; it is made where there is none, with its folders.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Text">Its content. No secret: it is shown.</param>
    public sealed record WriteFile(string File, string Text) : Change
    {
        /// <inheritdoc/>
        public override string Path => File;
    }

    /// <summary>A chain file is put together: a private key, its certificate and the issuers, in this order, each block as it stands elsewhere. Only root can read it.</summary>
    /// <param name="File">The chain file.</param>
    /// <param name="Key">Where the private key's block begins.</param>
    /// <param name="Certificates">Where the blocks of its certificate and of the issuers begin, in the order of the chain.</param>
    /// <param name="PublicKey">The key's SubjectPublicKeyInfo in DER: another key is not put there.</param>
    public sealed record WriteChain(string File, Place Key, System.Collections.Immutable.ImmutableArray<Place> Certificates, Octets PublicKey) : Change
    {
        /// <inheritdoc/>
        public override string Path => File;

        /// <inheritdoc/>
        public bool Equals(WriteChain? other) => other is not null && File == other.File && Key == other.Key && Certificates.AsSpan().SequenceEqual(other.Certificates.AsSpan()) && PublicKey == other.PublicKey;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(File, Key, PublicKey);
    }
}
