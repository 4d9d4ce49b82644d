using System.Text;
using Danelaw.Dns.Transports;
using Danelaw.Probes;

namespace Danelaw.Cli.Running;

/// <summary>All that a command sees of the process around it, so that tests can run it in theirs.</summary>
internal sealed class Surroundings
{
    /// <summary>What <c>-</c> reads.</summary>
    public required Stream Input { get; init; }

    /// <summary>Results.</summary>
    public required Stream Output { get; init; }

    /// <summary>Errors, hints, progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person reads the results as they come.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether progress can be shown.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 80;

    /// <summary>The folder that relative file names start from.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Asks whoever sits at the terminal for a password; null when nobody does.</summary>
    public Func<string, char[]?> AskSecret { get; init; } = _ => null;

    /// <summary>What stands before the prober that looks at servers; nothing by default.</summary>
    public Func<IProber, IProber> BeforeProber { get; init; } = prober => prober;

    /// <summary>What stands before the transport that carries queries; nothing by default.</summary>
    public Func<IDnsTransport, IDnsTransport> BeforeTransport { get; init; } = transport => transport;

    /// <summary>The clock, unless <c>--now</c> says otherwise.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess()
    {
        var isOutputTerminal = !Console.IsOutputRedirected;
        return new()
        {
            Input = StandardInput.Open(),
            Output = StandardStream.OpenOutput(),
            Error = new StreamWriter(StandardStream.OpenError(), new UTF8Encoding(false)) { AutoFlush = true },
            IsOutputTerminal = isOutputTerminal,
            IsErrorTerminal = !Console.IsErrorRedirected,
            AskSecret = Terminal.AskSecret,
            Width = Terminal.Width(isOutputTerminal ? 1 : 2),
        };
    }
}
