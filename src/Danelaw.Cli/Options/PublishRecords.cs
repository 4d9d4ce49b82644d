using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Options;

/// <summary>What becomes of the records that are there. Closed.</summary>
internal enum RecordChange
{
    /// <summary>The given ones are there too afterwards.</summary>
    Add = 0,

    /// <summary>Only the given ones are there afterwards.</summary>
    Replace,

    /// <summary>The given ones are not there afterwards.</summary>
    Remove,

    /// <summary>None is there afterwards.</summary>
    RemoveAll,
}

/// <summary>The options that say which records are published, at which owners.</summary>
internal sealed class PublishRecords
{
    private readonly Option<string[]> _tlsa = Flag.Values("--tlsa", "\"U S M HEX\"", "a record as it stands in a zone file: 3 1 1 0123…");
    private readonly Option<string[]> _certificate = Flag.Values("--certificate", "FILE", "a certificate, chain, key or request that a record is made from, as tlsa create does; once for each kind of key");
    private readonly Option<string> _usage = Flag.Value("--usage", "0..3", "of records that are made: PKIX-TA, PKIX-EE, DANE-TA, DANE-EE; default 3");
    private readonly Option<string> _selector = Flag.Value("--selector", "0|1", "of records that are made: whole certificate, public key; default 1");
    private readonly Option<string> _matching = Flag.Value("--matching", "0..2", "of records that are made: full, SHA-256, SHA-512; default 1");
    private readonly Option<string> _anchor = Flag.Value("--anchor", "FILE", "the authority that usages 0 and 2 name; default the topmost of FILE");
    private readonly Option<string[]> _port = Flag.Values("--port", PortList.ValueName, "ports of HOST, or services by name (imaps); default 25");
    private readonly Option<string> _protocol = Flag.Value("--protocol", "tcp|udp|sctp", "what carries the service; default tcp");
    private readonly Option<bool> _replace = Flag.Of("--replace", "take away the records that are there and not given; default: they stay");
    private readonly Option<bool> _remove = Flag.Of("--remove", "take away the given records, or with --all every one");
    private readonly Option<bool> _all = Flag.Of("--all", "with --remove: every TLSA record of the owner");
    private readonly Option<string> _ttl = Flag.Value("--ttl", "SECONDS", "the TTL of the RRset; default the one that it has, or else 3600");

    public IReadOnlyList<Option> All => [_tlsa, _certificate, _usage, _selector, _matching, _anchor, _port, _protocol, _ttl, _replace, _remove, _all];

    /// <summary>What is to become of the records that are there.</summary>
    /// <exception cref="MisuseException">The options contradict one another.</exception>
    public RecordChange ReadChange(ParseResult parsed)
    {
        var (isReplaced, isRemoved, isAll) = (parsed.GetValue(_replace), parsed.GetValue(_remove), parsed.GetValue(_all));
        var hasRecords = parsed.GetValue(_tlsa) is { Length: > 0 } || parsed.GetValue(_certificate) is { Length: > 0 };
        if (isReplaced && isRemoved) throw new MisuseException("--replace and --remove cannot be given together", "--replace leaves just the records that are given; --remove takes these away");
        if (isAll && !isRemoved) throw new MisuseException("--all has a meaning with --remove only");
        if (isAll && hasRecords) throw new MisuseException("--all takes every record away, so none can be given beside it", "leave --all out to take away just these");
        if (!isAll && !hasRecords) throw new MisuseException(isRemoved ? "--remove needs records: --tlsa or --certificate" : "there is no record to publish", isRemoved ? "--remove --all takes every record of the owner away" : "give --tlsa \"3 1 1 HEX\", or --certificate FILE to make it from; danelaw tlsa create shows it first");
        return isAll ? RecordChange.RemoveAll : isRemoved ? RecordChange.Remove : isReplaced ? RecordChange.Replace : RecordChange.Add;
    }

    /// <summary>The TTL that was given; null without.</summary>
    public uint? ReadTimeToLive(ParseResult parsed) => parsed.GetValue(_ttl) is { } text ? (uint)Quantity.Number("--ttl", text, 0, int.MaxValue) : null;

    /// <summary>The owners: names that are owners already, and hosts with each port.</summary>
    /// <exception cref="MisuseException">A name or port is none.</exception>
    public ImmutableArray<DomainName> ReadOwners(ParseResult parsed, string[] names)
    {
        var given = parsed.GetValue(_port) ?? [];
        var ports = PortList.Read(given, 25);
        var transport = RecordShape.ReadTransport(parsed.GetValue(_protocol));
        var owners = ImmutableArray.CreateBuilder<DomainName>();
        foreach (var text in names)
        {
            if (!DomainName.TryFromUserInput(text, out var name, out var fault)) throw new MisuseException(NameFaults.Say(text, fault));
            if (TlsaOwner.TryRead(name, out _, out _, out var host))
            {
                HostInput.Require("", text, host);
                if (given.Length > 0) throw new MisuseException($"{text} names its port itself, so --port has no meaning beside it", "give the host without _PORT._tcp before it");
                owners.Add(name);
                continue;
            }

            if (name.LabelCount > 0 && name.GetLabel(0)[0] == (byte)'_') throw new MisuseException($"{text} is no owner of TLSA records that anybody asks for", "owners are _PORT._tcp.HOST, such as _25._tcp.mx.example.org; or give the host alone");
            HostInput.Require("", text, name);
            foreach (var port in ports)
                owners.Add(TlsaOwner.TryFor(port, transport, name, out var owner) ? owner : throw new MisuseException($"with the port before it {text} is longer than the 255 octets that a name may have"));
        }

        return [.. owners.Distinct()];
    }

    /// <summary>The records.</summary>
    /// <param name="call">The call.</param>
    /// <param name="owners">Where they are to stand: names and ports that a certificate is held against.</param>
    /// <param name="change">What is done with them: one that nobody could use can be taken away, and not published.</param>
    /// <param name="now">The time that dates are held against.</param>
    /// <param name="notes">What whoever publishes them should know.</param>
    /// <param name="stronger">For records with SHA-256 of the certificates given those with SHA-512 that mean the same.</param>
    /// <exception cref="MisuseException">One is none.</exception>
    /// <exception cref="RefusedRecordException">One could not work.</exception>
    public TlsaSet Read(Call call, ImmutableArray<DomainName> owners, RecordChange change, DateTimeOffset now, out ImmutableArray<string> notes, out IReadOnlyDictionary<TlsaRecord, TlsaRecord> stronger)
    {
        var parsed = call.Parsed;
        var pairs = new Dictionary<TlsaRecord, TlsaRecord>();
        stronger = pairs;
        var records = new List<TlsaRecord>();
        foreach (var text in parsed.GetValue(_tlsa) ?? [])
            records.Add(TlsaRecord.TryParse(text, out var record, out var fault) ? change == RecordChange.Remove ? record : Sound(record, text) : throw new MisuseException($"--tlsa \"{text}\": {fault}", "as in a zone file: --tlsa \"3 1 1 0123…\""));
        var files = parsed.GetValue(_certificate) ?? [];
        foreach (var option in (Option[])[_usage, _selector, _matching, _anchor])
            if (files.Length == 0 && parsed.GetResult(option) is { Implicit: false }) throw new MisuseException($"{option.Name} has a meaning with --certificate only");
        CertificateInput.RequireOneInput([.. files.Select(file => ("--certificate", (string?)file)), (_anchor.Name, parsed.GetValue(_anchor))]);
        var anchor = parsed.GetValue(_anchor) is { } path ? CertificateInput.Read(call, path) : null;
        var advice = new List<string>();
        foreach (var file in files)
        {
            var content = CertificateInput.ReadAll(call, file);
            if (content.HasStrayKey) throw new RefusedRecordException($"no record was made from {file}: {CertificateInput.StrayKey}");
            advice.AddRange(CertificateInput.Notes(file, content));
            foreach (var source in content.Parts)
            {
                var creation = new TlsaCreation
                {
                    Source = source,
                    Usage = RecordShape.ReadUsage(parsed.GetValue(_usage)),
                    Selector = RecordShape.ReadSelector(parsed.GetValue(_selector)),
                    Matching = RecordShape.ReadMatching(parsed.GetValue(_matching)),
                    Anchor = anchor,
                    Names = [.. owners.Select(owner => Host(owner)).Distinct()],
                    Ports = [.. owners.Select(owner => Port(owner)).Distinct()],
                };
                if (!creation.TryMake(now, out var made, out var said, out var fault)) throw new RefusedRecordException($"no record was made from {file}: {fault}");
                records.Add(made);
                advice.AddRange(said);
                if ((creation with { Matching = TlsaMatching.Sha256 }).TryMake(now, out var weak, out _, out _) && (creation with { Matching = TlsaMatching.Sha512 }).TryMake(now, out var strong, out _, out _)) pairs[weak] = strong;
            }
        }

        notes = [.. advice];
        return TlsaSet.Of(records);
    }

    private static TlsaRecord Sound(TlsaRecord record, string text)
    {
        var length = record.Matching switch { TlsaMatching.Sha256 => 32, TlsaMatching.Sha512 => 64, _ => record.Data.Length };
        return record.Data.Length == length ? record : throw new MisuseException($"--tlsa \"{text}\": a digest of matching type {(byte)record.Matching} has {length} octets, not {record.Data.Length}", "nobody could use such a record; danelaw tlsa create makes a right one");
    }

    private static DomainName Host(DomainName owner) => TlsaOwner.TryRead(owner, out _, out _, out var host) ? host : owner;

    private static int Port(DomainName owner) => TlsaOwner.TryRead(owner, out var port, out _, out _) ? port : 25;
}

/// <summary>A record that could not work is not published: exit 1.</summary>
internal sealed class RefusedRecordException(string message) : Exception(message);
