namespace Danelaw.Dnssec.Validation;

/// <summary>Finding codes of what is told beside a verdict.</summary>
internal static class NoteCodes
{
    internal const string Sha1 = "DNSSEC-SHA1";
    internal const string AlgorithmUnused = "DNSSEC-ALGORITHM-UNUSED";
    internal const string NegativeAnchor = "DNSSEC-NEGATIVE-ANCHOR";
    internal const string AnchorUnsupported = "DNSSEC-ANCHOR-UNSUPPORTED";
}
