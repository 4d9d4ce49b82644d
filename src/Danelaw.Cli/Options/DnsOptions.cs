using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Cli.Options;

/// <summary>The options of every verb that asks the DNS.</summary>
internal sealed class DnsOptions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    private readonly Option<string[]> _resolver = Flag.Values("--resolver", "ADDR[:PORT]", "recursive resolver to ask, also tls://HOST[:853] and https://HOST/dns-query; default those of /etc/resolv.conf. Its word is not taken: danelaw validates itself");
    private readonly Option<bool> _iterate = Flag.Of("--iterate", "ask the authoritative servers, from the root down, and no recursive resolver");
    private readonly Option<string> _rootHints = Flag.Value("--root-hints", "FILE", "NS, A and AAAA records of the servers to begin with, in zone-file syntax, in place of the built-in root servers; implies --iterate");
    private readonly Option<string> _resolverCa = Flag.Value("--resolver-ca", "FILE", "certificates that may vouch for a tls: or https: resolver; default the machine's store");
    private readonly Option<string> _caFile = Flag.Value("--ca-file", "FILE", "certificates that usages 0 and 1 trust; default the machine's store");
    private readonly Option<string[]> _trustAnchor = Flag.Values("--trust-anchor", "FILE", "DS or DNSKEY records in zone-file syntax in place of the built-in root anchors");
    private readonly Option<string> _anchorState = Flag.Value("--anchor-state", "FILE", "follow the anchors' own rollovers (RFC 5011); what danelaw knows of them is kept in FILE; with --now FILE is read and never written");
    private readonly Option<string[]> _negativeAnchor = Flag.Values("--negative-anchor", "NAME", "treat that part of the DNS as unsigned");
    private readonly Option<string> _now = Flag.Value("--now", "TIME", "the time to judge at: RFC 3339, or seconds since the epoch");
    private readonly Option<string> _clockSkew = Flag.Value("--clock-skew", "DURATION", "leeway at both ends of a signature; default 0");
    private readonly Option<bool> _noSha1 = Flag.Of("--no-sha1", "SHA-1 in signatures and DS counts as unknown, so insecure");
    private readonly Option<string> _nsec3Limit = Flag.Value("--nsec3-limit", "N", "NSEC3 iterations above which a zone is insecure; default 150");
    private readonly Option<string[]> _connectTo = Flag.Values("--connect-to", "H1:P1:H2:P2", "connect to H2:P2 in place of H1:P1; any part may be empty. A resolver is led elsewhere only by a rule that names it in H1, and its certificate bears its own name still");
    private readonly Option<bool> _four = Flag.Of("--ipv4", "talk to IPv4 addresses only; the machine's own resolver is asked wherever it is", "-4");
    private readonly Option<bool> _six = Flag.Of("--ipv6", "talk to IPv6 addresses only, likewise", "-6");
    private readonly Option<string> _timeout = Flag.Value("--timeout", "DURATION", "for one try of a DNS query; default 2s");
    private readonly Option<string> _tries = Flag.Value("--tries", "N", "of a DNS query; default 3");
    private readonly Option<string> _concurrency = Flag.Value("--concurrency", "N", "targets in flight; default 64");
    private readonly Option<string> _cacheSize = Flag.Value("--cache-size", "BYTES", "bound of the DNS cache, 0 for none; default 64M");

    public IReadOnlyList<Option> All =>
    [
        _resolver, _iterate, _rootHints, _resolverCa, _caFile, _trustAnchor, _anchorState, _negativeAnchor, _now, _clockSkew, _noSha1, _nsec3Limit, _connectTo, _four, _six, _timeout, _tries, _concurrency, _cacheSize,
    ];

    /// <summary>Those that matter only where certificates are judged.</summary>
    public IReadOnlyList<Option> ForCertificates => [_caFile];

    /// <summary>What was given of these; for verbs that take none of them beside some option of their own.</summary>
    public IEnumerable<string> Given(ParseResult parsed, params string[] except) => Flag.Given(parsed, All, except);

    /// <summary>Those that say whom to ask and how to judge, as they were given, word by word: what another lookup needs to see the same.</summary>
    public ImmutableArray<string> Typed(ParseResult parsed) => [.. Flag.Typed(parsed, All.Except([_caFile, _connectTo, _concurrency, _cacheSize]))];

    /// <summary>Those that decide over results, as they were given: all but how much is done at a time.</summary>
    public IEnumerable<string> Deciding(ParseResult parsed) => Flag.Typed(parsed, All.Except([_concurrency, _cacheSize]));

    /// <summary>Reads all of them. With <c>--anchor-state</c> the anchors are those of the state, which is brought up to date where that is due.</summary>
    /// <exception cref="MisuseException">One makes no sense, or the state cannot be used.</exception>
    public async ValueTask<DnsSettings> ReadAsync(Call call, CancellationToken cancellationToken)
    {
        var settings = Read(call.Parsed, call.Surroundings);
        if (settings.AnchorState is not { } path) return settings;
        var followed = await FollowedAnchors.OpenAsync(path, settings, call, cancellationToken).ConfigureAwait(false);
        return settings with { Anchors = await followed.UseAsync(cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>Reads all of them; the anchors are those configured, whatever a state says.</summary>
    /// <exception cref="MisuseException">One makes no sense.</exception>
    public DnsSettings Read(ParseResult parsed, Surroundings surroundings)
    {
        if (parsed.GetValue(_four) && parsed.GetValue(_six)) throw new MisuseException("-4 and -6 leave no address to talk to", "leave both out for both families");
        var families = parsed.GetValue(_four) ? AddressFamilies.IPv4 : parsed.GetValue(_six) ? AddressFamilies.IPv6 : AddressFamilies.Both;
        var tries = parsed.GetValue(_tries) is { } tried ? Quantity.Number("--tries", tried, 1, 20) : 3;
        var iteration = ReadIteration(parsed, surroundings, families, tries);
        ImmutableArray<ConnectToRule> rules = [.. (parsed.GetValue(_connectTo) ?? []).Select(ReadRule)];
        var servers = iteration is null ? Servers(parsed, families) : [];
        var leading = rules.Where(rule => servers.Any(server => Led(server, [rule]) != server));
        return new()
        {
            AskedWith = [.. Typed(parsed), .. leading.SelectMany(rule => (string[])[_connectTo.Name, rule.ToString()])],
            Servers = [.. servers.Select(server => Led(server, rules))],
            Iteration = iteration,
            ResolverAuthorities = parsed.GetValue(_resolverCa) is { } ca ? CertificateInput.ReadCertificates(surroundings, ca) : [],
            CaFile = parsed.GetValue(_caFile),
            Anchors = parsed.GetValue(_trustAnchor) is { Length: > 0 } files ? AnchorFile.Read(surroundings, files) : TrustAnchors.Iana,
            AnchorSource = parsed.GetValue(_trustAnchor) is { Length: > 0 } names ? string.Join(", ", names.Select(FileText.Shown)) : null,
            AnchorState = parsed.GetValue(_anchorState),
            NegativeAnchors = [.. (parsed.GetValue(_negativeAnchor) ?? []).Select(text => ReadName("--negative-anchor", text))],
            Clock = ReadClock(parsed, surroundings),
            IsClockSet = HasClock(parsed),
            ClockSkew = parsed.GetValue(_clockSkew) is { } skew ? Quantity.Duration("--clock-skew", skew, TimeSpan.Zero, TimeSpan.FromDays(366)) : TimeSpan.Zero,
            AcceptSha1 = !parsed.GetValue(_noSha1),
            Nsec3Limit = parsed.GetValue(_nsec3Limit) is { } limit ? Quantity.Number("--nsec3-limit", limit, 0, ushort.MaxValue) : 150,
            ConnectTo = rules,
            Families = families,
            Timeout = parsed.GetValue(_timeout) is { } timeout ? Quantity.Duration("--timeout", timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5)) : DefaultTimeout,
            Tries = tries,
            Concurrency = parsed.GetValue(_concurrency) is { } concurrency ? Quantity.Number("--concurrency", concurrency, 1, 4096) : 64,
            CacheBytes = parsed.GetValue(_cacheSize) is { } size ? Quantity.Size("--cache-size", size, 0, 1L << 40) : 64 << 20,
        };
    }

    private IterationOptions? ReadIteration(ParseResult parsed, Surroundings surroundings, AddressFamilies families, int tries)
    {
        var hints = parsed.GetValue(_rootHints);
        if (hints is null && !parsed.GetValue(_iterate)) return null;
        foreach (var other in (Option[])[_resolver, _resolverCa])
        {
            if (parsed.GetResult(other) is { Implicit: false })
                throw new MisuseException($"{(hints is null ? "--iterate" : "--root-hints")} asks no recursive resolver, so {other.Name} has no meaning beside it", "leave one of the two out");
        }

        return new()
        {
            Hints = hints is null ? RootHints.Iana : RootHintsFile.Read(surroundings, hints),
            UseIPv4 = families != AddressFamilies.IPv6,
            UseIPv6 = families != AddressFamilies.IPv4,
            Tries = tries,
        };
    }

    /// <summary>Whether <c>--now</c> was given.</summary>
    public bool HasClock(ParseResult parsed) => parsed.GetValue(_now) is not null;

    /// <summary>The clock that <c>--now</c> sets, or else the machine's.</summary>
    public TimeProvider ReadClock(ParseResult parsed, Surroundings surroundings) =>
        parsed.GetValue(_now) is { } now ? new SetClock(Quantity.Time("--now", now), surroundings.Clock) : surroundings.Clock;

    private ImmutableArray<DnsServer> Servers(ParseResult parsed, AddressFamilies families)
    {
        var texts = parsed.GetValue(_resolver) ?? [];
        var servers = texts.Length == 0 ? ResolverConfiguration.ReadSystem().Servers : [.. texts.Select(ReadServer)];
        ImmutableArray<DnsServer> fitting = [.. servers.Where(server => server.NeedsAddress || families.Includes(server.EndPoint.AddressFamily))];
        if (!fitting.IsEmpty) return fitting;

        // -4 and -6 say which addresses are looked at; the machine's own resolver stays what it is.
        if (texts.Length == 0 && !servers.IsEmpty) return servers;
        throw new MisuseException(
            $"no resolver has an {(families == AddressFamilies.IPv4 ? "IPv4" : "IPv6")} address",
            $"give one with --resolver, or leave {(families == AddressFamilies.IPv4 ? "-4" : "-6")} out");
    }

    /// <summary>Where a resolver is asked. A rule for any host is for what is looked up, and not for whom to ask.</summary>
    private static DnsServer Led(DnsServer server, ImmutableArray<ConnectToRule> rules)
    {
        var host = server.HostName is { } text && DomainName.TryParse(text, out var name) ? name : DomainName.Root;
        return server with { EndPoint = ConnectToRule.Apply(rules.Where(rule => rule.Host is not null || rule.Address is not null), host, server.EndPoint) };
    }

    private static DnsServer ReadServer(string text) =>
        DnsServer.TryParse(text, out var server, out var fault)
            ? server
            : throw new MisuseException($"--resolver {text}: {fault}", "write 192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:53, tls://dns.example or https://dns.example/dns-query");

    private static ConnectToRule ReadRule(string text) =>
        ConnectToRule.TryParse(text, out var rule, out var fault) ? rule : throw new MisuseException($"--connect-to {text}: {fault}", "as in --connect-to mx.example.org:25:127.0.0.1:2525, or :25::2525 for every host");

    /// <summary>Reads a name that is the value of an option.</summary>
    public static DomainName ReadName(string option, string text) =>
        DomainName.TryFromUserInput(text, out var name, out var fault) ? name : throw new MisuseException($"{option}: {NameFaults.Say(text, fault)}");
}
