using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>What an answer says, apart from spelling, order and age: that which signatures protect.</summary>
internal sealed record Truth(Security Security, ResponseCode? Code, string Chain)
{
    public static Truth Of(Answer answer) => new(answer.Security, answer.ResponseCode, string.Join(" | ", answer.Chain.Select(link =>
        $"{link.Records.Owner.ToCanonical()} {RecordTypes.ToText(link.Records.Type)} {string.Join(' ', RecordData.ToCanonicalOrder(link.Records.Type, link.Records.Data.AsSpan()).Select(data => data.ToHex()))}")));
}
