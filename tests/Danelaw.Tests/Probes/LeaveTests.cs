using System.Net.Security;
using System.Text;
using Danelaw.Probes;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Probes;

/// <summary>The leave: said to every server, and waited for by nobody.</summary>
public sealed class LeaveTests
{
    [Theory]
    [InlineData(ServiceProtocol.SubmissionTls, "220 ready", null, "QUIT")]
    [InlineData(ServiceProtocol.ImapTls, "* OK ready", null, "a9 LOGOUT")]
    [InlineData(ServiceProtocol.Pop3Tls, "+OK ready", null, "QUIT")]

    // Nor does what is said before it keep a server from hearing it.
    [InlineData(ServiceProtocol.SubmissionTls, "220 ready", "postmaster@example.org", "NOOP \"postmaster@example.org\"", "QUIT")]
    [InlineData(ServiceProtocol.ImapTls, "* OK ready", "postmaster@example.org", "a8 ID (\"support-url\" \"mailto:postmaster@example.org\")", "a9 LOGOUT")]
    public async Task A_server_that_never_answers_QUIT_is_waited_for_a_moment_and_has_seen_it(ServiceProtocol protocol, string greeting, string? contact, params string[] leave)
    {
        var clock = new FakeTimeProvider();
        var heard = leave.Select(_ => new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var end = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new LoopbackServer(async (stream, _) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(LoopbackServer.EcCertificate);
            await tls.WriteAsync(Encoding.ASCII.GetBytes(greeting + "\r\n"));
            using var reader = new StreamReader(tls, Encoding.ASCII);
            foreach (var line in heard) line.SetResult(await reader.ReadLineAsync());
            end.SetResult(await reader.ReadLineAsync());
        });

        var probe = new TlsProber(new() { Contact = contact }, clock).ProbeAsync(server.Target(protocol), TestContext.Current.CancellationToken).AsTask();
        for (var i = 0; i < leave.Length; i++)
        {
            Assert.Equal(leave[i], await heard[i].Task.WaitAsync(TestContext.Current.CancellationToken));
            clock.Advance(TimeSpan.FromMilliseconds(249));
            Assert.False(probe.IsCompleted);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(ProbeOutcome.Completed, (await probe).Outcome);

        // A reader that ends without an error has seen close_notify (RFC 8446 §6.1).
        Assert.Null(await end.Task.WaitAsync(TestContext.Current.CancellationToken));
    }
}
