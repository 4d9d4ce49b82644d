namespace Danelaw.HostileWorld;

/// <summary>What a zone's server does on the wire.</summary>
internal enum Conduct
{
    /// <summary>It replies.</summary>
    Replies = 0,

    /// <summary>Nothing is ever said.</summary>
    Silent,

    /// <summary>Datagrams say that they are truncated; TCP gives one octet a second.</summary>
    Drips,

    /// <summary>Datagrams say that they are truncated; TCP opens and says nothing.</summary>
    Mute,

    /// <summary>Two thousand datagrams with another id come before the reply.</summary>
    Floods,

    /// <summary>Octets without sense.</summary>
    Noise,
}
