using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Conformance.Tests.Rfc5011;

/// <summary>A zone whose keys are followed: what it publishes and signs with can change at every step, and so can the clock.</summary>
internal sealed class FollowedZone
{
    internal static readonly DateTimeOffset Begin = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    internal static readonly DnsServer Server = new(TransportKind.Datagram, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 53));

    internal FollowedZone(string zone, params SigningKey[] configured)
        : this(zone, configured.Select(key => (RecordType.DNSKEY, key.ToDnskey())).ToArray())
    {
    }

    internal FollowedZone(string zone, params (RecordType Type, Octets Data)[] configured)
    {
        Zone = DomainName.Parse(zone);
        Point = TrustPoint.Begin(new(
            Zone,
            [.. configured.Where(each => each.Type == RecordType.DS).Select(each => each.Data)],
            [.. configured.Where(each => each.Type == RecordType.DNSKEY).Select(each => each.Data)]), Begin);
    }

    internal DomainName Zone { get; }

    internal TrustPoint Point { get; set; }

    internal DateTimeOffset Now { get; set; } = Begin;

    internal uint TimeToLive { get; set; } = 86400;

    internal TimeSpan Life { get; set; } = TimeSpan.FromDays(14);

    internal static SigningKey Key(string name) => TestKeys.Get($"rfc5011-{name}");

    internal static SigningKey Revoking(string name) => Key(name).WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked);

    /// <summary>How a key stands; Start for one that is not kept.</summary>
    internal AnchorKeyState this[string name] => Find(name)?.State ?? AnchorKeyState.Start;

    internal AnchorKey? Find(string name) => Point.Keys.SingleOrDefault(key => key.Dnskey == Key(name).ToDnskey());

    /// <summary>Passes time, then asks the zone, which publishes some keys and signs with some.</summary>
    internal void Observe(TimeSpan later, SigningKey[] published, SigningKey[] signing)
    {
        Now += later;
        Point = Point.Next(Serve(published, signing), Now);
    }

    /// <summary>The same, signed by all that is published.</summary>
    internal void Observe(TimeSpan later, params SigningKey[] published) => Observe(later, published, published);

    internal ServedKeys Serve(SigningKey[] published, SigningKey[] signing, Func<ImmutableArray<ResourceRecord>, ImmutableArray<ResourceRecord>>? spoil = null, TrustAnchor? anchor = null)
    {
        var set = new RecordSet(Zone, RecordType.DNSKEY, RecordClass.IN, TimeToLive, [.. published.Select(key => key.ToDnskey())]);
        var validity = new SignatureValidity(Now.AddDays(-1), Now + Life);
        ImmutableArray<ResourceRecord> records = [.. set.Records, .. signing.Select(key => RecordSetSigner.Sign(set, key, Zone, validity))];
        return Serve(ExchangeOutcome.Replied, spoil is null ? records : spoil(records), anchor);
    }

    internal ServedKeys Serve(ExchangeOutcome outcome, ImmutableArray<ResourceRecord> answers = default, TrustAnchor? anchor = null)
    {
        var question = new Question(Zone, RecordType.DNSKEY);
        var message = new DnsMessage { Flags = MessageFlags.Response | MessageFlags.RecursionAvailable, Questions = [question], Answers = answers.IsDefault ? [] : answers };
        var exchange = new Exchange(new(question, Server), outcome, outcome == ExchangeOutcome.Replied ? new Octets(message.Write()) : default);
        return ServedKeys.Judge(Reply.Read(exchange), anchor ?? Point.ToAnchor(), new() { Anchors = TrustAnchors.None }, Now);
    }
}
