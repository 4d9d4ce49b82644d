using System.Collections.Immutable;

namespace Danelaw.Cli.Commands;

/// <summary>What somebody who sees the command for the first time is told.</summary>
internal static class FirstSteps
{
    /// <summary>What all of it is about.</summary>
    public const string About =
        "DANE lets a signed DNS zone say which keys the servers of a domain show, so that mail to it can be neither read nor led astray on its way. danelaw checks that, makes and publishes the records, and rolls keys over; it validates DNSSEC itself, and says of whatever it finds what it means and what to do.";

    /// <summary>Calls to begin with.</summary>
    public static ImmutableArray<(string Call, string Meaning)> Calls { get; } =
    [
        ("danelaw demo", "see it at work, on this machine alone"),
        ("danelaw check example.org", "is the mail of this domain protected?"),
        ("danelaw explain TLSA-MISMATCH", "what a code in the results means"),
        ("danelaw doctor", "what is set up on this mail server?"),
        ("danelaw setup --dry-run", "what would bring this mail server to DANE?"),
        ("danelaw check --help", "what a verb takes, with examples"),
    ];
}
