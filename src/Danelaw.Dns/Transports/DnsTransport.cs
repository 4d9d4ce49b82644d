using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>
/// Asks real servers: UDP with a change to TCP when the reply is cut short, TCP, TLS and HTTPS, as the server's <see cref="DnsServer.Kind"/> says.
/// Ids and source ports are drawn anew for each query; datagrams that do not fit are ignored. May be used from many threads at once.
/// </summary>
public sealed class DnsTransport : IDnsTransport, IAsyncDisposable
{
    private const int MaximumRemembered = 1024;

    private static readonly TimeSpan DescriptorPause = TimeSpan.FromMilliseconds(100);

    private readonly DnsTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly TlsTrust _trust;
    private readonly CookieJar _cookies;
    private readonly FloodMemory _floods;
    private readonly DatagramChannel _datagrams;
    private readonly StreamPool _streams;
    private readonly HttpsChannel _https;
    private readonly ConcurrentDictionary<IPEndPoint, bool> _changesCase = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<IPAddress>> _hosts = new();

    /// <summary>Makes a transport.</summary>
    /// <param name="options">How it asks.</param>
    /// <param name="time">What its time limits are measured by.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or an authority is not a certificate.</exception>
    public DnsTransport(DnsTransportOptions options, TimeProvider time)
        : this(options, time, DatagramSockets.Best())
    {
    }

    /// <summary>Makes a transport with sockets of one kind.</summary>
    internal DnsTransport(DnsTransportOptions options, TimeProvider time, DatagramSockets sockets)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Check();
        (_options, _time) = (options, time);
        _trust = new(options.Authorities);
        _cookies = new(time);
        _floods = new(time);
        _streams = new(_trust, options, time);
        _datagrams = new(sockets, _cookies, _floods, _streams, time);
        _https = new(_trust, options);
    }

    /// <inheritdoc/>
    public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        var plan = new Plan(IsFlooded(query) ? TransportKind.Tcp : query.Server.Kind, HasEdns: true, UseCookie: _options.UseCookies, UseMixedCase: _options.Use0x20 && !_changesCase.ContainsKey(query.Server.EndPoint));
        var started = _time.GetTimestamp();
        var whole = _options.Timeout * _options.Tries;
        Attempt attempt = default;
        var isFallback = false;
        for (var tried = 0; tried < _options.Tries;)
        {
            var left = whole - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) break;
            attempt = await TryOnceAsync(query, plan, tried, left, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (attempt.IsTruncated)
            {
                plan = plan with { Kind = TransportKind.Tcp };
                continue;
            }

            if (attempt is { Outcome: ExchangeOutcome.Replied, NamesNoQuestion: false })
            {
                if (Adapt(query, attempt.Message!, ref plan)) continue;
                return new(query, ExchangeOutcome.Replied, attempt.Reply, plan.HasEdns ? "" : "the server knows no EDNS and was asked without") { Message = attempt.Message };
            }

            if (attempt.Outcome == ExchangeOutcome.NotTrusted) break;
            isFallback = plan.Kind != query.Server.Kind;
            tried++;

            // Descriptors come back as other exchanges end.
            if (attempt.Outcome == ExchangeOutcome.NoDescriptors && tried < _options.Tries) await Task.Delay(DescriptorPause, _time, cancellationToken).ConfigureAwait(false);
            plan = AfterFailure(query, attempt, plan);

            // The last try goes without; of an exchange with one try, the next exchange.
            if (attempt.IsSilentOnCookie && tried >= _options.Tries - 1) _cookies.Doubt(query.Server.EndPoint);
        }

        if (query.Server.HostName is { } host) _hosts.TryRemove(host, out _);

        // An error without a question, over UDP alone: when all tries are over it is what is known.
        if (attempt.Outcome == ExchangeOutcome.Replied) return new(query, ExchangeOutcome.Replied, attempt.Reply, "the error names no question, and no other reply came") { Message = attempt.Message };
        return new(query, attempt.Outcome, attempt.Reply, Describe(attempt, isFallback));
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync()
    {
        _streams.Dispose();
        _https.Dispose();
        _trust.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<Attempt> TryOnceAsync(DnsQuery query, Plan plan, int tried, TimeSpan left, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(left < _options.Timeout ? left : _options.Timeout, _time);
        await using var caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit).ConfigureAwait(false);
        var address = query.Server.EndPoint;
        if (query.Server.NeedsAddress)
        {
            var addresses = await FindAddressesAsync(query.Server.HostName!, limit.Token).ConfigureAwait(false);
            if (addresses.IsEmpty) return Attempt.Unreachable($"no address of {query.Server.HostName} is known");
            address = new(addresses[tried % addresses.Length], address.Port);
        }

        switch (plan.Kind)
        {
            case TransportKind.Datagram:
                return await _datagrams.AskAsync(query, address, new(plan.HasEdns, plan.UseMixedCase), plan.UseCookie, limit.Token).ConfigureAwait(false);
            case TransportKind.Tcp:
                return await _streams.AskAsync(query, query.Server, address, new(plan.HasEdns), limit.Token).ConfigureAwait(false);
            case TransportKind.Tls:
                return await _streams.AskAsync(query, query.Server, address, new(plan.HasEdns, IsPadded: plan.HasEdns), limit.Token).ConfigureAwait(false);
            case TransportKind.Https:
            default:
                return await _https.AskAsync(query, query.Server, address, new(plan.HasEdns, IsPadded: plan.HasEdns), limit.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a reply calls for asking at once in another way; each way is taken once at most.</summary>
    private static bool Adapt(DnsQuery query, DnsMessage reply, ref Plan plan)
    {
        // A server that knows EDNS but trips over the cookie.
        if (plan.UseCookie && plan.Kind == TransportKind.Datagram && reply is { Edns: not null, ResponseCode: ResponseCode.FormatError })
        {
            plan = plan with { UseCookie = false };
            return true;
        }

        // RFC 6891 §7: FORMERR or NOTIMP without OPT from a server that does not know EDNS, or FORMERR with our own. Nothing signed comes without EDNS, so nothing is risked.
        if (plan.HasEdns && (reply.ResponseCode == ResponseCode.FormatError || reply is { Edns: null, ResponseCode: ResponseCode.NotImplemented }))
        {
            plan = plan with { HasEdns = false, UseCookie = false };
            return true;
        }

        if (reply.ResponseCode != ResponseCode.BadCookie || plan.Kind != TransportKind.Datagram || query.Server.Kind != TransportKind.Datagram) return false;
        // RFC 7873 §5.3: once more with the cookie that came along, then over TCP, where none is needed.
        plan = plan.HasRetriedCookie ? plan with { Kind = TransportKind.Tcp } : plan with { HasRetriedCookie = true };
        return true;
    }

    private Plan AfterFailure(DnsQuery query, Attempt attempt, Plan plan)
    {
        if (attempt.LacksCookie)
        {
            // Forged, or from a server that has given cookies up, or from a forwarder that keeps another's: TCP tells them apart, and where there is none it is asked without.
            _cookies.Rest(query.Server.EndPoint);
            return plan with { Kind = TransportKind.Tcp, UseCookie = false };
        }

        if (attempt.LacksCase)
        {
            if (_changesCase.Count < MaximumRemembered) _changesCase.TryAdd(query.Server.EndPoint, true);
            return plan with { UseMixedCase = false };
        }

        if (plan.Kind == TransportKind.Datagram && IsFlooded(query)) return plan with { Kind = TransportKind.Tcp };
        return plan with { Kind = query.Server.Kind };
    }

    private bool IsFlooded(DnsQuery query) => query.Server.Kind == TransportKind.Datagram && _floods.Has(query.Server.EndPoint);

    private async ValueTask<ImmutableArray<IPAddress>> FindAddressesAsync(string host, CancellationToken limit)
    {
        if (_hosts.TryGetValue(host, out var known)) return known;
        if (_options.LookupHost is null) return [];
        try
        {
            var found = await _options.LookupHost(host, limit).ConfigureAwait(false);
            if (!found.IsDefaultOrEmpty && _hosts.Count < MaximumRemembered) _hosts[host] = found;
            return found.IsDefault ? [] : found;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return [];
        }
    }

    private string Describe(Attempt attempt, bool isFallback)
    {
        var text = isFallback ? Exchange.NotWholeOverUdp + attempt.Detail : attempt.Detail;
        if (attempt.Outcome != ExchangeOutcome.TimedOut) return text;
        return string.Create(CultureInfo.InvariantCulture, $"{text} ({_options.Tries} {(_options.Tries == 1 ? "try" : "tries")} of {_options.Timeout.TotalSeconds:0.###} s)");
    }

    /// <summary>The way that the next try takes.</summary>
    private readonly record struct Plan(TransportKind Kind, bool HasEdns, bool UseCookie, bool UseMixedCase, bool HasRetriedCookie = false);
}
