using System.Collections.Immutable;

namespace Danelaw.Certificates;

/// <summary>What a source of keys holds, key by key: a file may have the chains of several (Postfix's <c>smtpd_tls_chain_files</c>), and every one of them needs its record (R64).</summary>
public sealed record KeySourceContent
{
    /// <summary>For each certificate of a server's or user's own that certificate, and those above it; else each key. In the order of the source, one at least once it was read.</summary>
    public ImmutableArray<CertificateFile> Parts { get; internal init; } = [];

    /// <summary>Whether the source begins with a certificate of somebody's own, as servers want it; true where that is not known.</summary>
    public bool IsInOrder { get; internal init; } = true;

    /// <summary>Whether one of <see cref="Parts"/> is a private key that belongs to none of the certificates beside it.</summary>
    public bool HasStrayKey { get; internal init; }
}
