namespace Danelaw.Dns.Tests.Messages;

/// <summary>Responses of BIND and what dig read in them: <c>tests/Corpora/messages/bind-9.18.txt</c>.</summary>
/// <param name="Name">The question as given to dig.</param>
/// <param name="Response">The response.</param>
/// <param name="Expected">What dig said: STATUS, FLAGS, then a line for each record.</param>
internal sealed record MessageCorpus(string Name, byte[] Response, string[] Expected)
{
    internal static IReadOnlyList<MessageCorpus> All { get; } = Read();

    internal static TheoryData<string> Names => [.. All.Select(entry => entry.Name)];

    internal static MessageCorpus Get(string name) => All.Single(entry => entry.Name == name);

    private static List<MessageCorpus> Read()
    {
        var entries = new List<MessageCorpus>();
        foreach (var block in File.ReadAllText(Repository.Corpus("messages", "bind-9.18.txt")).Split("\n[").Skip(1))
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            entries.Add(new(
                lines[0].TrimEnd(']'),
                Convert.FromHexString(lines.Single(line => line[0] == '<')[2..]),
                [.. lines.Where(line => line[0] == '=').Select(line => line[2..])]));
        }

        return entries;
    }
}
