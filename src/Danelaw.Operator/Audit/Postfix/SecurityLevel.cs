using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>A TLS security level in force, and where it comes from.</summary>
/// <param name="Value">The level in lower case; <c>none</c> where nothing asks for TLS.</param>
/// <param name="Source">The setting that decides: the level itself, or a parameter of before 2.3 that stands for one.</param>
internal sealed record SecurityLevel(string Value, Setting Source)
{
    /// <summary>Whether TLS is used for nothing.</summary>
    public bool IsOff => Value == "none";

    /// <summary>Whether mail without TLS is refused.</summary>
    public bool IsDemanding => Value is "encrypt" or "dane-only" or "fingerprint" or "verify" or "secure";

    /// <summary>Whether Postfix knows a level. A server takes those that are for clients alone as encrypt, with a warning, and ends at those of DANE and at any other word.</summary>
    /// <param name="level">The level, in any case.</param>
    /// <param name="isClient">Whether it is a client's.</param>
    internal static bool IsKnown(string level, bool isClient) => level.ToLowerInvariant() is var word
        && (word is "none" or "may" or "encrypt" or "fingerprint" or "verify" or "secure" || (isClient && word is "dane" or "dane-only"));

    /// <summary>The level of a server or client: the old parameters count only where the level is empty (postconf(5)).</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="prefix"><c>smtpd</c>, <c>postscreen</c>, <c>smtp</c> or <c>lmtp</c>.</param>
    /// <param name="service">The service.</param>
    internal static SecurityLevel Of(PostfixInstance instance, string prefix, MasterService? service)
    {
        var level = instance.Get(prefix + "_tls_security_level", service);
        if (!level.IsEmpty) return new(level.Value.ToLowerInvariant(), level);
        var enforce = instance.Get(prefix + "_enforce_tls", service);
        if (enforce.IsYes)
        {
            var names = prefix is "smtp" or "lmtp" && !instance.Get(prefix + "_tls_enforce_peername", service).Is("no");
            return new(names ? "verify" : "encrypt", enforce);
        }

        var use = instance.Get(prefix + "_use_tls", service);
        return use.IsYes ? new("may", use) : new("none", level);
    }
}
