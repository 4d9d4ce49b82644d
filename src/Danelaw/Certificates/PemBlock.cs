using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>One block of a PEM text (RFC 7468).</summary>
/// <param name="Label">What it says it is, such as <c>CERTIFICATE</c>.</param>
/// <param name="Line">The line of its BEGIN, the first 1.</param>
/// <param name="IsEncrypted">Whether headers in it say that it is encrypted (RFC 1421 §4.6.1.1).</param>
/// <param name="Data">What it holds.</param>
internal sealed record PemBlock(string Label, int Line, bool IsEncrypted, Octets Data)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const string TrustedCertificate = "TRUSTED CERTIFICATE";

    /// <summary>Whether it says that it is a certificate.</summary>
    public bool IsCertificate => Label is "CERTIFICATE" or "X509 CERTIFICATE" or TrustedCertificate;

    /// <summary>The certificate's octets: OpenSSL writes its own remarks behind a "trusted" certificate; the certificate is what comes first.</summary>
    public Octets CertificateData => Label == TrustedCertificate && new DerReader(Data.Span).TryReadAny(out _, out var first, out _) ? Data.Slice(0, first.Length) : Data;

    /// <summary>Whether the text has a block, or what is left of one.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) => text.Contains(Begin, StringComparison.Ordinal) || text.Contains(End, StringComparison.Ordinal);

    /// <summary>Reads every block; text around them is skipped, and the byte order marks that editors and concatenated files leave. A block with a damaged boundary is a fault: who passed over it would take the next one, an authority's perhaps, for the first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="blocks">The blocks in order.</param>
    /// <param name="fault">The first block that is not sound and where, as a phrase; never what is in it, which may be secret.</param>
    public static bool TryReadAll(string text, out ImmutableArray<PemBlock> blocks, out string fault)
    {
        var read = ImmutableArray.CreateBuilder<PemBlock>();
        blocks = [];
        fault = "";
        var number = 0;
        string? label = null;
        var start = 0;
        var isEncrypted = false;
        var body = new StringBuilder();
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = WithoutMark(raw).Trim();
            if (IsDamagedBoundary(line))
            {
                fault = string.Create(CultureInfo.InvariantCulture, $"line {number} has a damaged {(line.Contains("BEGIN", StringComparison.OrdinalIgnoreCase) ? "BEGIN" : "END")}: it must stand alone on its line, in capitals, with five dashes before and behind");
                return false;
            }

            if (line.StartsWith(Begin))
            {
                if (label is not null) break;
                label = line[Begin.Length..^Dashes.Length].ToString();
                start = number;
                isEncrypted = false;
                body.Clear();
            }
            else if (line.StartsWith(End))
            {
                if (label is null)
                {
                    fault = string.Create(CultureInfo.InvariantCulture, $"line {number} has an END whose BEGIN is missing or damaged");
                    return false;
                }

                if (!line[End.Length..].SequenceEqual($"{label}{Dashes}")) break;
                if (!TryDecode(body.ToString(), out var data))
                {
                    fault = string.Create(CultureInfo.InvariantCulture, $"the block that begins in line {start} is not base64");
                    return false;
                }

                read.Add(new(label, start, isEncrypted, data));
                label = null;
            }
            else if (label is not null && line.Contains(':'))
            {
                isEncrypted |= line.Contains("ENCRYPTED", StringComparison.Ordinal);
            }
            else if (label is not null)
            {
                body.Append(line);
            }
        }

        if (label is not null)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"the block that begins in line {start} has no end");
            return false;
        }

        blocks = read.ToImmutable();
        return true;
    }

    /// <summary>The line without the byte order mark of UTF-8 before it, whether the text was read as UTF-8 or octet by octet.</summary>
    internal static ReadOnlySpan<char> WithoutMark(ReadOnlySpan<char> line)
    {
        line = line.TrimStart('\uFEFF');
        while (line.StartsWith("\u00EF\u00BB\u00BF")) line = line[3..];
        return line;
    }

    /// <summary>Whether a byte order mark stands before a BEGIN: OpenSSL takes it for text around the block, and the block is lost.</summary>
    public static bool IsMarked(ReadOnlySpan<char> text, out int line)
    {
        line = 0;
        foreach (var raw in text.EnumerateLines())
        {
            line++;
            var bare = WithoutMark(raw);
            if (bare.Length < raw.Length && bare.StartsWith(Begin)) return true;
        }

        return false;
    }

    /// <summary>Whether somebody meant a boundary (RFC 7468 §3) that is none: with something before or behind it, too few or too many dashes, or small letters.</summary>
    private static bool IsDamagedBoundary(ReadOnlySpan<char> line)
    {
        if (IsBoundary(line, Begin) || IsBoundary(line, End)) return false;
        if (line.Contains(Begin, StringComparison.OrdinalIgnoreCase) || line.Contains(End, StringComparison.OrdinalIgnoreCase)) return true;
        var bare = line.TrimStart("- ");
        return (bare.StartsWith("BEGIN ") || bare.StartsWith("END ")) && bare.EndsWith("--") && (bare.Length < line.Length || bare.EndsWith(Dashes));
    }

    private static bool IsBoundary(ReadOnlySpan<char> line, string start)
    {
        if (!line.StartsWith(start) || !line.EndsWith(Dashes) || line.Length <= start.Length + Dashes.Length) return false;
        var label = line[start.Length..^Dashes.Length];
        return label[0] != '-' && label[^1] != '-' && !label.Contains(Dashes, StringComparison.Ordinal);
    }

    private static bool TryDecode(string text, out Octets data)
    {
        var octets = new byte[(text.Length / 4 * 3) + 3];
        var decoded = Convert.TryFromBase64String(text, octets, out var length);
        data = decoded ? Octets.Copy(octets.AsSpan(0, length)) : default;
        return decoded;
    }
}
