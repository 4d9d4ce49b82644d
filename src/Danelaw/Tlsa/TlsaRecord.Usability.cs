using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns.Records;
using Danelaw.Verification;

namespace Danelaw.Tlsa;

public readonly partial record struct TlsaRecord
{
    /// <summary>Whether a client of this kind of service can use the record (R35, R36). One unusable record never affects the others.</summary>
    /// <param name="service">The kind of service.</param>
    public Usability UsabilityFor(ServiceKind service)
    {
        if (Usage is not (TlsaUsage.PkixTa or TlsaUsage.PkixEe or TlsaUsage.DaneTa or TlsaUsage.DaneEe)) return Usability.UnknownUsage;
        if (Selector is not (TlsaSelector.Certificate or TlsaSelector.PublicKey)) return Usability.UnknownSelector;
        switch (Matching)
        {
            case TlsaMatching.Full:
                // RFC 6698 §4.1: malformed data makes the record unusable, here what can never equal a certificate or key.
                if (!IsWellFormed()) return Usability.MalformedData;
                break;
            case TlsaMatching.Sha256:
                if (Data.Length != SHA256.HashSizeInBytes) return Usability.WrongDigestLength;
                break;
            case TlsaMatching.Sha512:
                if (Data.Length != SHA512.HashSizeInBytes) return Usability.WrongDigestLength;
                break;
            default:
                return Usability.UnknownMatching;
        }

        // RFC 7672 §3.1.3: usages 0 and 1 mean nothing between mail servers.
        return service == ServiceKind.Smtp && Usage is TlsaUsage.PkixTa or TlsaUsage.PkixEe ? Usability.UsageNotForSmtp : Usability.Usable;
    }

    private bool IsWellFormed() => Selector == TlsaSelector.Certificate ? Certificate.TryRead(Data, out _) : PublicKeyInfo.IsWellFormed(Data.Span);
}
