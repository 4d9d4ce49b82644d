using System.Globalization;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// Asks the servers of one zone one question until one gives a reply that leads on: the next address as soon as one fails, and also as soon as one takes longer than
/// it is wont to. Servers without known addresses are looked up when nobody else is left.
/// </summary>
internal sealed class ZoneInquiry(Iterator iterator, Inquiry inquiry, Delegation delegation, Question question, bool isPart, Errand errand)
{
    /// <summary>Milliseconds that a server is asked last which does not serve the zone.</summary>
    private const long LameTime = 60_000;

    /// <summary>Milliseconds that a reply is waited for at least before another server is asked as well.</summary>
    private const int LeastPatience = 100;

    /// <summary>Useless replies after which a question that only feels the way is dropped.</summary>
    private const int MaximumOnTheWay = 2;

    /// <summary>Faults that are told in the explanation.</summary>
    private const int MaximumTold = 4;

    private readonly List<(ZoneServer Server, Task<Exchange?> Task, long Started)> _running = new(1);
    private Wakeup _wakeup = null!;
    private List<ZoneServer>? _asked;
    private List<string>? _faults;
    private Dictionary<string, int>? _repeated;
    private HostSearch? _hosts;
    private LookupReason _reason = LookupReason.None;
    private DnsServer? _worst;
    private ResponseCode? _code;
    private int _exchanges;
    private int _useless;
    private Exchange? _unauthoritative;

    /// <summary>Servers that are left out, because they were asked before.</summary>
    internal IReadOnlyList<DnsServer> Except { get; init; } = [];

    /// <summary>Asks.</summary>
    internal async ValueTask<ZoneReply> RunAsync()
    {
        using var wakeup = new Wakeup(iterator.Timer);
        _wakeup = wakeup;
        return await AskAsync().ConfigureAwait(false);
    }

    private async ValueTask<ZoneReply> AskAsync()
    {
        while (true)
        {
            var now = iterator.Now;
            var server = Choose(now);
            if (_running.Count == 0 && (server is null || IsPoor(server, now)))
            {
                _hosts ??= new(iterator, inquiry, delegation, errand);
                if (await _hosts.FindAsync(isLast: server is null).ConfigureAwait(false)) continue;
                server ??= Choose(now);
            }

            if (_running.Count == 0 && (server is null || (_unauthoritative is not null && IsPoor(server, now)))) return Failed();
            if (server is not null && !TryStart(server, now)) return Abandoned();

            // The more of them keep silent, the less the next one is waited for.
            var patience = server is null ? -1 : Math.Max(LeastPatience, server.State.Patience / _running.Count);
            if (await WaitAsync(patience).ConfigureAwait(false) is { } reply) return reply;
        }
    }

    /// <summary>What is said when the lookup may not go on.</summary>
    internal static ZoneReply Abandoned(DomainName zone, Question question, Budget budget)
    {
        _ = budget.TryTakeQuery();
        return new()
        {
            Zone = zone,
            IsAbandoned = true,
            Failure = new(LookupReason.LimitReached, $"{question.Name} {RecordTypes.ToText(question.Type)}: the servers of {zone} were not asked any further: {budget.Spent}") { Blamed = question },
        };
    }

    /// <summary>The same, with what the servers did until then.</summary>
    private ZoneReply Abandoned()
    {
        var abandoned = Abandoned(delegation.Zone, question, errand.Budget);
        foreach (var (server, _, _) in _running) Note(server, "gave no reply so far", LookupReason.TimedOut);
        return _faults is null ? abandoned : abandoned with { Server = _worst, Failure = abandoned.Failure! with { Text = $"{abandoned.Failure.Text}; {Told(Counted())}" } };
    }

    private ZoneServer? Choose(long now)
    {
        if (isPart && _useless >= MaximumOnTheWay) return null;
        var servers = delegation.Servers;
        if (Except.Count > 0) servers = servers.RemoveAll(server => Except.Contains(server.State.Server));

        // Every address once, few of them twice.
        if (_exchanges >= servers.Length + (2 * (iterator.Options.Tries - 1))) return null;
        return ServerChoice.Next(servers, _asked, iterator.Options.Tries, now, iterator.Dice);
    }

    /// <summary>Whether another server would be better, if there were one.</summary>
    private bool IsPoor(ZoneServer server, long now) => server.IsLame(now) || server.IsDown(now) || (_asked is not null && _asked.Contains(server));

    private bool TryStart(ZoneServer server, long now)
    {
        if (!errand.Budget.TryTakeQuery()) return false;
        _exchanges++;
        (_asked ??= []).Add(server);
        server.Asked(now);
        var exchange = ExchangeAsync(server.State.Server);
        _running.Add((server, exchange, now));
        if (!exchange.IsCompleted) _wakeup.CallAfter(exchange);
        return true;
    }

    private async Task<Exchange?> ExchangeAsync(DnsServer server)
    {
        try
        {
            return await iterator.Transport.ExchangeAsync(new(question, server, RecursionDesired: false, CheckingDisabled: false), errand.Budget.End).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (errand.Budget.End.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Waits for the next exchange to end.</summary>
    /// <param name="patience">Milliseconds after which another server is asked as well; below 0 for any time.</param>
    /// <returns>Null when asking goes on.</returns>
    private async ValueTask<ZoneReply?> WaitAsync(int patience)
    {
        var at = await FirstAsync(patience).ConfigureAwait(false);
        if (at < 0) return null;
        var (server, task, started) = _running[at];
        _running.RemoveAt(at);
        if (await task.ConfigureAwait(false) is not { } exchange) return Abandoned();
        errand.Budget.Took(exchange.Reply.Length);
        return Take(server, exchange, started);
    }

    /// <summary>The place of an exchange that has ended; -1 when patience ended first.</summary>
    private async ValueTask<int> FirstAsync(int patience)
    {
        var until = patience < 0 ? long.MaxValue : iterator.Now + patience;
        while (true)
        {
            for (var i = 0; i < _running.Count; i++)
                if (_running[i].Task.IsCompleted) return i;
            var left = patience < 0 ? -1 : until - iterator.Now;
            if (patience >= 0 && left <= 0) return -1;
            await _wakeup.WaitAsync(left).ConfigureAwait(false);
        }
    }

    private ZoneReply? Take(ZoneServer server, Exchange exchange, long started)
    {
        var now = iterator.Now;
        var message = exchange.Message;
        if (exchange.Outcome != ExchangeOutcome.Replied || (message is null && !DnsMessage.TryRead(exchange.Reply.Memory, out message, out _)))
        {
            // A recording that is replayed says nothing about servers, nor does a machine that cannot ask.
            if (exchange.Outcome is not (ExchangeOutcome.NotAsked or ExchangeOutcome.NoDescriptors)) server.Failed(now);
            Note(server, Text(exchange), ReasonOf(exchange.Outcome));
            return null;
        }

        exchange = exchange.Message is null ? exchange with { Message = message } : exchange;
        server.Replied((int)Math.Min(now - started, int.MaxValue), now);

        // Who was asked before and still keeps silent has been overtaken.
        foreach (var (silent, _, since) in _running)
            if (now - since >= silent.State.Patience) silent.Failed(now);

        var reading = ReplyReading.Read(message, delegation.Zone, question);
        switch (reading.Kind)
        {
            case ReplyKind.Answer: return new() { Kind = ReplyKind.Answer, Zone = delegation.Zone, Exchange = exchange };
            case ReplyKind.Referral:
                var child = iterator.Referrals.Read(exchange, delegation.Zone, reading.Child, now, errand.IsJudged);
                iterator.Delegations.Set(child);
                return new() { Kind = ReplyKind.Referral, Zone = delegation.Zone, Exchange = exchange, Delegation = child };
            case ReplyKind.Useless: break;
        }

        if (reading.IsLame) server.MarkLame(now + LameTime);
        if (reading.IsUnauthoritative && !isPart) _unauthoritative ??= exchange;
        _useless++;
        _code = message.ResponseCode;
        Note(server, reading.Fault, LookupReason.ServerFailed);
        return null;
    }

    private void Note(ZoneServer server, string fault, LookupReason reason)
    {
        var text = $"{server} {fault}";
        _faults ??= [];
        if (!_faults.Contains(text)) _faults.Add(text);
        else (_repeated ??= [])[text] = _repeated.GetValueOrDefault(text, 1) + 1;
        if (Weight(reason) > Weight(_reason)) (_reason, _worst) = (reason, server.State.Server);
    }

    /// <summary>What a server said without authority is better than nothing, and judged like everything: some zones have but servers that forget AA, or that forward.</summary>
    private ZoneReply Failed()
    {
        if (_unauthoritative is { } exchange) return new() { Kind = ReplyKind.Answer, Zone = delegation.Zone, Exchange = exchange };
        var said = Counted();
        if (_hosts is not null) said.AddRange(_hosts.Faults.ToArray());
        if (said.Count == 0) said.Add(Except.Count > 0 ? "nobody else is left to ask" : "it has no server with an address that may be asked");
        var text = $"{question.Name} {RecordTypes.ToText(question.Type)}: no server of {delegation.Zone} gave an answer: {Told(said)}";
        var reason = _reason == LookupReason.None ? LookupReason.ServerFailed : _reason;

        // RFC 8914 §4.23: nobody who has authority could be reached, although some of them were not even looked for.
        var ground = reason == LookupReason.LimitReached ? new Ground(reason, text) { Mend = FailureRules.NoDescriptorsMend } : _hosts is { Faults.IsOverLimit: true } ? new Ground(LookupReason.LimitReached, text, ExtendedErrorCode.NoReachableAuthority) : new Ground(reason, text);
        return new()
        {
            Zone = delegation.Zone,
            Server = _worst,
            Code = _code,
            HasAnswered = _useless > 0,
            IsAbandoned = _hosts is { Faults.IsOverOwnLimit: true },
            IsCircle = _faults is null && _hosts is { Faults.IsCircle: true },
            Failure = ground with { Blamed = question },
        };
    }

    /// <summary>What the servers did, and how often where they were asked again.</summary>
    private List<string> Counted() =>
        [.. (_faults ?? []).Select(text => _repeated?.TryGetValue(text, out var times) == true ? string.Create(CultureInfo.InvariantCulture, $"{text}, {times} times") : text)];

    private static string Told(List<string> said)
    {
        var told = string.Join("; ", said.Take(MaximumTold));
        return said.Count > MaximumTold ? told + string.Create(CultureInfo.InvariantCulture, $"; and {said.Count - MaximumTold} more") : told;
    }

    /// <summary>Which failure says most about what is wrong.</summary>
    private static int Weight(LookupReason reason) => reason switch
    {
        LookupReason.LimitReached => 6,
        LookupReason.ServerFailed => 5,
        LookupReason.MalformedReply => 4,
        LookupReason.TimedOut => 3,
        LookupReason.Unreachable => 2,
        LookupReason.NotRecorded => 1,
        _ => 0,
    };

    private static LookupReason ReasonOf(ExchangeOutcome outcome) => outcome switch
    {
        ExchangeOutcome.TimedOut => LookupReason.TimedOut,
        ExchangeOutcome.Unreachable or ExchangeOutcome.Closed or ExchangeOutcome.NotTrusted => LookupReason.Unreachable,
        ExchangeOutcome.NotAsked => LookupReason.NotRecorded,
        ExchangeOutcome.NoDescriptors => LookupReason.LimitReached,
        ExchangeOutcome.Malformed or ExchangeOutcome.Replied or ExchangeOutcome.None => LookupReason.MalformedReply,
    };

    private static string Text(Exchange exchange)
    {
        var what = exchange.Outcome switch
        {
            ExchangeOutcome.TimedOut => "gave no reply in time",
            ExchangeOutcome.Unreachable => "could not be reached",
            ExchangeOutcome.Closed => "closed the connection before a whole reply",
            ExchangeOutcome.NotTrusted => "could not be trusted",
            ExchangeOutcome.NotAsked or ExchangeOutcome.NoDescriptors => "was not asked",
            ExchangeOutcome.Malformed or ExchangeOutcome.Replied or ExchangeOutcome.None => "sent a reply that cannot be read",
        };
        return exchange.Detail.Length > 0 ? $"{what}: {exchange.Detail}" : what;
    }
}
