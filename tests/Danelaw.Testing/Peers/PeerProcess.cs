using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Danelaw.Testing.Peers;

/// <summary>What a finished program said.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public string Everything => Output + Error;
}

/// <summary>A real server or tool, ended by its own handle.</summary>
public sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private PeerProcess(Process process) => _process = process;

    /// <summary>What the server has said so far, for the message of a failing test.</summary>
    public string Log { get { lock (_lines) return string.Join('\n', _lines); } }

    public bool HasExited => _process.HasExited;

    /// <summary>Its process number.</summary>
    public int Id => _process.Id;

    /// <summary>Starts a server that stays in the foreground.</summary>
    public static PeerProcess Start(string program, params IEnumerable<string> arguments)
    {
        var process = new Process { StartInfo = StartInfo(program, arguments, null) };
        var peer = new PeerProcess(process);
        process.OutputDataReceived += (_, data) => peer.Keep(data.Data);
        process.ErrorDataReceived += (_, data) => peer.Keep(data.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return peer;
    }

    /// <summary>Runs a program to its end, within a bound of time.</summary>
    public static async Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, string? input = null, TimeSpan? limit = null, string? folder = null, CancellationToken cancellationToken = default)
    {
        using var process = new Process { StartInfo = StartInfo(program, arguments, folder) };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException) { /* it ended without reading what we had to say */ }
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(limit ?? TimeSpan.FromSeconds(60));
        try { await process.WaitForExitAsync(bound.Token); }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end in time");
        }
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    /// <summary>Waits until a TCP port takes connections; a server that ends meanwhile is an error with its last words.</summary>
    public async Task WaitForPortAsync(IPAddress address, int port, CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{_process.StartInfo.FileName} ended with {_process.ExitCode}:\n{Log}"));
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30)) { await Task.Delay(20, cancellationToken); }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, string? folder)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (folder is not null) start.WorkingDirectory = folder;
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
            if (_lines.Count < 2000) _lines.Add(line);
    }
}
