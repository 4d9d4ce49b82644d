using System.Net.Sockets;
using Danelaw.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>One connection of a client to a hostile server, and what can be done to it.</summary>
internal sealed class Guest(NetworkStream stream, Socket socket, ServerClock clock, Service service)
{
    /// <summary>More than any client should take: whoever is still reading then is let wait for a limit of time.</summary>
    private const int EnoughOfAFlood = 48 << 20;

    private static readonly TlsProberOptions Limits = new();

    internal Service Service => service;

    internal ServerClock Clock => clock;

    internal NetworkStream Stream => stream;

    internal Socket Socket => socket;

    internal IReadOnlyList<HonestStep> Steps { get; } = HonestStep.Of(service.Protocol).Steps;

    /// <summary>Whatever has been said honestly; the client's octets of the next step are still to come.</summary>
    internal async Task SpeakAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await HearAsync(step);
            await SendAsync(Steps[step].Reply);
        }
    }

    /// <summary>Speaks up to where TLS begins.</summary>
    internal async Task SpeakAsync()
    {
        await SpeakAsync(Steps.Count);
        await HearRestAsync();
    }

    /// <summary>What the client says after the last reply, before TLS.</summary>
    internal async Task HearRestAsync() => await stream.ReadExactlyAsync(new byte[HonestStep.Of(service.Protocol).Asked]);

    /// <summary>What the client says before a step's reply.</summary>
    internal async Task HearAsync(int step) => await stream.ReadExactlyAsync(new byte[Steps[step].Asked]);

    /// <summary>One record of TLS, the client's.</summary>
    internal async Task<byte[]> HearHelloAsync()
    {
        var head = new byte[5];
        await stream.ReadExactlyAsync(head);
        var body = new byte[(head[3] << 8) | head[4]];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    internal async Task SendAsync(ReadOnlyMemory<byte> octets) => await stream.WriteAsync(octets);

    /// <summary>The same again and again, until the client has had enough; one who never has waits for a limit of time.</summary>
    internal async Task FloodAsync(byte[] unit)
    {
        byte[] many = [.. Enumerable.Repeat(unit, Math.Max(1, 16384 / unit.Length)).SelectMany(octets => octets)];
        for (var sent = 0; sent < EnoughOfAFlood; sent += many.Length) await SendAsync(many);
        await SilenceAsync();
    }

    /// <summary>One octet a second.</summary>
    internal async Task DripAsync(byte[] octets)
    {
        await ClientWaitsAsync();
        foreach (var octet in octets)
        {
            if (!clock.Pass(TimeSpan.FromSeconds(1)))
            {
                await DrainAsync();
                return;
            }

            await SendAsync(new[] { octet });
        }
    }

    /// <summary>Says nothing any more, and lets the time pass in which the client waits. What was said before must leave it waiting: whether it still thinks nobody can tell from here.</summary>
    internal async Task SilenceAsync()
    {
        var gone = DrainAsync();
        if (await Task.WhenAny(gone, ClientWaitsAsync()) != gone) clock.Pass(TimeSpan.MaxValue);
        await gone;
    }

    /// <summary>The same once the handshake is over, where the client takes leave step by step.</summary>
    internal async Task SilenceAtLeaveAsync()
    {
        var gone = DrainAsync();
        while (await Task.WhenAny(gone, clock.LimitAsync(Limits.LeaveTime, Limits.GreetingTime)) != gone) clock.Pass(TimeSpan.MaxValue);
        await gone;
    }

    /// <summary>Closes this end, and reads what still comes.</summary>
    internal async Task FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        await DrainAsync();
    }

    /// <summary>Resets the connection.</summary>
    internal void Reset()
    {
        socket.LingerState = new(true, 0);
        socket.Close();
    }

    internal async Task DrainAsync()
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer) > 0)
        {
        }
    }

    private Task ClientWaitsAsync() => clock.LimitAsync(Limits.StepTime, Limits.HandshakeTime);
}
