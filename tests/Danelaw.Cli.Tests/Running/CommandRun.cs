using System.Text;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Running;

/// <summary>Runs the command in this process and keeps what it says.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    public static async Task<CommandRun> OfAsync(IReadOnlyList<string> args, string input = "", string? folder = null, bool isTerminal = false, int width = 80, IReadOnlyDictionary<string, string>? variables = null, TimeProvider? clock = null, Func<string, string?>? typed = null, Func<Danelaw.Probes.IProber, Danelaw.Probes.IProber>? beforeProber = null, Func<Danelaw.Dns.Transports.IDnsTransport, Danelaw.Dns.Transports.IDnsTransport>? beforeTransport = null)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var surroundings = new Surroundings
        {
            Input = new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Output = output,
            Error = error,
            Folder = folder ?? Repository.Root,
            IsOutputTerminal = isTerminal,
            IsErrorTerminal = isTerminal,
            Width = width,
            Variable = name => variables?.GetValueOrDefault(name),
            AskSecret = prompt => typed?.Invoke(prompt)?.ToCharArray(),
            Clock = clock ?? TimeProvider.System,
            BeforeProber = beforeProber ?? (prober => prober),
            BeforeTransport = beforeTransport ?? (transport => transport),
        };
        var code = await CommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
        return new(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    public static Task<CommandRun> OfAsync(params string[] args) => OfAsync((IReadOnlyList<string>)args);

    /// <summary>Runs with an output that nobody reads.</summary>
    public static async Task<CommandRun> WithBrokenPipeAsync(IReadOnlyList<string> args)
    {
        using var error = new StringWriter();
        var surroundings = new Surroundings { Input = Stream.Null, Output = new BrokenPipe(), Error = error };
        return new(await CommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken), "", error.ToString());
    }

    private sealed class BrokenPipe : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new BrokenPipeException();
    }
}
