using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Probes;
using Danelaw.Tlsa.Guessing;

namespace Danelaw.Checks;

/// <summary>How a check is made. Immutable; the defaults are those of the command.</summary>
public sealed record CheckOptions
{
    /// <summary>The time for one target. Default 45 s. What could not be done in it is undetermined, with that reason.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Whether the time in which a check does nothing but wait for its turn at an address is left out of <see cref="TimeLimit"/>: of many checks at once those that
    /// come late are no worse for it. Default false.
    /// </summary>
    public bool WaitsForItsTurn { get; init; }

    /// <summary>How many lookups of one target may be in flight, and how many connections; 1 or more. Default 16. One address never has more than one connection at a time, from all the checks of one <see cref="DaneChecker"/> or <see cref="PoliteProber"/>.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>The most MX hosts that are looked at; 1 or more. Default 64. What is left out makes the verdict undetermined.</summary>
    public int MaximumHosts { get; init; } = 64;

    /// <summary>The most addresses of one host that are connected to; 1 or more. Default 32. What is left out makes the verdict undetermined.</summary>
    public int MaximumAddresses { get; init; } = 32;

    /// <summary>Which address families are used. Default both.</summary>
    public AddressFamilies Families { get; init; }

    /// <summary>Where to connect instead; the first rule that fits counts. Default none.</summary>
    public ImmutableArray<ConnectToRule> ConnectTo { get; init; } = [];

    /// <summary>The kinds of key that a server is asked for, one connection each and in this order, besides the one that it shows unasked. Default RSA, ECDSA, EdDSA.</summary>
    public ImmutableArray<KeyAlgorithm> KeyAlgorithms { get; init; } = [KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa, KeyAlgorithm.Eddsa];

    /// <summary>
    /// Whether servers are asked for a raw public key too (RFC 7250), where a record 3 1 x could match it (R50), by one connection more to each address.
    /// Says also who connects: a client of a single service that knows raw public keys needs no certificate. Default false.
    /// </summary>
    public bool RawPublicKey { get; init; }

    /// <summary>Whom PKIX-TA and PKIX-EE trust, at services other than SMTP between servers. Default nobody: such records then match nothing.</summary>
    public TrustStore? Roots { get; init; }

    /// <summary>
    /// The certificates to come, DER, or their SubjectPublicKeyInfo, for every kind of key that is to come: a record that matches one of them and nothing served is a next one, and the others are stale.
    /// Default none: then nothing is told stale.
    /// </summary>
    public ImmutableArray<Octets> Next { get; init; } = [];

    /// <summary>Whether TLSA records are looked for where they stand by mistake and nobody asks: at mistyped owner names, at the mail domain, at other ports. Default false. It decides nothing.</summary>
    public bool SeeksMisplaced { get; init; }

    /// <summary>Ports of whose records <see cref="SeeksMisplaced"/> says nothing, because whoever asks checks what is served there by itself. Default none.</summary>
    public ImmutableArray<int> CheckedApart { get; init; } = [];

    /// <summary>Files that a record may have been made of by mistake: that it was is told. Default none.</summary>
    public ImmutableArray<KnownFile> Known { get; init; } = [];

    /// <summary>
    /// Whether of a mail domain the services at ports 465, 587, 143, 993, 110, 995, 4190 and 443 are looked at too, wherever SRV records, <see cref="Also"/> or convention have them. Default false.
    /// A check has four times <see cref="TimeLimit"/> then.
    /// </summary>
    public bool AllServices { get; init; }

    /// <summary>Single services that <see cref="AllServices"/> looks at besides; hosts with a port. Default none.</summary>
    public ImmutableArray<CheckTarget> Also { get; init; } = [];

    /// <summary>How much work judging what one host showed may cost, and a few times that for all hosts (docs/decisions/0294). What is left undone makes the verdict undetermined.</summary>
    internal int MaximumWork { get; init; } = Verification.Paths.WorkBudget.OfHost;

    /// <summary>The time for one target with all that is looked at.</summary>
    internal TimeSpan WholeTime => AllServices ? 4 * TimeLimit : TimeLimit;

    /// <summary>
    /// The options with which the command asks the DNS as this check does, each word by itself and not quoted, such as <c>--resolver</c> and <c>192.0.2.53</c>: they stand in the
    /// commands that mends name, so that these do the same when they are copied. Default none.
    /// </summary>
    public ImmutableArray<string> AskedWith { get; init; } = [];

    /// <summary>Whether the lookups ask authoritative servers from the root down, and no resolver: mends then send nobody to look after a resolver. Default false.</summary>
    public bool IsIterating { get; init; }

    /// <summary>How long before its end a certificate that dates count for is said to expire soon. Default 14 days: the time in which a renewal that fails is still mended without hurry.</summary>
    public TimeSpan ExpiresSoon { get; init; } = TimeSpan.FromDays(14);
}
