namespace Danelaw.Operator.Audit.Postfix;

/// <summary>Postfix's lists of TLS versions, such as <c>&gt;=TLSv1.2</c> or <c>!SSLv2, !SSLv3</c> (postconf(5), smtpd_tls_protocols).</summary>
internal static class ProtocolSet
{
    private static readonly string[] Versions = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

    /// <summary>Whether TLS 1.2 or 1.3 may be spoken (R34). A word that is not known excludes nothing.</summary>
    /// <param name="list">The list; empty for all.</param>
    internal static bool HasModern(string list)
    {
        int lowest = 0, highest = Versions.Length - 1;
        var included = new HashSet<int>();
        var excluded = new HashSet<int>();
        foreach (var word in list.Split([' ', '\t', ',', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = word.StartsWith(">=", StringComparison.Ordinal) ? ">=" : word.StartsWith("<=", StringComparison.Ordinal) ? "<=" : word[0] == '!' ? "!" : "";
            var version = Array.FindIndex(Versions, name => name.Equals(word[sign.Length..], StringComparison.OrdinalIgnoreCase));
            if (version < 0) continue;
            if (sign == ">=") lowest = version;
            else if (sign == "<=") highest = version;
            else if (sign == "!") excluded.Add(version);
            else included.Add(version);
        }

        return Enumerable.Range(3, 2).Any(version => version >= lowest && version <= highest && !excluded.Contains(version) && (included.Count == 0 || included.Contains(version)));
    }
}
