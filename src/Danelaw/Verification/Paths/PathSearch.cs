using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Verification.Paths;

/// <summary>
/// Finds the paths that lead up from the server's certificate, whatever the order, doubles, strangers and circles in what it sent:
/// shorter ones first, then those whose issuers were sent first; paths with a broken link after all that hold. Each is found when somebody asks for it.
/// </summary>
/// <param name="leaf">The server's certificate.</param>
/// <param name="issuersOf">The certificates whose subject is a given certificate's issuer, in the order to try them.</param>
/// <param name="signatures">Checks the links.</param>
internal sealed class PathSearch(PathCertificate leaf, Func<PathCertificate, IEnumerable<PathCertificate>> issuersOf, SignatureMemory signatures)
{
    /// <summary>How many paths are followed. A chain with one issuer for each certificate has as many paths as certificates.</summary>
    public const int MaximumPaths = 1024;

    /// <summary>How long a path may be, in certificates; as in OpenSSL.</summary>
    public const int MaximumLength = 100;

    /// <summary>How many certificates of a path are looked at for one unit of work, in search of a circle.</summary>
    private const int StepsOfUnit = 256;

    private readonly List<Path> _found = [];
    private readonly Queue<Path> _sound = new([new(leaf, null, null)]);
    private readonly Queue<Path> _broken = new();
    private bool _isOver;

    /// <summary>The paths. They may be asked for as often as one likes.</summary>
    public IEnumerable<Path> All
    {
        get
        {
            for (var i = 0; i < _found.Count || TryFindNext(); i++) yield return _found[i];
        }
    }

    private bool TryFindNext()
    {
        if (_found.Count > 0 && !_isOver) Extend(_found[^1]);
        while (_found.Count < MaximumPaths && !_isOver && (_sound.TryDequeue(out var path) || _broken.TryDequeue(out path)))
        {
            _found.Add(path);
            return true;
        }

        // A path with a broken link leads to no match, so only sound ones are missed.
        if (_sound.Count > 0) signatures.CutShort();
        _isOver = true;
        return false;
    }

    private void Extend(Path path)
    {
        if (path.Depth + 1 >= MaximumLength) return;
        var steps = 0;
        foreach (var issuer in issuersOf(path.Top))
        {
            steps += path.Depth + 1;
            if (path.Visits(issuer)) continue;
            var fault = path.Fault ?? LinkFault(path.Top, issuer.Frame.PublicKey, issuer.Label, signatures);
            (fault is null ? _sound : _broken).Enqueue(new(issuer, path, fault));
        }

        _isOver = !signatures.TrySpend(1 + (steps / StepsOfUnit));
    }

    /// <summary>What is said of what was left undone.</summary>
    internal const string LimitText = "what the server sent asks for more work than is done for a stranger: too many signatures, keys that are too large, or too many names";

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
        SignatureCheck.NotChecked => new(DaneReason.LimitReached, LimitText),
    };
}
