using Danelaw.Fuzz;
using Danelaw.Fuzz.Driving;

// Instrumented code writes into the map of edges from its first line on.
Coverage.UseScratch();

return args switch
{
    ["list"] => List(),
    ["instrument", .. var assemblies] => Instrumenter.Run(assemblies),
    ["seeds", var name, var corpora, var folder] when FuzzTarget.Find(name) is { } target => Seeds(target, corpora, folder),
    ["tokens", var name] when FuzzTarget.Find(name) is { } target => Tokens(target),
    ["replay", var name, .. var paths] when FuzzTarget.Find(name) is { } target => Replay.Run(target, paths),
    ["unreached", var name, .. var paths] when FuzzTarget.Find(name) is { } target => Unreached.Run(target, paths),
    ["serve", var name, var folder] when FuzzTarget.Find(name) is { } target => AflServer.Run(target, folder),
    _ => Misuse(),
};

static int List()
{
    foreach (var target in FuzzTarget.All) Console.WriteLine(target.Name);
    return 0;
}

static int Seeds(FuzzTarget target, string corpora, string folder)
{
    Directory.CreateDirectory(folder);
    foreach (var (name, octets) in target.Seeds(corpora))
        if (octets.Length <= target.MaximumLength) File.WriteAllBytes(Path.Combine(folder, name), octets);
    return 0;
}

// The form of afl-fuzz's dictionaries: one token a line, octets as \xNN.
static int Tokens(FuzzTarget target)
{
    foreach (var token in target.Tokens.Where(token => token.Length is > 0 and <= 128)) Console.WriteLine($"\"{string.Concat(token.Select(octet => $"\\x{octet:x2}"))}\"");
    return 0;
}

static int Misuse()
{
    Console.Error.WriteLine("usage: Danelaw.Fuzz list | replay TARGET FILE... | seeds TARGET CORPORA FOLDER | tokens TARGET | instrument ASSEMBLY... | unreached TARGET FILE... | serve TARGET FOLDER (under afl-fuzz)");
    return 2;
}
