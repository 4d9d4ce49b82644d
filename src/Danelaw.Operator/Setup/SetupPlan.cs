using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup.Applying;

namespace Danelaw.Operator.Setup;

/// <summary>The steps of a setup in the order in which they are taken: validation before reliance, a server that is sound before its record. Closed.</summary>
public enum SetupStage
{
    /// <summary>A validating resolver on this host.</summary>
    Resolver = 0,

    /// <summary>The servers read chain files of Danelaw's.</summary>
    Chains,

    /// <summary>What keeps senders away from these servers is mended.</summary>
    Servers,

    /// <summary>TLSA records are published.</summary>
    Records,

    /// <summary>Mail goes out with DANE.</summary>
    Outbound,

    /// <summary>Renewed keys are carried on without a gap.</summary>
    Rollover,
}

/// <summary>One step.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Title">What is done, in a line.</param>
/// <param name="Why">Why, for somebody who runs a mail server and knows nothing of DANE.</param>
public sealed record SetupStep(SetupStage Stage, string Title, string Why)
{
    /// <summary>What doctor found that it mends.</summary>
    public ImmutableArray<AuditFinding> Findings { get; init; } = [];

    /// <summary>What is altered on the host, in order.</summary>
    public ImmutableArray<Change> Changes { get; init; } = [];

    /// <summary>Names that the resolver on this host has to know as the one before it does, which is looked at first.</summary>
    public ImmutableArray<DomainName> Names { get; init; } = [];

    /// <summary>The RRsets to publish.</summary>
    public ImmutableArray<SetupRecord> Records { get; init; } = [];

    /// <summary>The programs that are told to read their files again.</summary>
    public ImmutableArray<ServiceReload> Reloads { get; init; } = [];

    /// <summary>The timers that systemd is told to start now and at every boot.</summary>
    public ImmutableArray<string> Timers { get; init; } = [];

    /// <summary>What shows that it works.</summary>
    public required string Proof { get; init; }

    /// <summary>How it is taken back.</summary>
    public required string Undo { get; init; }
}

/// <summary>A TLSA RRset to be published.</summary>
/// <param name="Owner">The owner, such as <c>_25._tcp.mx.example.org.</c></param>
/// <param name="Before">What is published now; null where that is not known.</param>
/// <param name="After">What is to be published.</param>
/// <param name="TimeToLive">The TTL in seconds.</param>
public sealed record SetupRecord(DomainName Owner, TlsaSet? Before, TlsaSet After, uint TimeToLive)
{
    /// <summary>The zone that holds it; null where that is not known.</summary>
    public DomainName? Zone { get; init; }

    /// <summary>The longest TTL in seconds with which a server or the resolver's cache has what is published now; 0 where nothing is.</summary>
    public uint BeforeTimeToLive { get; init; }

    /// <summary>Whether a wildcard gives what is published now (RFC 4592): putting it back is taking away the owner's own.</summary>
    internal bool IsBeforeFromWildcard { get; init; }

    /// <summary>What the owner has of its own now.</summary>
    internal TlsaSet OwnBefore => IsBeforeFromWildcard ? TlsaSet.Empty : Before ?? TlsaSet.Empty;

    /// <summary>What senders find when this is left of the owner's own: what the wildcard gives, where nothing is.</summary>
    internal TlsaSet FoundWith(TlsaSet left) => left.IsEmpty && IsBeforeFromWildcard ? Before ?? TlsaSet.Empty : left;
}

/// <summary>The programs that a setup tells to read their files again. Closed.</summary>
public enum ManagedService
{
    /// <summary>Postfix.</summary>
    Postfix = 0,

    /// <summary>Dovecot.</summary>
    Dovecot,

    /// <summary>nginx.</summary>
    Nginx,

    /// <summary>unbound.</summary>
    Unbound,
}

/// <summary>A program that is to read its files again.</summary>
/// <param name="Service">The program.</param>
/// <param name="Configuration">Its folder (Postfix) or file of configuration.</param>
public sealed record ServiceReload(ManagedService Service, string Configuration)
{
    /// <summary>The folder of its configuration: what is altered elsewhere says nothing of whether it would read its files.</summary>
    public string Folder => Service == ManagedService.Postfix ? Configuration : Configuration[..Configuration.LastIndexOf('/')];

    /// <summary>The command that a person would give.</summary>
    public string Command => Service switch
    {
        ManagedService.Postfix => Configuration == "/etc/postfix" ? "postfix reload" : $"postfix -c {Configuration} reload",
        ManagedService.Dovecot => Configuration == "/etc/dovecot/dovecot.conf" ? "doveadm reload" : $"doveadm -c {Configuration} reload",
        ManagedService.Nginx => Configuration == "/etc/nginx/nginx.conf" ? "nginx -s reload" : $"nginx -c {Configuration} -s reload",
        ManagedService.Unbound => "systemctl restart unbound",
    };

    /// <summary>The command that says whether the program would read its files.</summary>
    public string TestCommand => Service switch
    {
        ManagedService.Postfix => Configuration == "/etc/postfix" ? "postfix check" : $"postfix -c {Configuration} check",
        ManagedService.Dovecot => Configuration == "/etc/dovecot/dovecot.conf" ? "doveconf -n" : $"doveconf -c {Configuration} -n",
        ManagedService.Nginx => Configuration == "/etc/nginx/nginx.conf" ? "nginx -t" : $"nginx -c {Configuration} -t",
        ManagedService.Unbound => Configuration == "/etc/unbound/unbound.conf" ? "unbound-checkconf" : $"unbound-checkconf {Configuration}",
    };
}

/// <summary>Something that stands in the way.</summary>
/// <param name="What">What is the case.</param>
/// <param name="ToDo">What to do about it.</param>
/// <param name="IsFatal">Whether nothing is done at all because of it; otherwise only what rests on it is left out.</param>
/// <param name="Place">Where it stands; null where it stands in no file.</param>
public sealed record Obstacle(string What, string ToDo, bool IsFatal, Place? Place = null);

/// <summary>A port, and the keys that are to be seen there once the servers have read their files.</summary>
/// <param name="Program">The server.</param>
/// <param name="Port">The port.</param>
/// <param name="Keys">The SubjectPublicKeyInfo of each key, DER.</param>
public sealed record ExpectedService(ServerProgram Program, int Port, ImmutableArray<Dns.Octets> Keys);

/// <summary>What leads from a host as it is to DANE in both directions. Data: nothing is altered until it is carried out.</summary>
public sealed record SetupPlan
{
    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The steps in order; empty where there is nothing to do.</summary>
    public ImmutableArray<SetupStep> Steps { get; init; } = [];

    /// <summary>What stands in the way.</summary>
    public ImmutableArray<Obstacle> Obstacles { get; init; } = [];

    /// <summary>What can be done and has a consequence: told before anything is altered.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What is worth saying beside.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <summary>What doctor found and no step mends: the operator's own to decide.</summary>
    public ImmutableArray<AuditFinding> Left { get; init; } = [];

    /// <summary>What is to be seen from outside at the end.</summary>
    public ImmutableArray<ExpectedService> Expected { get; init; } = [];

    /// <summary>The names for which records are made.</summary>
    public ImmutableArray<DomainName> Names { get; init; } = [];

    /// <summary>Where this setup publishes the records itself; null where a person does.</summary>
    public PublisherSettings? Publisher { get; init; }

    /// <summary>What the ports show today whose servers are moved.</summary>
    internal ImmutableArray<FormerChain> Former { get; init; } = [];

    /// <summary>The chain files that those servers read at the end, be they altered or not.</summary>
    internal ImmutableArray<string> Held { get; init; } = [];

    /// <summary>The RRsets that lead senders to those ports, as they are known: they stay.</summary>
    internal ImmutableArray<SetupRecord> Led { get; init; } = [];

    /// <summary>Whether doctor finds an error that no step mends.</summary>
    internal bool LeavesErrors => Left.Any(finding => finding.Severity == Checks.Severity.Error);

    /// <summary>Whether something is left for a person once every step is done: what is left out, or an error where there is nothing to do.</summary>
    public bool LeavesWork => !Obstacles.IsEmpty || (Steps.IsEmpty && LeavesErrors);

    /// <summary>Whether nothing may be done.</summary>
    public bool IsRefused => Obstacles.Any(obstacle => obstacle.IsFatal);
}
