using System.Globalization;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dnssec.Tests.Unbound;

/// <summary>One of unbound's test scenarios (<c>tests/Corpora/unbound</c>): configuration, what servers answer at which steps, questions and what must come out.</summary>
internal sealed class Scenario
{
    internal List<ResourceRecord> Anchors { get; } = [];

    internal List<DomainName> Insecure { get; } = [];

    internal DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Where resolution begins: a zone's servers, or resolvers that are forwarded to.</summary>
    internal List<(DomainName Zone, IPAddress Address)> Hints { get; } = [];

    internal List<ServerRange> Ranges { get; } = [];

    internal List<Step> Steps { get; } = [];

    internal IEnumerable<Entry> Entries => Ranges.SelectMany(range => range.Entries);

    internal static Scenario Read(string path)
    {
        var scenario = new Scenario();
        var lines = new LineReader(File.ReadAllLines(path).Select(WithoutComment).Where(line => line.Length > 0));
        scenario.ReadConfiguration(lines);
        scenario.ReadScript(lines);
        return scenario;
    }

    private static string WithoutComment(string line)
    {
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') isQuoted = !isQuoted;
            if (line[i] == ';' && !isQuoted) return line[..i].Trim();
        }

        return line.Trim();
    }

    private void ReadConfiguration(LineReader lines)
    {
        var zone = DomainName.Root;
        while (lines.Next() is { } line && line != "CONFIG_END")
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line.StartsWith('#')) continue;
            var value = line[(colon + 1)..].Split('#')[0].Trim().Trim('"');
            switch (line[..colon])
            {
                case "trust-anchor": Anchors.AddRange(Records([value])); break;
                case "domain-insecure": Insecure.Add(DomainName.Parse(value)); break;
                // -1 switches the check of times off; the two scenarios that have it were signed for November 2012.
                case "val-override-date": Now = Time(value == "-1" ? "20121115000000" : value); break;
                case "name": zone = DomainName.Parse(value); break;
                case "stub-addr" or "forward-addr": Hints.Add((zone, IPAddress.Parse(value))); break;
                default: break;
            }
        }
    }

    private void ReadScript(LineReader lines)
    {
        while (lines.Next() is { } line)
        {
            var words = Words(line);
            switch (words[0])
            {
                case "RANGE_BEGIN": Ranges.Add(ReadRange(lines, Number(words[1]), Number(words[2]))); break;
                case "STEP" when words[2] is "QUERY" or "CHECK_ANSWER": Steps.Add(new(Number(words[1]), words[2], ReadEntry(lines), 0)); break;
                case "STEP" when words[2] == "TIME_PASSES": Steps.Add(new(Number(words[1]), words[2], null, (int)double.Parse(words[4], CultureInfo.InvariantCulture))); break;
                default: break;
            }
        }
    }

    private static ServerRange ReadRange(LineReader lines, int from, int to)
    {
        var range = new ServerRange(from, to);
        while (lines.Peek() is { } line && line != "RANGE_END")
        {
            if (line == "ENTRY_BEGIN")
            {
                range.Entries.Add(ReadEntry(lines));
                continue;
            }

            lines.Next();
            var words = Words(line);
            if (words[0] == "ADDRESS") range.Addresses.Add(IPAddress.Parse(words[1]));
        }

        lines.Next();
        return range;
    }

    private static Entry ReadEntry(LineReader lines)
    {
        while (lines.Next() != "ENTRY_BEGIN")
        {
        }

        var entry = new Entry();
        var section = "";
        var texts = new Dictionary<string, List<string>>();
        while (lines.Next() is { } line && line != "ENTRY_END")
        {
            var words = Words(line);
            switch (words[0])
            {
                case "MATCH": entry.Match.UnionWith(words[1..]); break;
                case "ADJUST": entry.Adjust.UnionWith(words[1..]); break;
                case "REPLY": entry.Reply.UnionWith(words[1..]); break;
                case "SECTION": texts[section = words[1]] = []; break;
                case var _ when section.Length > 0: texts[section].Add(line); break;
                default: break;
            }
        }

        if (texts.TryGetValue("QUESTION", out var questions) && questions.Count > 0)
        {
            var words = Words(questions[0]);
            Assert.True(RecordTypes.TryParse(words[^1], out var type), questions[0]);
            entry.Question = new(DomainName.Parse(words[0]), type);
        }

        entry.Answer = Section("ANSWER");
        entry.Authority = Section("AUTHORITY");
        entry.Additional = Section("ADDITIONAL");
        return entry;

        List<ResourceRecord> Section(string name) => texts.TryGetValue(name, out var text) ? Records(text) : [];
    }

    private static List<ResourceRecord> Records(IEnumerable<string> lines)
    {
        var records = new List<ResourceRecord>();
        using var reader = new ZoneReader(new StringReader(string.Join('\n', lines) + "\n"), new() { DefaultTtl = 3600, AllowMalformed = true });

        // A few records of the scenarios are broken on purpose: a signature that is missing.
        while (true)
        {
            if (reader.TryRead(out var record, out var fault)) records.Add(record);
            else if (fault is null) return records;
        }
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Words(string line) => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private sealed class LineReader(IEnumerable<string> lines)
    {
        private readonly List<string> _lines = [.. lines];
        private int _at;

        internal string? Peek() => _at < _lines.Count ? _lines[_at] : null;

        internal string? Next() => _at < _lines.Count ? _lines[_at++] : null;
    }
}

/// <summary>What one server answers from one step to another.</summary>
internal sealed record ServerRange(int From, int To)
{
    internal List<IPAddress> Addresses { get; } = [];

    internal List<Entry> Entries { get; } = [];
}

internal sealed record Step(int Number, string Kind, Entry? Entry, int Seconds);

/// <summary>A message of a scenario, and how a query has to look to be answered with it.</summary>
internal sealed class Entry
{
    internal HashSet<string> Match { get; } = [];

    internal HashSet<string> Adjust { get; } = [];

    internal HashSet<string> Reply { get; } = [];

    internal Question Question { get; set; }

    internal List<ResourceRecord> Answer { get; set; } = [];

    internal List<ResourceRecord> Authority { get; set; } = [];

    internal List<ResourceRecord> Additional { get; set; } = [];

    internal ResponseCode Code => Reply.Contains("NXDOMAIN") ? ResponseCode.NameError
        : Reply.Contains("SERVFAIL") ? ResponseCode.ServerFailure
        : Reply.Contains("REFUSED") ? ResponseCode.Refused
        : Reply.Contains("YXDOMAIN") ? ResponseCode.YXDomain
        : ResponseCode.NoError;

    internal bool Answers(Question question) =>
        (!Match.Contains("qtype") || question.Type == Question.Type)
        && (!Match.Contains("qname") || question.Name == Question.Name)
        && (!Match.Contains("subdomain") || question.Name.IsAtOrBelow(Question.Name));
}
