using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>What a policy of MTA-STS wants of senders (RFC 8461 §5).</summary>
internal enum StsMode
{
    /// <summary>Nothing: the policy is on its way out.</summary>
    None,

    /// <summary>To report what would fail.</summary>
    Testing,

    /// <summary>To deliver to hosts that the policy names and that show a certificate which the web's authorities vouch for, and to no other.</summary>
    Enforce,
}

/// <summary>A policy of MTA-STS (RFC 8461 §3.2).</summary>
/// <param name="Mode">What it wants.</param>
/// <param name="MaximumAge">How long senders keep it.</param>
/// <param name="Patterns">The MX hosts that it names, in lower case; <c>*.</c> stands for one label.</param>
internal sealed record StsPolicy(StsMode Mode, TimeSpan MaximumAge, ImmutableArray<string> Patterns)
{
    /// <summary>A year and six hours: the most that a policy may say (RFC 8461 §3.2).</summary>
    private const long MostSeconds = 31_557_600;

    /// <summary>Reads a policy.</summary>
    /// <param name="text">What the server sent.</param>
    /// <param name="policy">The policy; null on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    internal static bool TryRead(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StsPolicy? policy, out string fault)
    {
        policy = null;
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        var patterns = ImmutableArray.CreateBuilder<string>();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r', ' ', '\t');
            if (line.Length == 0) continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                fault = $"the line '{Shown(line)}' is no NAME: VALUE";
                return false;
            }

            var (name, value) = (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));

            // Of a field that stands twice the first counts; what is not known is passed over.
            if (name == "mx") patterns.Add(value.ToLowerInvariant());
            else first.TryAdd(name, value);
        }

        fault = FaultOf(first, patterns);
        if (fault.Length > 0) return false;
        policy = new(Enum.Parse<StsMode>(first["mode"], ignoreCase: true), TimeSpan.FromSeconds(long.Parse(first["max_age"], CultureInfo.InvariantCulture)), patterns.ToImmutable());
        return true;
    }

    /// <summary>Whether the policy names an MX host (RFC 8461 §4.1): the same name, or <c>*.</c> for just one label.</summary>
    /// <param name="host">The host's name as the MX record has it.</param>
    internal bool Names(DomainName host)
    {
        foreach (var pattern in Patterns)
        {
            var isWild = pattern.StartsWith("*.", StringComparison.Ordinal);
            if (!DomainName.TryFromUserInput(isWild ? pattern[2..] : pattern, out var name, out _)) continue;
            if (isWild ? host.LabelCount > 1 && host.Parent == name : host == name) return true;
        }

        return false;
    }

    private static string FaultOf(Dictionary<string, string> first, ImmutableArray<string>.Builder patterns)
    {
        if (first.GetValueOrDefault("version") is not { } version) return "it has no line version: STSv1";
        if (version != "STSv1") return $"its version is '{Shown(version)}', not STSv1";
        if (first.GetValueOrDefault("mode") is not { } mode) return "it has no mode";
        if (mode is not ("none" or "testing" or "enforce")) return $"its mode is '{Shown(mode)}', which is none of enforce, testing and none";
        if (first.GetValueOrDefault("max_age") is not { } age) return "it has no max_age";
        if (!long.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > MostSeconds) return $"its max_age is '{Shown(age)}', which is no number of seconds from 0 to {MostSeconds}";
        if (mode != "none" && patterns.Count == 0) return "it names no mx";
        return patterns.FirstOrDefault(pattern => !IsPattern(pattern)) is { } odd ? $"its mx '{Shown(odd)}' is no host name" : "";
    }

    /// <summary>A name, or one behind <c>*.</c>; a star stands nowhere else.</summary>
    private static bool IsPattern(string pattern)
    {
        var name = pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern[2..] : pattern;
        return !name.Contains('*', StringComparison.Ordinal) && DomainName.TryFromUserInput(name, out var read, out _) && !read.IsRoot;
    }

    private static string Shown(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
