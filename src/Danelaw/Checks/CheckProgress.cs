namespace Danelaw.Checks;

/// <summary>Where a check stands.</summary>
public enum CheckStage
{
    /// <summary>The MX records are looked up.</summary>
    FindingHosts = 0,

    /// <summary>The addresses and TLSA records of the hosts are looked up.</summary>
    LookingUp,

    /// <summary>The addresses are connected to.</summary>
    Probing,

    /// <summary>The report is ready.</summary>
    Done,
}

/// <summary>One step of a check, for a progress line; nothing in the report depends on it.</summary>
/// <param name="Stage">Where the check stands.</param>
/// <param name="Subject">What has just been finished, in presentation form; may be empty.</param>
/// <param name="Done">How many steps of this stage are done.</param>
/// <param name="Total">How many this stage has, as far as is known.</param>
public sealed record CheckProgress(CheckStage Stage, string Subject, int Done, int Total);
