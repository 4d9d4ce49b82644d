using Danelaw.Dnssec.Resolution;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>The record of TLSRPT at <c>_smtp._tls.DOMAIN</c> (RFC 8460 §3): where senders report how TLS went.</summary>
internal static class ReportingRecord
{
    /// <summary>Reads the record of a domain; sound means that there is somewhere to send reports to.</summary>
    internal static FieldRecord Of(Answer answer)
    {
        var record = FieldRecord.Of(answer, "TLSRPTv1");
        if (record.Fields.IsEmpty) return record;
        if (record.Get("rua") is not { Length: > 0 } addresses) return FieldRecord.Faulty("it has no rua, so nobody knows where to send reports");
        foreach (var part in addresses.Split(','))
        {
            var address = part.Trim(' ', '\t');
            if (FaultOf(address) is { } fault) return FieldRecord.Faulty($"rua: '{address}' {fault}");
        }

        return record;
    }

    /// <summary>RFC 8460 §3: mailto or https; a comma, a semicolon and an exclamation mark are written in percent form.</summary>
    private static string? FaultOf(string address)
    {
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            var box = address["mailto:".Length..].Split('?')[0];
            var at = box.LastIndexOf('@');
            return at > 0 && at < box.Length - 1 && !box.Contains(' ', StringComparison.Ordinal) ? null : "names no mailbox";
        }

        if (address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? null : "is no address of the web";
        return address.Contains('@', StringComparison.Ordinal) ? "must be written as mailto:" + address : "is neither mailto: nor https:";
    }
}
