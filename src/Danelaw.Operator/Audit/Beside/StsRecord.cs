using Danelaw.Dnssec.Resolution;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>The record of MTA-STS at <c>_mta-sts.DOMAIN</c> (RFC 8461 §3.1): it says that there is a policy, and by its id which one.</summary>
internal static class StsRecord
{
    private const int LongestId = 32;

    /// <summary>Reads the record of a domain; sound means that it has an id.</summary>
    internal static FieldRecord Of(Answer answer)
    {
        var record = FieldRecord.Of(answer, "STSv1");
        if (record.Fields.IsEmpty) return record;
        return record.Get("id") switch
        {
            null => FieldRecord.Faulty("it has no id"),
            { Length: 0 or > LongestId } => FieldRecord.Faulty($"its id has not 1 to {LongestId} letters and digits"),
            var id when !id.All(char.IsAsciiLetterOrDigit) => FieldRecord.Faulty($"its id '{id}' has other characters than letters and digits"),
            _ => record,
        };
    }
}
