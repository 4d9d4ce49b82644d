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

    /// <summary>Whether the text has a block at all.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) => text.Contains(Begin, StringComparison.Ordinal);

    /// <summary>Reads every block; text around them is skipped.</summary>
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
            var line = raw.Trim();
            if (line.StartsWith(Begin) && line.EndsWith(Dashes) && line.Length > Begin.Length + Dashes.Length)
            {
                if (label is not null) break;
                label = line[Begin.Length..^Dashes.Length].ToString();
                start = number;
                isEncrypted = false;
                body.Clear();
            }
            else if (label is not null && line.StartsWith(End))
            {
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

    private static bool TryDecode(string text, out Octets data)
    {
        var octets = new byte[(text.Length / 4 * 3) + 3];
        var decoded = Convert.TryFromBase64String(text, octets, out var length);
        data = decoded ? Octets.Copy(octets.AsSpan(0, length)) : default;
        return decoded;
    }
}
