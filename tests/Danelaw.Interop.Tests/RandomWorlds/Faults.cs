namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>What is wrong, or odd, between a zone's parent and its keys.</summary>
internal enum ChainFault
{
    None = 0,

    // No harm is done.
    DsOfUnknownAlgorithmBeside,
    DsOfUnknownDigestBeside,
    DsBySha1,
    DsBySha384,
    DsBySha1WrongBeside,
    DsOfMissingKeyBeside,
    DsOfUnusedAlgorithmBeside,

    // Nobody can know.
    DsOfUnknownAlgorithm,
    DsOfUnknownDigest,
    NoDs,

    // Broken.
    DsFlipped,
    DsOfAnotherKey,
    DsBySha256WrongBesideSha1,
    Unsigned,
    KeysMissing,
    KeysUnsigned,
    KeySignatureCorrupt,
    KeySignatureExpired,
    KeySignatureNotByEntry,
    KeyRevoked,
    KeyWithoutZoneFlag,
    KeyOfAnotherProtocol,
    AllExpired,
    AllInFuture,
    AllStripped,
    DsSignatureCorrupt,
}

/// <summary>What is wrong, or odd, with one RRset.</summary>
internal enum SetFault
{
    None = 0,

    // No harm is done.
    BadSignatureBeside,
    TtlRaised,
    TtlLowered,
    OwnerInUpperCase,

    // Broken.
    Corrupt,
    Expired,
    Future,
    TimesReversed,
    Unsigned,
    SignerIsParent,
    SignerIsChild,
    LabelsMore,
    LabelsFewer,
    OriginalTtl,
    AnotherAlgorithm,
    AnotherTag,
    AnotherKey,
    Forged,
    TypeCovered,
}

/// <summary>What is wrong, or odd, with one record of denial, while its signature is right.</summary>
internal enum DenialFault
{
    None = 0,
    Missing,
    NextTooNear,
    TypesAdded,
    TypesRemoved,
    UnknownHash,
    UnknownFlags,
    OptOutFlipped,
    AnotherSalt,
    IterationsRaised,

    // What NextTooNear becomes in a short span.
    NextTooFar,
}
