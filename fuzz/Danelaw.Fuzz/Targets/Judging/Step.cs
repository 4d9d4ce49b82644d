namespace Danelaw.Fuzz.Targets.Judging;

/// <summary>What the adversary may do to a reply.</summary>
internal enum StepKind
{
    Drop = 0,
    DropType,
    DropSignatures,
    AddRecord,
    AddSet,
    AddRenamed,
    Alter,
    SetTimeToLive,
    SetCode,
    Fail,
    AddForged,
    AnswerOther,
    Raw,
    Move,
    Rename,
    Repeat,
    ServedBy,
    SetFlags,
    SignSet,
    AddKey,
}

/// <summary>One thing that he does.</summary>
/// <param name="Kind">What.</param>
/// <param name="Number">To the reply to which question, counted in the order of asking; or one of the constants.</param>
/// <param name="Choices">How, exactly.</param>
internal readonly record struct Step(StepKind Kind, int Number, byte[] Choices)
{
    /// <summary>Every reply.</summary>
    internal const int Every = 15;

    /// <summary>Those about names of the adversary's own zones.</summary>
    internal const int Own = 14;

    /// <summary>Those that the chain of trust is made of: DNSKEY.</summary>
    internal const int Keys = 13;

    /// <summary>The other half of it: DS.</summary>
    internal const int Delegations = 12;

    /// <summary>Kind, number, and how many octets of choices follow; of a raw message or a key, times eight.</summary>
    internal static Step Read(Draw draw)
    {
        var kind = (StepKind)draw.Below((int)StepKind.AddKey + 1);
        var place = draw.Next();
        var length = place >> 4;
        return new(kind, place & 15, draw.Take(kind is StepKind.Raw or StepKind.AddKey ? length * 8 : length));
    }
}
