using System.Collections.Immutable;
using System.Text;

namespace Danelaw.Certificates;

/// <summary>The subtrees in which the names of certificates below must, or must not, lie (RFC 5280 §4.2.1.10).</summary>
/// <param name="Permitted">For each kind of name that occurs here, a name of that kind must lie in one of these.</param>
/// <param name="Excluded">No name may lie in one of these.</param>
internal sealed record NameConstraints(ImmutableArray<GeneralName> Permitted, ImmutableArray<GeneralName> Excluded)
{
    /// <summary>Names times subtrees of one certificate against one authority; more is taken for an attack.</summary>
    private const long MaximumComparisons = 1 << 16;

    /// <summary>Looks for a name of a certificate that breaks the constraints.</summary>
    /// <param name="certificate">A certificate below the authority that bears these constraints.</param>
    /// <returns>What breaks them, as a phrase; null when nothing does.</returns>
    public string? FindViolation(PathCertificate certificate)
    {
        var names = NamesOf(certificate);
        if ((long)names.Count * (Permitted.Length + Excluded.Length) > MaximumComparisons) return "it has more names than can be held against the constraints";
        foreach (var name in names)
            if (FindViolation(name) is { } violation) return violation;
        return null;
    }

    /// <summary>Holds one name against the constraints.</summary>
    /// <returns>How it breaks them, as a phrase; null when it does not.</returns>
    public string? FindViolation(GeneralName name)
    {
        foreach (var excluded in Excluded)
            if (excluded.Kind == name.Kind && LiesIn(name, excluded, ifInDoubt: true)) return $"{Describe(name)} lies in an excluded subtree";
        var isConstrained = false;
        var isPermitted = false;
        foreach (var permitted in Permitted)
        {
            if (permitted.Kind != name.Kind) continue;
            isConstrained = true;
            isPermitted |= LiesIn(name, permitted, ifInDoubt: false);
        }

        return isConstrained && !isPermitted ? $"{Describe(name)} lies in no permitted subtree" : null;
    }

    /// <summary>Every name that the certificate claims, those in its subject included.</summary>
    private static List<GeneralName> NamesOf(PathCertificate certificate)
    {
        List<GeneralName> names = [.. certificate.Extensions.AlternativeNames ?? []];
        if (!certificate.Subject.IsEmpty) names.Add(new(GeneralNameKind.Directory, certificate.Frame.Subject));
        var hasMail = names.Exists(name => name.Kind == GeneralNameKind.Mail);
        var hasDns = names.Exists(name => name.Kind == GeneralNameKind.Dns);
        foreach (var (oid, text) in certificate.Subject.Attributes)
        {
            // RFC 5280 §4.2.1.10: mail addresses in the subject count when no alternative name is one.
            if (oid == ObjectIdentifiers.EmailAddress && !hasMail) names.Add(new(GeneralNameKind.Mail, new(Encoding.UTF8.GetBytes(text))));

            // A common name may be taken for a host name (RFC 7672 §3.2.3) exactly when no DNS name is there; so it is constrained like one.
            if (oid == ObjectIdentifiers.CommonName && !hasDns && HostNames.LooksLikeOne(text)) names.Add(new(GeneralNameKind.Dns, new(Encoding.ASCII.GetBytes(text))));
        }

        return names;
    }

    /// <summary>Whether a name lies in a subtree of its kind; a kind or content that is not understood gives the answer that refuses.</summary>
    private static bool LiesIn(GeneralName name, GeneralName subtree, bool ifInDoubt) => name.Kind switch
    {
        GeneralNameKind.Dns => DnsLiesIn(name.Content.Span, subtree.Content.Span, ifInDoubt),
        GeneralNameKind.Mail => MailLiesIn(name.Content.Span, subtree.Content.Span, ifInDoubt),
        GeneralNameKind.Uri => UriLiesIn(name.Content.Span, subtree.Content.Span, ifInDoubt),
        GeneralNameKind.Address => AddressLiesIn(name.Content.Span, subtree.Content.Span, ifInDoubt),
        GeneralNameKind.Directory => DistinguishedName.Read(name.Content).IsAtOrBelow(DistinguishedName.Read(subtree.Content)),
        GeneralNameKind.OtherName or GeneralNameKind.X400 or GeneralNameKind.EdiParty or GeneralNameKind.RegisteredId => ifInDoubt,
    };

    private static bool DnsLiesIn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subtree, bool ifInDoubt)
    {
        if (!HostNames.IsPlain(name) || !HostNames.IsPlain(subtree)) return ifInDoubt;
        if (IsAtOrBelow(name, subtree)) return true;

        // A wildcard stands for every name one label below its parent: it reaches into an excluded subtree that begins there.
        return ifInDoubt && name.StartsWith("*."u8) && subtree.Length > 0 && subtree.IndexOf((byte)'.') is var dot && dot > 0 && Ascii.EqualsIgnoreCase(subtree[dot..], name[1..]);
    }

    /// <summary>Labels may be added on the left (RFC 5280 §4.2.1.10); where the subtree begins with a dot they must be.</summary>
    private static bool IsAtOrBelow(ReadOnlySpan<byte> host, ReadOnlySpan<byte> subtree)
    {
        if (subtree.IsEmpty) return true;
        if (host.Length < subtree.Length || !Ascii.EqualsIgnoreCase(host[^subtree.Length..], subtree)) return false;
        return host.Length == subtree.Length ? subtree[0] != '.' : subtree[0] == '.' || host[host.Length - subtree.Length - 1] == '.';
    }

    private static bool MailLiesIn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subtree, bool ifInDoubt)
    {
        var at = name.LastIndexOf((byte)'@');
        if (at < 0 || !HostNames.IsPlain(name[(at + 1)..])) return ifInDoubt;
        var subtreeAt = subtree.LastIndexOf((byte)'@');
        if (subtreeAt >= 0)
            // The part before the @ is compared with its case (RFC 5280 §7.5).
            return name[..at].SequenceEqual(subtree[..subtreeAt]) && Ascii.EqualsIgnoreCase(name[at..], subtree[subtreeAt..]);
        return HostLiesIn(name[(at + 1)..], subtree, ifInDoubt);
    }

    private static bool UriLiesIn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subtree, bool ifInDoubt)
    {
        // RFC 5280 §4.2.1.10: what is constrained is the host; a URI without one, or with an address, is refused.
        var start = name.IndexOf("://"u8);
        if (start < 0) return ifInDoubt;
        var host = name[(start + 3)..];
        if (host.IndexOfAny("/?#"u8) is var end and >= 0) host = host[..end];
        host = host[(host.LastIndexOf((byte)'@') + 1)..];
        if (host.LastIndexOf((byte)':') is var port and >= 0) host = host[..port];
        return host.IsEmpty || !HostNames.IsPlain(host) || char.IsAsciiDigit((char)host[^1]) ? ifInDoubt : HostLiesIn(host, subtree, ifInDoubt);
    }

    /// <summary>A subtree that begins with a dot holds every host below it, one without holds that host alone (RFC 5280 §4.2.1.10).</summary>
    private static bool HostLiesIn(ReadOnlySpan<byte> host, ReadOnlySpan<byte> subtree, bool ifInDoubt)
    {
        if (!HostNames.IsPlain(subtree)) return ifInDoubt;
        return subtree.IsEmpty || (subtree[0] == '.' ? IsAtOrBelow(host, subtree) : Ascii.EqualsIgnoreCase(host, subtree));
    }

    private static bool AddressLiesIn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subtree, bool ifInDoubt)
    {
        if (name.Length is not (4 or 16) || subtree.Length is not (8 or 32)) return ifInDoubt;
        if (subtree.Length != name.Length * 2) return false;
        for (var i = 0; i < name.Length; i++)
            if (((name[i] ^ subtree[i]) & subtree[name.Length + i]) != 0) return false;
        return true;
    }

    private static string Describe(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Dns => $"the DNS name {Encoding.Latin1.GetString(name.Content.Span)}",
        GeneralNameKind.Mail => $"the mail address {Encoding.Latin1.GetString(name.Content.Span)}",
        GeneralNameKind.Uri => $"the URI {Encoding.Latin1.GetString(name.Content.Span)}",
        GeneralNameKind.Address => $"the address {(name.Content.Length is 4 or 16 ? new System.Net.IPAddress(name.Content.Span).ToString() : name.Content.ToHex())}",
        GeneralNameKind.Directory => $"the name {DistinguishedName.Read(name.Content)}",
        GeneralNameKind.OtherName or GeneralNameKind.X400 or GeneralNameKind.EdiParty or GeneralNameKind.RegisteredId => "a name of a kind that cannot be compared",
    };
}
