using System.Diagnostics;
using System.Text;

namespace Danelaw.Operator.Processes;

/// <summary>Waits for a program that was started, and takes what it prints.</summary>
internal static class ProgramOutput
{
    /// <summary>Characters of each stream that are kept; what goes beyond is read and dropped, so that the program can end.</summary>
    private const int Maximum = 1 << 20;

    /// <summary>How long what a program printed is waited for once it has ended: a server that it has left behind may hold the streams open for ever.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Waits for its end.</summary>
    /// <param name="process">The program, with both of its streams redirected.</param>
    /// <param name="time">Measures the grace.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the program may still run.</exception>
    internal static async Task<(string Output, string Error)> TakeAsync(Process process, TimeProvider time, CancellationToken cancellationToken)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output, enough.Token), ReadAsync(process.StandardError, error, enough.Token));
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await reading.WaitAsync(Grace, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Its own words have come; somebody else holds the stream.
            await enough.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (Text(output), Text(error));
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text, CancellationToken cancellationToken)
    {
        var buffer = new char[8192];
        while (await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            lock (text)
            {
                if (text.Length < Maximum) text.Append(buffer, 0, read);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
