using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>Private keys as BIND, NSD's and Knot's tools keep them in <c>K….private</c> files ("Private-key-format", as RFC 5702 §6 and RFC 8080 §6 show it).</summary>
public static class PrivateKeyFile
{
    /// <summary>Reads a private key. Fields that are not known, such as timing metadata, are passed over.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="flags">The flags of the DNSKEY, which the file does not hold.</param>
    /// <param name="key">The key; null when refused.</param>
    /// <param name="fault">What is wrong, for people, without anything of the key; empty on success.</param>
    public static bool TryRead(string text, DnskeyFlags flags, [NotNullWhen(true)] out SigningKey? key, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) fields[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        if (!fields.TryGetValue("Private-key-format", out var format) || !format.StartsWith("v1.", StringComparison.Ordinal))
        {
            fault = "not a private key file: it has no line 'Private-key-format: v1.…'";
            return false;
        }

        var number = fields.GetValueOrDefault("Algorithm", "").Split(' ', 2)[0];
        if (!byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var algorithmNumber) || !SecurityAlgorithms.IsSupported((SecurityAlgorithm)algorithmNumber))
        {
            fault = "the algorithm is missing or not supported";
            return false;
        }

        key = Import((SecurityAlgorithm)algorithmNumber, flags, fields);
        fault = key is null ? $"the key's numbers are missing, or are no key of its algorithm{RsaSigningKey.SizeRule((SecurityAlgorithm)algorithmNumber)}" : "";
        return key is not null;
    }

    /// <summary>Writes a private key. The text is the secret itself.</summary>
    /// <param name="key">The key.</param>
    public static string Write(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = new StringBuilder("Private-key-format: v1.3\n");
        text.Append(CultureInfo.InvariantCulture, $"Algorithm: {(byte)key.Algorithm} ({SecurityAlgorithms.ToText(key.Algorithm)})\n");
        switch (key)
        {
            case RsaSigningKey rsa:
                var numbers = rsa.ExportPrivate();
                Add("Modulus", numbers.Modulus!);
                Add("PublicExponent", numbers.Exponent!);
                Add("PrivateExponent", numbers.D!);
                Add("Prime1", numbers.P!);
                Add("Prime2", numbers.Q!);
                Add("Exponent1", numbers.DP!);
                Add("Exponent2", numbers.DQ!);
                Add("Coefficient", numbers.InverseQ!);
                break;
            case EcdsaSigningKey ecdsa:
                Add("PrivateKey", ecdsa.ExportPrivate());
                break;
            case Ed25519SigningKey ed25519:
                Add("PrivateKey", ed25519.ExportPrivate());
                break;
            case Ed448SigningKey ed448:
                Add("PrivateKey", ed448.ExportPrivate());
                break;
            default:
                throw new UnreachableException("every key is one of these");
        }

        return text.ToString();

        void Add(string name, byte[] value) => text.Append(name).Append(": ").Append(Convert.ToBase64String(value)).Append('\n');
    }

    private static SigningKey? Import(SecurityAlgorithm algorithm, DnskeyFlags flags, Dictionary<string, string> fields)
    {
        switch (algorithm)
        {
            case SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.EcdsaP384Sha384:
                return Field("PrivateKey") is { } number ? EcdsaSigningKey.Import(algorithm, flags, Pad(number, EcdsaVerificationKey.CoordinateLength(algorithm))) : null;
            case SecurityAlgorithm.Ed25519:
                return Field("PrivateKey") is { } seed ? Ed25519SigningKey.Import(flags, seed) : null;
            case SecurityAlgorithm.Ed448:
                return Field("PrivateKey") is { } secret ? Ed448SigningKey.Import(flags, secret) : null;
            default:
                return ImportRsa();
        }

        SigningKey? ImportRsa()
        {
            if (Field("Modulus") is not { Length: > 0 } modulus || Field("PublicExponent") is not { Length: > 0 and <= 8 } exponent || Field("PrivateExponent") is not { } d ||
                Field("Prime1") is not { } p || Field("Prime2") is not { } q || Field("Exponent1") is not { } dp || Field("Exponent2") is not { } dq || Field("Coefficient") is not { } inverse) return null;
            var half = (modulus.Length + 1) / 2;
            return RsaSigningKey.Import(algorithm, flags, new RSAParameters
            {
                Modulus = modulus,
                Exponent = exponent,
                D = Pad(d, modulus.Length),
                P = Pad(p, half),
                Q = Pad(q, half),
                DP = Pad(dp, half),
                DQ = Pad(dq, half),
                InverseQ = Pad(inverse, half),
            });
        }

        byte[]? Field(string name)
        {
            if (!fields.TryGetValue(name, out var text)) return null;
            var octets = new byte[text.Length];
            return Convert.TryFromBase64String(text, octets, out var written) ? octets[..written] : null;
        }
    }

    // Some tools leave leading zero octets out, others put one too many; the libraries want exact sizes.
    internal static byte[] Pad(byte[] number, int length)
    {
        var digits = number.AsSpan().TrimStart((byte)0);
        if (digits.Length > length) return number;
        var padded = new byte[length];
        digits.CopyTo(padded.AsSpan(length - digits.Length));
        return padded;
    }
}
