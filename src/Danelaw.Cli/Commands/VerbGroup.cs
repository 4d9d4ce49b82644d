namespace Danelaw.Cli.Commands;

/// <summary>What a verb is for; the help lists the verbs under these, in this order.</summary>
internal enum VerbGroup
{
    /// <summary>To see what is there, and to understand it.</summary>
    Checking,

    /// <summary>TLSA and other records, made and published.</summary>
    Records,

    /// <summary>The mail server on this machine.</summary>
    Host,

    /// <summary>DNSSEC: zones, their keys and their signatures.</summary>
    Zones,

    /// <summary>To try all of it where nothing can break.</summary>
    Trying,

    /// <summary>The command itself.</summary>
    Itself,
}

/// <summary>Their headings.</summary>
internal static class VerbGroups
{
    public static string HeadingOf(VerbGroup group) => group switch
    {
        VerbGroup.Checking => "check and understand",
        VerbGroup.Records => "make and publish records",
        VerbGroup.Host => "on a mail server",
        VerbGroup.Zones => "DNSSEC of zones",
        VerbGroup.Trying => "try it out",
        VerbGroup.Itself => "help in shells and manuals",
    };
}
