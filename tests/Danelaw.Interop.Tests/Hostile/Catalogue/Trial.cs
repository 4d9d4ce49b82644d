using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using Danelaw.Testing.Forwarding;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>Carries out attacks and holds what comes of them against what the zone says.</summary>
internal sealed class Trial(HostileRealm realm, Position position, ITestOutputHelper output, CancellationToken cancellationToken)
{
    // Longer than the TTL of what is asked, shorter than that of keys and delegations: these stay in the cache.
    private static readonly TimeSpan OneTimeToLive = TimeSpan.FromSeconds(301);

    // Longer than any failure is remembered (RFC 9520 §3.2: at most 5 minutes).
    private static readonly TimeSpan AnHour = TimeSpan.FromMinutes(61);

    /// <summary>The zone's own answer through the same path; it has to be secure.</summary>
    public async Task<Truth> GenuineAsync(Lookups lookups, Question question)
    {
        var answer = await lookups.AskAsync(question, cancellationToken);
        Assert.True(answer.Security == Security.Secure, $"without an attack {question} is {answer.Security}: {answer.Explanation}");
        return Truth.Of(answer);
    }

    /// <summary>Attacks one question, once with nothing cached and once with keys and delegations cached; and asks again when the attack is over.</summary>
    /// <returns>How many changed replies were sent to the resolver that knew nothing.</returns>
    public async Task<int> RunAsync(IReadOnlyList<Attack> attacks, Question victim)
    {
        var options = attacks.Select(attack => attack.Asking).FirstOrDefault(asking => asking is not null);
        var cold = await OneAsync(attacks, victim, isWarm: false, options);
        await OneAsync(attacks, victim, isWarm: true, options);
        return cold;
    }

    private async Task<int> OneAsync(IReadOnlyList<Attack> attacks, Question victim, bool isWarm, DnsTransportOptions? options)
    {
        Truth truth;
        await using (var honest = new Lookups(realm, position)) truth = await GenuineAsync(honest, victim);

        await using var lookups = new Lookups(realm, position, options);
        if (isWarm)
        {
            Assert.Equal(truth, await GenuineAsync(lookups, victim));
            lookups.Pass(OneTimeToLive);
        }
        var tampering = new Tampering(realm.Scene, attacks, victim, position);
        Answer answer;
        using (realm.Attack(tampering.AnswerAsync, position == Position.Servers)) answer = await lookups.AskAsync(victim, cancellationToken);
        output.WriteLine($"{string.Join(" + ", attacks)}: {victim}{(isWarm ? " (warm)" : "")}: {answer.Security} {answer.ResponseCode} {answer.Reason}; {tampering.Changed} changed replies: {answer.Explanation}");
        Judge(attacks, victim, truth, answer, isWarm);

        // What he planted must not come up when he is gone.
        lookups.Pass(AnHour);
        foreach (var question in Bystanders(victim).Prepend(victim))
        {
            var later = await lookups.AskAsync(question, cancellationToken);
            Assert.Equal((question, question == victim ? truth : await KnownAsync(question)), (question, Truth.Of(later)));
        }
        return tampering.Changed;
    }

    /// <summary>The zone's own answer, looked up once for all attacks.</summary>
    private async Task<Truth> KnownAsync(Question question)
    {
        if (realm.Known.TryGetValue((position, question), out var known)) return known;
        await using var fresh = new Lookups(realm, position);
        return realm.Known[(position, question)] = await GenuineAsync(fresh, question);
    }

    private void Judge(IReadOnlyList<Attack> attacks, Question victim, Truth truth, Answer answer, bool isWarm)
    {
        var what = $"{string.Join(" + ", attacks)}: {victim}{(isWarm ? " (warm)" : "")} is {answer.Security} {answer.ResponseCode}: {answer.Explanation}\n{Truth.Of(answer).Chain}\nright is {truth.Code}\n{truth.Chain}";
        var isAllowed = attacks.Any(attack => attack.ExpectedAt(position) == Outcome.Allowed);
        var isRefused = answer.IsFailure;
        var isWithstood = Truth.Of(answer) == truth;

        // The two rules that nothing may break.
        if (!isAllowed) Assert.True(isRefused || isWithstood, what);
        if (answer.Security == Security.Insecure) Assert.True(isAllowed, what);
        if (isRefused)
        {
            Assert.True(answer.Chain.IsEmpty, what);
            Assert.NotNull(answer.ExtendedError);
        }
        // RFC 4035 §5.3.3: whatever he writes into TTL fields.
        foreach (var link in answer.Chain) Assert.True(link.OriginalTimeToLive is not { } original || link.Records.TimeToLive <= original, what);

        // With several attacks, or with keys cached, one may be in the other's way, or have nothing to change.
        if (attacks.Count > 1) return;
        switch (attacks[0].ExpectedAt(position))
        {
            case Outcome.Refused: Assert.True(isRefused || (isWarm && isWithstood), what); break;
            case Outcome.Withstood: Assert.True(isWithstood, what); break;
            case Outcome.Allowed: Assert.True(isWarm || (!isRefused && !isWithstood), what); break;
            case Outcome.RefusedOrWithstood: break;
        }
    }

    /// <summary>Other names that what he planted could turn up at.</summary>
    private IEnumerable<Question> Bystanders(Question victim)
    {
        var zone = realm.Scene.Holder(victim.Name, victim.Type);
        yield return new(zone.Apex, RecordType.SOA);
        var www = DomainName.Parse(zone.Apex.IsRoot ? "www." : $"www.{zone.Apex}");
        if (zone.Bare(www, RecordType.A).Any()) yield return new(www, RecordType.A);
        yield return new(DomainName.Parse($"_25._tcp.mx.child.sec.{victim.Name.Suffix(Math.Min(1, victim.Name.LabelCount))}"), RecordType.TLSA);
    }

    /// <summary>The attacker at work, and how often he was.</summary>
    internal sealed class Tampering(Scene scene, IReadOnlyList<Attack> attacks, Question victim, Position position)
    {
        private int _changed;

        public int Changed => Volatile.Read(ref _changed);

        public async Task<IReadOnlyList<byte[]>> AnswerAsync(ForwardedQuery query, RewritingForwarder forwarder, CancellationToken cancellationToken)
        {
            if (!DnsMessage.TryRead(query.Wire, out var asked, out _) || asked.Questions.Length != 1) return [];
            // Over TCP, so that he has the whole reply in hand.
            var wire = await forwarder.AskAsync(query.Wire, overTcp: true, cancellationToken);
            if (!DnsMessage.TryRead(wire, out var genuine, out var fault)) throw new InvalidOperationException($"a genuine reply cannot be read: {fault}");
            var limit = query.OverTcp ? DnsMessage.MaximumLength : Math.Max(512, (int)(asked.Edns?.UdpPayloadSize ?? 512));

            var deal = new Deal(scene, victim, genuine, query, position);
            foreach (var attack in attacks) deal = deal with { Reply = attack.Change(deal) };
            IReadOnlyList<byte[]> packets = [deal.Reply.Write(limit)];
            var isSentOddly = false;
            foreach (var attack in attacks)
            {
                foreach (var octets in attack.Aside?.Invoke(deal, packets.Count > 0 ? packets[0] : []) ?? [])
                {
                    await query.SendAside(octets);
                    isSentOddly = true;
                }
                if (attack.Send is not { } send) continue;
                IReadOnlyList<byte[]> sent = [.. packets.SelectMany(packet => send(deal, packet))];
                isSentOddly |= sent.Count != packets.Count || !sent.Zip(packets).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
                packets = sent;
            }
            if (isSentOddly || !deal.Reply.Write().AsSpan().SequenceEqual(genuine.Write())) Interlocked.Increment(ref _changed);
            return packets;
        }
    }
}
