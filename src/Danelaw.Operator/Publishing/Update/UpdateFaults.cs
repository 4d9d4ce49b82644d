using System.Globalization;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Publishing.Update;

/// <summary>What a primary means by its refusals, and what to do.</summary>
internal static class UpdateFaults
{
    /// <summary>The end of the year 9999: what lies behind it is no time that a clock shows.</summary>
    private const ulong MostSeconds = 253402300799;

    /// <summary>A reply that the key does not vouch for.</summary>
    internal static string Explain(IPEndPoint server, TsigKey key, DnsMessage reply, TsigVerdict verdict, DateTimeOffset now) => verdict switch
    {
        { Outcome: TsigOutcome.Refused, Record.Error: ResponseCode.BadTime } =>
            $"{server} refuses the time of the request (BADTIME): {Apart(verdict, now)}; set the wrong one by NTP (timedatectl set-ntp true)",
        { Outcome: TsigOutcome.Refused, Record.Error: ResponseCode.BadKey } =>
            $"{server} does not know the TSIG key {key} (BADKEY): its name and algorithm must be the same in the server's configuration, and for Knot an acl of the zone must name it",
        { Outcome: TsigOutcome.Refused, Record.Error: ResponseCode.BadVersion } =>
            $"{server} finds the signature wrong (BADSIG): the secret of the TSIG key {key.Name} is another one there: take it from the server's configuration (BIND: key \"{key.Name.ToString().TrimEnd('.')}\" in named.conf; Knot: key in knot.conf; PowerDNS: pdnsutil list-tsig-keys)",
        { Outcome: TsigOutcome.Refused, Record.Error: ResponseCode.BadTruncation } =>
            $"{server} takes no shortened codes (BADTRUNC): use the key {key.Name} with the full length of its algorithm",
        { Outcome: TsigOutcome.Refused } => $"{server} refuses the TSIG key {key} ({ResponseCodes.ToTsigText(verdict.Record!.Value.Error)})",
        { Outcome: TsigOutcome.BadTime } => $"the reply of {server} is signed for another time (BADTIME): {Apart(verdict, now)}; set the wrong one by NTP (timedatectl set-ntp true)",
        { Outcome: TsigOutcome.BadSignature } => $"the reply of {server} bears a signature that the TSIG key {key} did not make: it is not believed. A resolver sends such replies: give the server where the zone is changed",
        { Outcome: TsigOutcome.Unsigned } when reply.ResponseCode is ResponseCode.Refused or ResponseCode.NotAuthoritative =>
            $"{server} answers {ResponseCodes.ToText(reply.ResponseCode)} without a signature: it does not know the TSIG key {key}, has another secret for it, its clock and this machine's are apart, or it takes nothing from here (PowerDNS tells these apart in its log only: pdnsutil list-tsig-keys, dnsupdate=yes, allow-dnsupdate-from)",
        { Outcome: TsigOutcome.Unsigned } when reply.ResponseCode != ResponseCode.NoError =>
            $"{server} answers {ResponseCodes.ToText(reply.ResponseCode)} without a signature: it does not take requests that are signed with the key {key}",
        _ => $"the reply of {server} is not signed as it must be, so it is not believed: whether anything was done is not known",
    };

    /// <summary>A response code of the primary itself.</summary>
    internal static string Explain(string server, DomainName zone, DomainName? key, ResponseCode code) => code switch
    {
        ResponseCode.Refused => key is { } name
            ? $"{server} refuses to change {zone} for the key {name}: if it is a secondary, give the server where the zone is changed; otherwise allow it there (BIND: update-policy {{ grant {name} zonesub TLSA; }}; Knot: an acl with action: update; PowerDNS: pdnsutil set-meta {zone} TSIG-ALLOW-DNSUPDATE {name})"
            : $"{server} refuses an update that is not signed: give a TSIG key that may change {zone}",
        ResponseCode.NotAuthoritative => $"{server} is not the primary of {zone}, or does not take updates from here (NOTAUTH): give the server where the zone is changed, and a TSIG key that it knows",
        ResponseCode.NotZone => $"{server} says that the owner is not in {zone} (NOTZONE): give the zone that holds it",
        ResponseCode.ServerFailure => $"{server} could not carry it out (SERVFAIL): its log says why (a zone that is frozen, a full disk, a journal that it may not write)",
        ResponseCode.NotImplemented => $"{server} does not take dynamic updates (NOTIMP): PowerDNS needs dnsupdate=yes, NSD cannot",
        ResponseCode.FormatError => $"{server} did not understand the update (FORMERR)",
        _ => $"{server} answers {ResponseCodes.ToText(code)}",
    };

    private static string Apart(TsigVerdict verdict, DateTimeOffset now)
    {
        // RFC 8945 §5.2.3: the server's time comes along.
        var theirs = verdict.Record is { } record ? record.OtherTime ?? record.TimeSigned : (ulong?)null;
        return theirs is { } time and <= MostSeconds
            ? string.Create(CultureInfo.InvariantCulture, $"its clock says {DateTimeOffset.FromUnixTimeSeconds((long)time):yyyy-MM-dd HH:mm:ss'Z'}, this machine's {now:yyyy-MM-dd HH:mm:ss'Z'}, {Math.Abs((long)time - now.ToUnixTimeSeconds())} s apart")
            : "its clock and this machine's are apart";
    }
}
