namespace Danelaw.Checks;

// SERVICE-…: services beside the one that is checked, or beside port 25 of a mail domain.
public static partial class FindingCodes
{
    /// <summary>TLSA records for a port that hardly any client asks about, and that was not looked at.</summary>
    public const string ServiceRecordUnchecked = "SERVICE-RECORD-UNCHECKED";

    /// <summary>TLSA records for a port where nobody listens.</summary>
    public const string ServiceRecordUnused = "SERVICE-RECORD-UNUSED";
}
