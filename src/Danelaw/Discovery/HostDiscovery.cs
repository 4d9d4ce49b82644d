using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Tlsa;

namespace Danelaw.Discovery;

/// <summary>Finds a host's addresses and TLSA records (RFC 7672 §2.2.2, §2.2.3): the same walk for an MX host, a domain without MX and a host given by hand (R19).</summary>
/// <param name="lookup">Answers questions to the DNS.</param>
/// <param name="families">Which address families are looked up.</param>
public sealed class HostDiscovery(ILookup lookup, AddressFamilies families = AddressFamilies.Both)
{
    /// <summary>Walks from a host's name to its TLSA records.</summary>
    /// <param name="host">The host.</param>
    /// <param name="port">The port, 1 to 65535 (R25).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<HostEvidence> FindHostAsync(MailHost host, ushort port, CancellationToken cancellationToken = default)
    {
        // R14: addresses before TLSA. Load balancers of unsigned zones mishandle TLSA questions, and would look like attacks.
        var evidence = await FindAddressesAsync(host, port, cancellationToken).ConfigureAwait(false);
        return evidence.AddressState switch
        {
            AddressState.Failed or AddressState.None or AddressState.Insecure => evidence,

            // R23: the target lies in an insecure zone, so only the name itself can have secure TLSA.
            AddressState.InsecureBehindSecureAlias => await FindTlsaAsync(evidence, [host.Name], cancellationToken).ConfigureAwait(false),

            // R21, R22: the name at the end of the aliases, then the name itself; never one in between.
            AddressState.Secure => await FindTlsaAsync(evidence, SecureTarget(evidence) is { } target ? [target, host.Name] : [host.Name], cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>The first half of the walk alone, for a host to which DANE cannot apply, whatever it has (R72).</summary>
    /// <param name="host">The host.</param>
    /// <param name="port">The port, 1 to 65535.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<HostEvidence> FindAddressesAsync(MailHost host, ushort port, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentOutOfRangeException.ThrowIfZero(port);
        var evidence = new HostEvidence { Host = host, Port = port, TlsaBase = host.Name, TlsaState = TlsaState.NotAsked };

        // R20: an address has no name under which TLSA records could stand.
        if (host.Literal is { } literal) return evidence with { AddressState = AddressState.Insecure, Addresses = [literal] };
        var name = host.Name;
        var answers = await Task.WhenAll(families.ToRecordTypes().Select(type => lookup.LookupAsync(name, type, cancellationToken).AsTask())).ConfigureAwait(false);
        evidence = evidence with { AddressAnswers = [.. answers], Addresses = Addresses(answers) };

        // R08: each family on its own; one that failed counts only when the other has nothing to offer.
        if (evidence.Addresses.IsEmpty && answers.Any(answer => answer.HasFailed)) return evidence;
        var told = evidence.Addresses.IsEmpty ? answers : answers.Where(answer => !answer.HasFailed && answer.Records is not null);

        // Either family being secure suffices: it is the name whose security is asked, and what an address is worth, the TLSA records decide.
        if (evidence.Addresses.IsEmpty ? told.All(answer => answer.Security == Security.Secure) : told.Any(answer => answer.Security == Security.Secure))
            return evidence with { AddressState = evidence.Addresses.IsEmpty ? AddressState.None : AddressState.Secure };

        // R11: an insecure link makes all after it insecure. R13: a CNAME question of its own tells whether the first link is.
        if (!answers.Any(answer => !answer.HasFailed && answer.IsAlias)) return evidence with { AddressState = AddressState.Insecure };
        var alias = await lookup.LookupAsync(name, RecordType.CNAME, cancellationToken).ConfigureAwait(false);
        evidence = evidence with { AliasAnswer = alias };
        if (alias.HasFailed) return evidence with { AddressState = AddressState.Failed };
        return evidence with { AddressState = alias.HasSecureRecords ? AddressState.InsecureBehindSecureAlias : AddressState.Insecure };
    }

    /// <summary>
    /// The name at the end of a secure alias. Where only one family is secure, as in a zone whose denials are insecure (RFC 9276 §3.2), the other may
    /// have been exchanged on the way: its target would be a name that an attacker chose, with TLSA records of his own.
    /// </summary>
    private static DomainName? SecureTarget(HostEvidence evidence) =>
        evidence.AddressAnswers.FirstOrDefault(answer => answer.HasSecureRecords && answer.IsAlias)?.FinalName;

    private async ValueTask<HostEvidence> FindTlsaAsync(HostEvidence evidence, ImmutableArray<DomainName> candidates, CancellationToken cancellationToken)
    {
        evidence = evidence with { TlsaState = TlsaState.None };
        foreach (var candidate in candidates)
        {
            // R25: the port in use. A name too long for the labels of a service can have no records.
            if (!TlsaOwner.TryFor(evidence.Port, candidate, out var owner)) continue;
            var answer = await lookup.LookupAsync(owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
            evidence = evidence with { TlsaAnswers = evidence.TlsaAnswers.Add(answer) };

            // R09, R24: a failure ends the search; going on to the next candidate would let an attacker choose.
            if (answer.HasFailed) return evidence with { TlsaState = TlsaState.Failed };

            // R26: an alias at the owner was followed, all of it secure or the answer is not; the base stays the candidate.
            if (answer.HasSecureRecords) return evidence with { TlsaState = TlsaState.Secure, TlsaBase = candidate, Records = Records(answer.Records!) };
            if (answer.Records is not null) evidence = evidence with { TlsaState = TlsaState.Insecure };
        }

        return evidence;
    }

    /// <summary>Every record counts as present; one too short to be read is the default, which is unusable (R35).</summary>
    private static ImmutableArray<TlsaRecord> Records(RecordSet records) =>
        [.. RecordData.ToCanonicalOrder(RecordType.TLSA, records.Data.AsSpan()).Select(data => TlsaRecord.TryFromRecordData(data, out var record) ? record : default)];

    private static ImmutableArray<IPAddress> Addresses(IEnumerable<Answer> answers)
    {
        var addresses = new HashSet<IPAddress>();
        foreach (var answer in answers)
        {
            if (answer.HasFailed || answer.Records is not { } records) continue;
            foreach (var data in records.Data)
                if (data.Length == (records.Type == RecordType.A ? 4 : 16)) addresses.Add(new(data.Span));
        }

        return
        [
            .. addresses
                .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .ThenBy(address => new Octets(address.GetAddressBytes()), Comparer<Octets>.Create((left, right) => left.Span.SequenceCompareTo(right.Span))),
        ];
    }
}
