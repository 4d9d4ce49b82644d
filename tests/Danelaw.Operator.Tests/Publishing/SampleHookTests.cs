using System.Net;
using System.Text;
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

    private static PublisherSettings.Hook Hook(string sample, string url, string token) => new(
        [Peer.Require("env"), $"DANELAW_HOOK_URL={url}", $"DESEC_TOKEN={token}", $"CLOUDFLARE_API_TOKEN={token}", $"HETZNER_DNS_TOKEN={token}", $"AWS_ACCESS_KEY_ID={token}", "AWS_SECRET_ACCESS_KEY=hidden", Peer.Require("python3"), Path.Combine(Repository.Root, "samples", "hooks", sample)],
        null);

    [Theory]
    [InlineData("desec")]
    [InlineData("cloudflare")]
    [InlineData("hetzner")]
    [InlineData("route53")]
    public async Task A_sample_asks_the_mock_of_its_host_as_the_documentation_says(string sample)
    {
        using var mock = new RecordedHost(Path.Combine(Repository.Root, "tests", "Corpora", "hooks", sample + ".txt"));
        var publisher = ZonePublisher.Create(Hook(sample, mock.Url, "mock-token"), new() { Time = TimeProvider.System });

        var result = await publisher.PublishAsync(new(Owner, Set("aa"), Set("aa", "bb"), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Done && mock.Faults.Count == 0, $"{result.Outcome}: {result.Detail}\n{string.Join('\n', mock.Faults)}");
        Assert.True(mock.IsThrough, "not all of the recording was asked for");
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
        private readonly HttpListener _listener = new();
        private readonly Queue<(string Asked, string Answered)> _steps = new();
        private readonly List<(string Name, string Pattern)> _headers = [];
        private readonly bool _isClosed;

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

            for (var port = 20000 + Environment.ProcessId % 20000; ; port++)
            {
                try
                {
                    _listener = new HttpListener();
                    Url = $"http://127.0.0.1:{port}";
                    _listener.Prefixes.Add(Url + "/");
                    _listener.Start();
                    break;
                }
                catch (HttpListenerException) when (port < 65000)
                {
                    ((IDisposable)_listener).Dispose();
                }
            }

            _ = ServeAsync();
        }

        public string Url { get; } = "";

        public List<string> Faults { get; } = [];

        public bool IsThrough => _steps.Count == 0;

        public void Dispose() => ((IDisposable)_listener).Dispose();

        private async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var reader = new StreamReader(context.Request.InputStream);
                var answer = Answer($"{context.Request.HttpMethod} {context.Request.RawUrl}", await reader.ReadToEndAsync(), context.Request.Headers);
                var content = Encoding.UTF8.GetBytes(answer[(answer.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
                context.Response.StatusCode = int.Parse(answer.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
                await context.Response.OutputStream.WriteAsync(content);
                context.Response.Close();
            }
        }

        private string Answer(string line, string body, System.Collections.Specialized.NameValueCollection headers)
        {
            if (_isClosed) return "401 {}";
            foreach (var (name, pattern) in _headers)
                if (!Regex.IsMatch(headers[name] ?? "", pattern)) Faults.Add($"{line}: header {name}");
            if (!_steps.TryDequeue(out var step))
            {
                Faults.Add($"{line}: the recording is over");
                return "400 {}";
            }

            var expected = step.Asked.Split(' ', 3);
            if (line != $"{expected[0]} {expected[1]}") Faults.Add($"asked {line}, expected {step.Asked}");
            if (expected.Length == 3 && !IsSame(expected[2], body)) Faults.Add($"{line}: sent {body}, expected {expected[2]}");
            return step.Answered;
        }

        private static bool IsSame(string expected, string body) => expected[0] is '{' or '[' ? JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(body)) : expected == body;
    }
}
