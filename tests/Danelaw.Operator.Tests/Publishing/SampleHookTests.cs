using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>The sample hooks before recorded mocks of their hosts (tests/Corpora/hooks). The hosts themselves were never asked.</summary>
[Peer("python")]
public sealed class SampleHookTests
{
    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org.");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static TlsaSet Set(params string[] letters) => TlsaSet.Of(letters.Select(letter => TlsaRecord.TryParse($"3 1 1 {string.Concat(Enumerable.Repeat(letter, 32))}", out var record, out _) ? record : default));

    private static PublisherSettings.Hook Hook(string sample, string url, string token, DomainName? zone = null) => new(
        [Peer.Require("env"), $"DANELAW_HOOK_URL={url}", $"DESEC_TOKEN={token}", $"CLOUDFLARE_API_TOKEN={token}", $"HCLOUD_TOKEN={token}", $"AWS_ACCESS_KEY_ID={token}", "AWS_SECRET_ACCESS_KEY=hidden", Peer.Require("python3"), Path.Combine(Repository.Root, "samples", "hooks", sample)],
        zone);

    private static string Recording(string name) => Path.Combine(Repository.Root, "tests", "Corpora", "hooks", name + ".txt");

    [Theory]
    [InlineData("desec", "desec", "aa", "aa bb")]
    [InlineData("cloudflare", "cloudflare", "aa", "aa bb")]
    [InlineData("hetzner", "hetzner", "aa", "aa bb")]
    [InlineData("hetzner", "hetzner-new", "", "bb")]
    [InlineData("hetzner", "hetzner-gone", "aa", "")]
    [InlineData("route53", "route53", "aa", "aa bb")]
    public async Task A_sample_asks_the_mock_of_its_host_as_the_documentation_says(string sample, string recording, string before, string after)
    {
        using var mock = new RecordedHost(Recording(recording));
        DomainName? zone = recording == sample ? null : DomainName.Parse("example.org.");
        var publisher = ZonePublisher.Create(Hook(sample, mock.Url, "mock-token", zone), new() { Time = TimeProvider.System });

        var result = await publisher.PublishAsync(new(Owner, Set(before.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Set(after.Split(' ', StringSplitOptions.RemoveEmptyEntries)), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Done && mock.Faults.Count == 0, $"{result.Outcome}: {result.Detail}\n{string.Join('\n', mock.Faults)}");
        Assert.True(mock.IsThrough, "not all of the recording was asked for");
    }

    /// <summary>A change of which the host says nothing definite: it may have been made.</summary>
    [Theory]
    [InlineData("desec", "")]
    [InlineData("cloudflare", "")]
    [InlineData("hetzner", "")]
    [InlineData("route53", "")]
    [InlineData("desec", "504 {}")]
    [InlineData("cloudflare", "504 {}")]
    [InlineData("hetzner", "504 {}")]
    [InlineData("route53", "504 {}")]
    [InlineData("cloudflare", "200 <html>")]
    [InlineData("hetzner", "201 <html>")]
    [InlineData("hetzner", "201 {}")]
    [InlineData("route53", "200 <html")]
    public async Task Of_a_change_without_a_definite_answer_nobody_knows_whether_it_was_made(string sample, string answer)
    {
        using var mock = new RecordedHost(Recording(sample)) { AnswerToChange = answer };
        var result = await ZonePublisher.Create(Hook(sample, mock.Url, "mock-token"), new() { Time = TimeProvider.System }).PublishAsync(new(Owner, Set("aa"), Set("aa", "bb"), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Unknown && mock.Faults.Count == 0, $"{result.Outcome}: {result.Detail}\n{string.Join('\n', mock.Faults)}");
        Assert.DoesNotContain("mock-token", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("desec")]
    [InlineData("cloudflare")]
    [InlineData("hetzner")]
    [InlineData("route53")]
    public async Task A_change_of_what_the_host_does_not_have_is_refused(string sample)
    {
        using var mock = new RecordedHost(Recording(sample)) { AnswerToChange = "404 {}" };
        var result = await ZonePublisher.Create(Hook(sample, mock.Url, "mock-token"), new() { Time = TimeProvider.System }).PublishAsync(new(Owner, Set("aa"), Set("aa", "bb"), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Refused && mock.Faults.Count == 0, $"{result.Outcome}: {result.Detail}\n{string.Join('\n', mock.Faults)}");
    }

    [Fact]
    public async Task A_change_of_which_a_part_was_made_is_not_told_as_refused()
    {
        using var mock = new RecordedHost(Recording("hetzner")) { AnswerToChange = "422 {\"error\":{\"code\":\"invalid_input\",\"message\":\"no\"}}", ChangesBefore = 1 };
        var result = await ZonePublisher.Create(Hook("hetzner", mock.Url, "mock-token"), new() { Time = TimeProvider.System }).PublishAsync(new(Owner, Set("aa"), Set("aa", "bb"), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Unknown && mock.Faults.Count == 0, $"{result.Outcome}: {result.Detail}\n{string.Join('\n', mock.Faults)}");
        Assert.Contains("422", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_has_a_private_zone_alone_is_refused_and_not_looked_for_above()
    {
        using var mock = new RecordedHost(Recording("route53-private"));
        var set = await ZonePublisher.Create(Hook("route53", mock.Url, "mock-token"), new() { Time = TimeProvider.System }).ReadAsync(Owner, Cancelled);

        Assert.True(set.Outcome == PublishOutcome.Refused && mock.Faults.Count == 0, $"{set.Outcome}: {set.Detail}\n{string.Join('\n', mock.Faults)}");
        Assert.Contains("mx.example.org is a private zone alone", set.Detail, StringComparison.Ordinal);
    }

    /// <summary>What Python says of a fault that nobody expects may show the token, and its exit status would mean a refusal.</summary>
    [Theory]
    [InlineData("desec", "3", "mock-token")]
    [InlineData("cloudflare", "3", "mock-token")]
    [InlineData("hetzner", "3", "mock-token")]
    [InlineData("desec", "{}", "mock-\ntoken")]
    [InlineData("cloudflare", "{}", "mock-\ntoken")]
    [InlineData("hetzner", "{}", "mock-\ntoken")]
    public async Task A_fault_that_nobody_expects_is_no_refusal_and_shows_nothing(string sample, string answer, string token)
    {
        using var mock = new RecordedHost(null) { AnswerToAll = "200 " + answer };
        var set = await ZonePublisher.Create(Hook(sample, mock.Url, token), new() { Time = TimeProvider.System }).ReadAsync(Owner, Cancelled);

        Assert.Equal(PublishOutcome.Unknown, set.Outcome);
        Assert.DoesNotContain("mock", set.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("desec")]
    [InlineData("cloudflare")]
    [InlineData("hetzner")]
    [InlineData("route53")]
    public async Task A_token_that_is_refused_a_host_that_is_away_and_a_missing_token_are_told_without_the_token(string sample)
    {
        using var mock = new RecordedHost(null);
        var refused = await ZonePublisher.Create(Hook(sample, mock.Url, "mock-token"), new() { Time = TimeProvider.System }).ReadAsync(Owner, Cancelled);
        Assert.Equal((PublishOutcome.Refused, true), (refused.Outcome, refused.Detail.EndsWith("the DNS host refuses the token (401)", StringComparison.Ordinal)));

        var away = await ZonePublisher.Create(Hook(sample, "http://127.0.0.1:9", "mock-token"), new() { Time = TimeProvider.System }).ReadAsync(Owner, Cancelled);
        Assert.Equal(PublishOutcome.Unreachable, away.Outcome);

        var missing = await ZonePublisher.Create(Hook(sample, mock.Url, ""), new() { Time = TimeProvider.System }).ReadAsync(Owner, Cancelled);
        Assert.Equal(PublishOutcome.Refused, missing.Outcome);
        Assert.Contains("_FILE to a file with it", missing.Detail, StringComparison.Ordinal);
        Assert.All([refused, away, missing], set => Assert.DoesNotContain("mock-token", set.Detail, StringComparison.Ordinal));
    }

    /// <summary>Answers just what stands in a recording, in its order; without one everything with 401.</summary>
    private sealed class RecordedHost : IDisposable
    {
        private readonly ScriptedHttp _server;
        private readonly Queue<(string Asked, string Answered)> _steps = new();
        private readonly List<(string Name, string Pattern)> _headers = [];
        private readonly bool _isClosed;
        private int _changes;

        public RecordedHost(string? file)
        {
            _isClosed = file is null;
            var asked = "";
            foreach (var line in file is null ? [] : File.ReadAllLines(file))
            {
                var (text, colon) = (line[2..], line.IndexOf(": ", StringComparison.Ordinal));
                if (line[0] == '!') _headers.Add((line[2..colon], "^" + Regex.Escape(line[(colon + 2)..]).Replace("\\*", ".+", StringComparison.Ordinal) + "$"));
                else if (line[0] == '>') asked = text;
                else if (line[0] == '<') _steps.Enqueue((asked, text));
            }

            _server = new(Answer);
        }

        public string Url => _server.Url;

        /// <summary>What is answered to a change, in place of what is recorded: nothing but the end of the connection where it is empty.</summary>
        public string? AnswerToChange { get; init; }

        /// <summary>How many changes are answered as recorded before.</summary>
        public int ChangesBefore { get; init; }

        /// <summary>What is answered without a recording.</summary>
        public string AnswerToAll { get; init; } = "401 {}";

        public List<string> Faults { get; } = [];

        public bool IsThrough => _steps.Count == 0;

        public void Dispose() => _server.Dispose();

        private (string Status, string Content)? Answer(HttpAsked asked)
        {
            var answer = Recorded(asked);
            if (AnswerToChange is { } change && asked.Method != "GET" && _changes++ >= ChangesBefore) answer = change;
            return answer.Length == 0 ? null : (answer.Split(' ')[0], answer[(answer.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        private string Recorded(HttpAsked asked)
        {
            if (_isClosed) return AnswerToAll;
            var line = $"{asked.Method} {asked.Path}";
            foreach (var (name, pattern) in _headers)
                if (!Regex.IsMatch(asked.Headers.GetValueOrDefault(name, ""), pattern)) Faults.Add($"{line}: header {name}");
            if (!_steps.TryDequeue(out var step))
            {
                Faults.Add($"{line}: the recording is over");
                return "400 {}";
            }

            var expected = step.Asked.Split(' ', 3);
            if (line != $"{expected[0]} {expected[1]}") Faults.Add($"asked {line}, expected {step.Asked}");
            if (expected.Length == 3 && !IsSame(expected[2], asked.Body)) Faults.Add($"{line}: sent {asked.Body}, expected {expected[2]}");
            return step.Answered;
        }

        private static bool IsSame(string expected, string body) => expected[0] is '{' or '[' ? JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(body)) : expected == body;
    }
}
