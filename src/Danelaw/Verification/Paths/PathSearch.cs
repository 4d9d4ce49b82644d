using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Verification.Paths;

/// <summary>
/// Finds the paths that lead up from the server's certificate, whatever the order, doubles, strangers and circles in what it sent:
/// shorter ones first, then those whose issuers were sent first; paths with a broken link after all that hold.
/// </summary>
internal static class PathSearch
{
    /// <summary>How many paths are followed. A chain with one issuer for each certificate has as many paths as certificates.</summary>
    public const int MaximumPaths = 1024;

    /// <summary>How long a path may be, in certificates; as in OpenSSL.</summary>
    public const int MaximumLength = 100;

    /// <summary>Finds the paths.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="issuersOf">The certificates whose subject is a given certificate's issuer, in the order to try them.</param>
    /// <param name="signatures">Checks the links.</param>
    public static ImmutableArray<Path> Find(PathCertificate leaf, Func<PathCertificate, IEnumerable<PathCertificate>> issuersOf, SignatureMemory signatures)
    {
        var found = ImmutableArray.CreateBuilder<Path>();
        var sound = new Queue<Path>([new(leaf, null, null)]);
        var broken = new Queue<Path>();
        while (found.Count < MaximumPaths && (sound.TryDequeue(out var path) || broken.TryDequeue(out path)))
        {
            found.Add(path);
            if (path.Depth + 1 >= MaximumLength) continue;
            foreach (var issuer in issuersOf(path.Top))
            {
                if (path.Visits(issuer)) continue;
                var fault = path.Fault ?? LinkFault(path.Top, issuer.Frame.PublicKey, issuer.Label, signatures);
                (fault is null ? sound : broken).Enqueue(new(issuer, path, fault));
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Why the owner of a key cannot be shown to have signed a certificate; null when it can.</summary>
    /// <param name="signed">The certificate.</param>
    /// <param name="publicKey">The key, as SubjectPublicKeyInfo.</param>
    /// <param name="owner">What people call the owner.</param>
    /// <param name="signatures">Checks the link.</param>
    public static PathFault? LinkFault(PathCertificate signed, Octets publicKey, string owner, SignatureMemory signatures) => signatures.Check(signed.Frame, publicKey) switch
    {
        SignatureCheck.Valid => null,
        SignatureCheck.TooWeak => new(DaneReason.TooWeak, $"the signature of {signed.Label} by {owner} rests on MD5, SHA-1 or an RSA key below 1024 bits, which proves nothing"),
        SignatureCheck.NotSupported => new(DaneReason.SignatureInvalid, $"the signature of {signed.Label} by {owner} is of a kind that is not known here"),
        SignatureCheck.Invalid => new(DaneReason.SignatureInvalid, $"{signed.Label} names {owner} as its issuer but is not signed by its key (RFC 5280 §6.1.3)"),
        SignatureCheck.NotChecked => new(DaneReason.LimitReached, $"the chain asks for more than {SignatureMemory.MaximumChecks} signatures to be checked"),
    };
}
