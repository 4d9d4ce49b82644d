using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>Which TLSA records are to be published: 3 1 1 of each key, beside what is there and does no harm.</summary>
internal static class RecordPlan
{
    internal static SetupStep? Step(SetupFacts facts, SetupOptions options, ChainPlan chains, PublishedSets published, List<Obstacle> obstacles)
    {
        var records = ImmutableArray.CreateBuilder<SetupRecord>();
        var names = NamePlan.Names(facts, options, published);
        if (names.IsEmpty) obstacles.Add(new("No name is known for which records could be made: no MX record leads here, and myhostname is no full name.", "Give the name in your MX record: --name mx.example.org", false));
        foreach (var name in names)
        {
            if (published.IsSigned(name) == false) obstacles.Add(new($"The zone of {Text(name)} is not signed by DNSSEC: nobody would believe a TLSA record there.", "Sign the zone at your DNS host and give the DS record to your registrar; then run setup again.", false));
            else foreach (var port in options.Ports) Add(name, port);
        }

        if (options.Ports.Contains(25) && NamePlan.Unled(facts, names) is { } unled) obstacles.Add(unled);

        return records.Count == 0 ? null : new(SetupStage.Records, "Publish the TLSA records",
            $"A TLSA record says which key the server at a name and port shows. Senders that know DANE compare, and deliver to nobody else. It is published once the server shows that key{(options.Publisher is not null ? "" : ": put it into your zone at your DNS host, and run setup again, which sees whether it is right")}.")
        {
            Records = records.ToImmutable(),
            Proof = "danelaw check says that every address shows a key that a record matches",
            Undo = "the records as they were; servers are put back only when these have left every cache",
        };

        void Add(DomainName name, int port)
        {
            var shown = chains.Shown.Where(pair => pair.Site.Ports.Contains(port)).SelectMany(pair => pair.Chains).DistinctBy(chain => chain.PublicKey).ToArray();
            if (shown.Length == 0)
            {
                if (chains.Obstacles.Count == 0) obstacles.Add(new(string.Create(CultureInfo.InvariantCulture, $"No server here that is known serves port {port} with TLS."), "Leave the port out, or set the service up first.", false));
                return;
            }

            var baseDomain = published.BaseOf(name);
            if (!TlsaOwner.TryFor(port, baseDomain, out var owner)) return;
            var before = published.At(baseDomain, port);
            var wanted = TlsaSet.Of(shown.Select(chain => TlsaRecord.TryCreateFromKey(chain.PublicKey, TlsaUsage.DaneEe, TlsaMatching.Sha256, out var record, out _) ? record : (TlsaRecord?)null).OfType<TlsaRecord>());
            var all = wanted.Union(before ?? TlsaSet.Empty);
            var after = TlsaSet.Of(all.Records.Where(record => Stays(record, all, shown)));
            if ((Stranger(facts, published, name, port, after) ?? Silent(facts, published, name, port)) is { } stranger) obstacles.Add(stranger);
            if (published.PlaceOf(owner) is var place && place != owner)
            {
                if (ByHand(before ?? TlsaSet.Empty, wanted, shown) is { Length: > 0 } toDo) obstacles.Add(new($"{Text(owner)} is an alias: its TLSA records stand at {Text(place)}, and setup publishes nothing there.", $"{toDo} Then run setup again.", false));
                return;
            }

            if (before is null || !before.Equals(after)) records.Add(new(owner, before, after, published.TimeToLiveAt(baseDomain, port) is { } known && known < options.TimeToLive ? known : options.TimeToLive) { BeforeTimeToLive = published.LongestAt(baseDomain, port), Zone = facts.Zones.TryGetValue(owner, out var zone) ? zone : null });
        }
    }

    /// <summary>What a person does where an alias leads: other hosts may have their records there too, and what of them leads no sender astray about this one stays.</summary>
    private static string ByHand(TlsaSet before, TlsaSet wanted, SoundChain[] shown)
    {
        var missing = wanted.Except(before);
        var all = wanted.Union(before);
        var hiding = TlsaSet.Of(before.Records.Where(record => shown.Any(chain => !chain.IsMeantBy(record) && SetMeaning.Hides(record, TlsaSet.Of(all.Records.Where(chain.IsMeantBy))))));
        return string.Join(' ', new[]
        {
            missing.IsEmpty ? "" : $"Add there {missing}.",
            hiding.IsEmpty ? "" : $"Take out there {hiding}: some senders go by it and find no match for the key that is shown here.",
            before.Except(wanted).Except(hiding).IsEmpty || missing.Union(hiding).IsEmpty ? "" : "Leave what else stands there: it may be another host's, and harms nobody here.",
        }.Where(text => text.Length > 0));
    }

    /// <summary>One name, two machines: senders come to each address, and records that mean the keys of this one alone would stop all mail at the other (RFC 7672 §8.1, R64).</summary>
    private static Obstacle? Stranger(SetupFacts facts, PublishedSets published, DomainName name, int port, TlsaSet after)
    {
        if (facts.Host.Addresses.IsEmpty) return null;
        foreach (var seen in published.SeenAt(name, port).Where(seen => !facts.Host.Addresses.Contains(seen.Target.Address.Address)))
        {
            // An address that is led here by a router shows what this host shows.
            if (ShownChain.Of(seen) is { } shown && (facts.Host.Chains.SelectMany(chain => chain.Keys).Contains(shown.PublicKey) || published.ShownAt(port).Any(here => here.PublicKey == shown.PublicKey) || after.Records.Any(shown.IsMeantBy))) continue;
            return new(string.Create(CultureInfo.InvariantCulture, $"{Text(name)} has the address {seen.Target.Address.Address} too, which is not this host's, and another key is shown there at port {port}: senders that know DANE would deliver nothing to it."), "Give each machine a name of its own in the MX records, with records of its own; or let both show one key.", true);
        }

        return null;
    }

    /// <summary>An address of another machine of which nothing was seen: senders may come to it and find no match. One behind a translating router that leads here is not seen either, where no address of that family is this host's own.</summary>
    private static Obstacle? Silent(SetupFacts facts, PublishedSets published, DomainName name, int port)
    {
        var own = facts.Host.Addresses;
        var unseen = published.UnseenEndpoints(name, port).FirstOrDefault(seen => !own.Contains(seen.Target.Address.Address) && (seen.Target.Address.AddressFamily == AddressFamily.InterNetworkV6 || published.AddressesOf(name).Any(address => address.AddressFamily == AddressFamily.InterNetwork && own.Contains(address))));
        return own.IsEmpty || unseen is null ? null
            : new(string.Create(CultureInfo.InvariantCulture, $"{Text(name)} has the address {unseen.Target.Address.Address} too, which is not this host's, and which key is shown there at port {port} could not be seen ({PublishedSets.Words(unseen)}): where it is another one, senders that know DANE deliver nothing to it."), "See that the same key is shown there, or take the address from the name; then run setup again.", false);
    }

    /// <summary>
    /// Beside one that matches another of the same usage, selector and digest may be the next key of a roll, and harms nobody. Of every combination that is published
    /// one has to match what is shown (RFC 7671 §8); where none does, a sender that prefers it would be stopped.
    /// </summary>
    private static bool Stays(TlsaRecord record, TlsaSet all, SoundChain[] shown) =>
        shown.All(chain => all.Records.Any(other => other.Usage == record.Usage && other.Selector == record.Selector && other.Matching == record.Matching && chain.IsMeantBy(other)));

    internal static string Text(DomainName name) => name.IsRoot ? "." : name.ToString().TrimEnd('.');
}
