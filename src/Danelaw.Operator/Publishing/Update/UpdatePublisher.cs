using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing.Update;

/// <summary>Publishes by dynamic update (RFC 2136), authenticated by TSIG (RFC 8945): BIND, Knot, PowerDNS and others.</summary>
/// <param name="settings">Which server, zone and key.</param>
/// <param name="services">Clock, addresses and environment.</param>
internal sealed class UpdatePublisher(PublisherSettings.Update settings, PublisherServices services) : IZonePublisher
{
    /// <summary>For UDP, which is not used.</summary>
    private const ushort UdpPayloadSize = 1232;

    private readonly Primary _primary = new(settings, services);

    /// <inheritdoc/>
    public async ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        var place = await FindAsync(owner, cancellationToken).ConfigureAwait(false);
        return place.Set;
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        var (zone, has) = await FindAsync(owner, cancellationToken).ConfigureAwait(false);
        if (has.Outcome != PublishOutcome.Done) return new(has.Outcome, has.Detail);

        // RFC 2136 §3.2, §3.3: a prerequisite, signed as an update is, and nothing to change. Whether the key may change this very owner BIND asks of a change alone (update-policy).
        var reply = await _primary.ExchangeAsync(UpdateMessage.Probe(Primary.NewId(), zone, owner), cancellationToken).ConfigureAwait(false);
        return reply.Message is not { } message ? new(reply.Outcome, reply.Detail) : message.ResponseCode == ResponseCode.YXRRSet ? new(PublishOutcome.Done, "") : FindRefusal(message.ResponseCode, zone) ?? new(PublishOutcome.Done, "");
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (zone, has) = await FindAsync(request.Owner, cancellationToken).ConfigureAwait(false);
        if (Comparison.Settle(request, has) is { } settled) return settled;

        // What was read is what must still be there when the server acts: the prerequisite guards the time between. What a wildcard gives is not there.
        var update = UpdateMessage.Replace(Primary.NewId(), zone, request.Owner, has.IsFromWildcard ? TlsaSet.Empty : has.Records, request.After, request.TimeToLive);
        var reply = await _primary.ExchangeAsync(update, cancellationToken).ConfigureAwait(false);
        if (reply.Message is not { } message) return new(reply.Outcome, reply.Detail);

        // RFC 2136 §2.2: a prerequisite did not hold.
        if (message.ResponseCode is ResponseCode.YXDomain or ResponseCode.YXRRSet or ResponseCode.NXRRSet or ResponseCode.NameError) return Comparison.Changed(request.Owner);
        if (FindRefusal(message.ResponseCode, zone) is { } refusal) return refusal;

        // A server may pass over what it does not like and say NOERROR all the same (RFC 2136 §3.4.2.2 for a name with a CNAME).
        return await Comparison.ConfirmAsync(request, () => ReadAsync(request.Owner, cancellationToken), _primary.Name, services, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a response code comes to; null where it is a yes.</summary>
    private PublishResult? FindRefusal(ResponseCode code, DomainName zone) => code switch
    {
        ResponseCode.NoError => null,

        // RFC 2136 §3.8: nothing was done. A zone that is being loaded, or a full disk, passes.
        ResponseCode.ServerFailure => new(PublishOutcome.Unreachable, UpdateFaults.Explain(_primary.Name, zone, null, code)),
        _ => new(PublishOutcome.Refused, UpdateFaults.Explain(_primary.Name, zone, Primary.ReadKey(settings, services).Key?.Name, code)),
    };

    /// <summary>The zone that holds an owner at the primary, and the RRset there.</summary>
    private async ValueTask<(DomainName Zone, MasteredSet Set)> FindAsync(DomainName owner, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(owner, RecordType.SOA, cancellationToken).ConfigureAwait(false);
        if (reply.Message is not { } place) return Failed(reply.Outcome, reply.Detail);
        if (AliasOf(place, owner) is { } target)
            return Failed(PublishOutcome.Refused, $"{owner} is an alias of {target}: the records stand there, so publish them at {target}");
        var soa = place.Answers.Concat(place.Authorities).FirstOrDefault(record => record.Type == RecordType.SOA && owner.IsAtOrBelow(record.Owner));
        if (soa.Type != RecordType.SOA) return Failed(PublishOutcome.Refused, $"{_primary.Name} does not serve the zone that holds {owner}: give the zone's primary");
        if (settings.Zone is { } meant && meant != soa.Owner) return Failed(PublishOutcome.Refused, $"the zone that holds {owner} at {_primary.Name} is {soa.Owner}, not {meant}: name that one, or leave it out, and the server is asked");

        reply = await AskAsync(owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
        if (reply.Message is not { } answer) return Failed(reply.Outcome, reply.Detail);
        var records = answer.Answers.Where(record => record.Type == RecordType.TLSA && record.Owner == owner).ToArray();
        var set = TlsaSet.Of(RecordsOf(answer, owner));
        var isSynthesized = records.Length > 0 && await IsSynthesizedAsync(answer, soa.Owner, owner, set, cancellationToken).ConfigureAwait(false);
        return (soa.Owner, new(PublishOutcome.Done, set, records.Length == 0 ? null : records.Max(record => record.TimeToLive), "") { IsFromWildcard = isSynthesized });
    }

    /// <summary>Whether a wildcard gives the records of an owner (RFC 4592).</summary>
    private async ValueTask<bool> IsSynthesizedAsync(DnsMessage answer, DomainName zone, DomainName owner, TlsaSet set, CancellationToken cancellationToken)
    {
        if (owner.GetLabel(0) is [(byte)'*']) return false;

        if (ServedAnswer.LabelsSigned(answer.Answers, owner) is { } labels) return labels < owner.LabelCount;

        // Where nothing is signed: a wildcard that gives this owner its records gives them to the wildcard's sibling, or is it.
        if (!DomainName.TryParseRelative("*", owner.Parent, out var wildcard, out _)) return false;
        var reply = await AskAsync(wildcard, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
        if (reply.Message is not { } other || !TlsaSet.Of(RecordsOf(other, wildcard)).Equals(set)) return false;

        // RFC 2136 §2.4.3: the server itself knows what is there. An update that holds nothing changes nothing.
        reply = await _primary.ExchangeAsync(UpdateMessage.Probe(Primary.NewId(), zone, owner), cancellationToken).ConfigureAwait(false);
        return reply.Message is { ResponseCode: ResponseCode.NoError };
    }

    private static IEnumerable<TlsaRecord> RecordsOf(DnsMessage message, DomainName owner) =>
        message.Answers.Where(record => record.Type == RecordType.TLSA && record.Owner == owner).Select(record => TlsaRecord.TryFromRecordData(record.Data, out var tlsa) ? tlsa : default);

    private async ValueTask<Reply> AskAsync(DomainName owner, RecordType type, CancellationToken cancellationToken)
    {
        var reply = await _primary.ExchangeAsync(new() { Id = Primary.NewId(), Questions = [new(owner, type)], Edns = new(UdpPayloadSize, 0, DnssecOk: true, []) }, cancellationToken).ConfigureAwait(false);
        if (reply.Message is not { } message) return reply;
        if (message.ResponseCode is not (ResponseCode.NoError or ResponseCode.NameError))
            return Reply.Failed(message.ResponseCode == ResponseCode.ServerFailure ? PublishOutcome.Unreachable : PublishOutcome.Refused, $"{_primary.Name} answers {ResponseCodes.ToText(message.ResponseCode)} when it is asked for {owner}: {(message.ResponseCode == ResponseCode.ServerFailure ? "it may be loading the zone; its log says why" : "it does not serve that zone, or not for this key: give the server where the zone is changed")}");
        return (message.Flags & MessageFlags.AuthoritativeAnswer) == 0
            ? Reply.Failed(PublishOutcome.Refused, $"{_primary.Name} does not serve the zone that holds {owner} itself: give the zone's primary")
            : reply;
    }

    private static DomainName? AliasOf(DnsMessage message, DomainName owner)
    {
        foreach (var record in message.Answers)
            if (record.Type == RecordType.CNAME && record.Owner == owner && NameData.TryRead(record.Data, out var alias)) return alias.Name;
        return null;
    }

    private static (DomainName Zone, MasteredSet Set) Failed(PublishOutcome outcome, string detail) => (default, new(outcome, TlsaSet.Empty, null, detail));
}
