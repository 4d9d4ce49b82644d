using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Comparing;

/// <summary>A certificate or a bare key, and where it is.</summary>
public sealed record ComparedKey
{
    /// <summary>The server's own certificate in DER; empty for a bare key.</summary>
    public Octets Certificate { get; init; }

    /// <summary>The public key as SubjectPublicKeyInfo in DER.</summary>
    public Octets PublicKey { get; init; }

    /// <summary>The records each of which would accept it by itself, in the order of the set.</summary>
    public ImmutableArray<TlsaRecord> Records { get; init; } = [];

    /// <summary>Whether a client that looks at the whole set accepts it.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Why not, in a sentence; empty when it does, or when there are no records.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>What kind of reason that is; <see cref="DaneReason.None"/> when there is none.</summary>
    public DaneReason RefusalReason { get; init; }

    /// <summary>Whether a record does mean it, or an issuer of it, and something in the certificates is in the way: dates, names, or the way up.</summary>
    public bool IsAtFault => RefusalReason is DaneReason.Expired or DaneReason.NotYetValid or DaneReason.NameMismatch or DaneReason.WrongPurpose or DaneReason.NotAnAuthority or DaneReason.PathTooLong
        or DaneReason.NameConstraintViolated or DaneReason.UnknownCriticalExtension or DaneReason.TooWeak or DaneReason.SignatureInvalid or DaneReason.NotTrusted;

    /// <summary>Where it was shown.</summary>
    public ImmutableArray<EndpointReport> Endpoints { get; init; } = [];

    /// <summary>The files that it stands in, or its key alone, by the names they were given.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Whether some endpoint shows it.</summary>
    public bool IsServed => !Endpoints.IsEmpty;

    /// <summary>Whether some file holds it.</summary>
    public bool IsOnDisk => !Files.IsEmpty;
}

/// <summary>A file that was compared.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Content">The certificate and its issuers, or a key.</param>
public sealed record ComparedFile(string Name, Certificates.CertificateFile Content);

/// <summary>What one authoritative server says of the owner.</summary>
/// <param name="Server">The server, as people write it.</param>
/// <param name="Records">The records; null when it gave no answer that is believed.</param>
/// <param name="Detail">Why it gave none, as a phrase; otherwise empty.</param>
public sealed record ComparedServer(string Server, ImmutableArray<TlsaRecord>? Records, string Detail);
