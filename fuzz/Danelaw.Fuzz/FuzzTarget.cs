namespace Danelaw.Fuzz;

/// <summary>Something that takes foreign octets, and what must hold of it whatever they are. Synchronous; the same octets always take the same way.</summary>
internal abstract class FuzzTarget
{
    /// <summary>What the command line and the folders of the corpus call it.</summary>
    internal abstract string Name { get; }

    /// <summary>The longest input that makes sense, in octets.</summary>
    internal abstract int MaximumLength { get; }

    /// <summary>Does the work once.</summary>
    /// <param name="input">The octets; the target may keep them, they do not change.</param>
    /// <exception cref="FuzzFinding">Something does not hold.</exception>
    internal abstract void Run(byte[] input);

    /// <summary>Inputs to begin with, made from the other corpora: a name for the file, and the octets.</summary>
    /// <param name="corpora">The folder <c>tests/Corpora</c>.</param>
    internal abstract IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora);

    /// <summary>Pieces of input that chance would take long to find.</summary>
    internal virtual IEnumerable<byte[]> Tokens => [];

    private static readonly Lazy<Targets.Judging.SignedWorld> World = new(() => new());

    /// <summary>Every target.</summary>
    internal static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new Targets.NameTarget(), new Targets.MessageTarget(), new Targets.ZoneTarget(), new Targets.DenialTarget(),
        new Targets.JudgeTarget(World), new Targets.LookupTarget(World), new Targets.DialogueTarget(), new Targets.KeysTarget(), new Targets.OpenPgpTarget(),
    ];

    internal static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
