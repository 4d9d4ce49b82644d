namespace Danelaw.Operator.Audit.Acme;

/// <summary>What certbot's renewal file of one certificate says.</summary>
public static class CertbotRenewal
{
    /// <summary>Whether the next renewal keeps the key: by default certbot makes a new one.</summary>
    /// <param name="text">The file, <c>renewal/NAME.conf</c>.</param>
    public static KeyAtRenewal KeyOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return KeyOf(CertbotReader.Values(text));
    }

    internal static KeyAtRenewal KeyOf(Dictionary<string, string> values) =>
        values.GetValueOrDefault("reuse_key", "False").Equals("true", StringComparison.OrdinalIgnoreCase) ? KeyAtRenewal.Kept : KeyAtRenewal.Changed;
}
