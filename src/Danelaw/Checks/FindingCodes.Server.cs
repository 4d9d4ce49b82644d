namespace Danelaw.Checks;

// SERVER-…: name servers.
public static partial class FindingCodes
{
    /// <summary>A name server of the zone does not answer.</summary>
    public const string ServerUnreachable = "SERVER-UNREACHABLE";

    /// <summary>A name server does not answer over TCP (RFC 7766 §5).</summary>
    public const string ServerNoTcp = "SERVER-NO-TCP";

    /// <summary>The name of a name server is an alias (RFC 2181 §10.3).</summary>
    public const string ServerAlias = "SERVER-ALIAS";

    /// <summary>A name server does not serve the zone that names it.</summary>
    public const string ServerLame = "SERVER-LAME";

    /// <summary>A name server has an old copy of the zone.</summary>
    public const string ServerSerialLag = "SERVER-SERIAL-LAG";

    /// <summary>A name server leaves the signatures out.</summary>
    public const string ServerUnsigned = "SERVER-UNSIGNED";

    /// <summary>A name server answers for SOA and not for the type asked for.</summary>
    public const string ServerTypeDropped = "SERVER-TYPE-DROPPED";

    /// <summary>A name server gives another answer than the others.</summary>
    public const string ServerDiffers = "SERVER-DIFFERS";

    /// <summary>A name server gives an answer, or a denial, that does not validate.</summary>
    public const string ServerBogus = "SERVER-BOGUS";

    /// <summary>A name server does not prove that a name does not exist.</summary>
    public const string ServerDenial = "SERVER-DENIAL";

    /// <summary>A name server says that the TLSA owner does not exist, though others have it or without proof.</summary>
    public const string ServerTlsaNameError = "SERVER-TLSA-NAME-ERROR";

    /// <summary>An answer that does not fit into a datagram which passes everywhere (RFC 9715 §3.2).</summary>
    public const string ServerAnswerLarge = "SERVER-ANSWER-LARGE";

    /// <summary>Name servers that could not be asked from here.</summary>
    public const string ServerUntested = "SERVER-UNTESTED";
}
