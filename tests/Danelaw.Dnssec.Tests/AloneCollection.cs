namespace Danelaw.Dnssec.Tests;

/// <summary>Tests that measure what the whole process does: they run one after another when the others have ended.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneCollection;
