using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Dns.Messages;
using Danelaw.Operator.Publishing.Secrets;

namespace Danelaw.Operator.Publishing.Update;

/// <summary>A zone's primary server: signs what is sent to it (TSIG, RFC 8945) and verifies what it answers.</summary>
/// <param name="settings">Which server, which key.</param>
/// <param name="services">Clock, addresses and environment.</param>
internal sealed class Primary(PublisherSettings.Update settings, PublisherServices services)
{
    /// <summary>As people write it.</summary>
    internal string Name => settings.Port == 53 ? settings.Server : string.Create(CultureInfo.InvariantCulture, $"{settings.Server} port {settings.Port}");

    internal static ushort NewId() => BinaryPrimitives.ReadUInt16LittleEndian(RandomNumberGenerator.GetBytes(2));

    /// <summary>Reads the key.</summary>
    /// <returns>The key, or null with a fault, or null without one where nothing is signed.</returns>
    internal static (TsigKey? Key, string Fault) ReadKey(PublisherSettings.Update settings, PublisherServices services)
    {
        if (settings.KeyFile is not { } source) return (null, "");
        if (!SecretText.TryRead(source, services.Variable, out var text, out var fault)) return (null, fault);
        return TsigKeyText.TryRead(text, out var key, out fault) ? (key, "") : (null, $"{source}: {fault}");
    }

    /// <summary>Sends a message and takes the reply.</summary>
    internal async ValueTask<Reply> ExchangeAsync(DnsMessage message, CancellationToken cancellationToken)
    {
        var (key, fault) = ReadKey(settings, services);
        if (fault.Length > 0) return Reply.Failed(PublishOutcome.Refused, fault);
        var addresses = await services.FindAsync(settings.Server, cancellationToken).ConfigureAwait(false);
        var reply = Reply.Failed(PublishOutcome.Unreachable, $"no address of {settings.Server} could be found");
        foreach (var address in addresses)
        {
            reply = await ExchangeAsync(new IPEndPoint(address, settings.Port), message, key, cancellationToken).ConfigureAwait(false);
            if (reply.Outcome != PublishOutcome.Unreachable) break;
        }

        return reply;
    }

    private async ValueTask<Reply> ExchangeAsync(IPEndPoint server, DnsMessage message, TsigKey? key, CancellationToken cancellationToken)
    {
        var now = services.Time.GetUtcNow();
        var signer = key is null ? null : new TsigSigner(key);
        var wire = message.Write();
        var (octets, mayHaveArrived, fault) = await TcpExchange.SendAsync(server, signer?.Sign(wire, now) ?? wire, services.ExchangeLimit, services.Time, cancellationToken).ConfigureAwait(false);

        // Of an update that may have arrived nobody knows whether it was made.
        if (octets is null) return Reply.Failed(mayHaveArrived && message.Opcode == Opcode.Update ? PublishOutcome.Unknown : PublishOutcome.Unreachable, fault);
        if (!DnsMessage.TryRead(octets, out var reply, out _) || reply.Id != message.Id || (reply.Flags & MessageFlags.Response) == 0 || reply.Opcode != message.Opcode)
            return Reply.Failed(PublishOutcome.Unknown, $"{server} answered with something else than a reply to what it was sent");
        if (key is null) return new(reply, PublishOutcome.Done, "");

        using var verifier = new TsigVerifier(key, signer!.LastMac);
        var verdict = verifier.Verify(octets, services.Time.GetUtcNow());
        if (verdict.Outcome == TsigOutcome.Verified) return new(reply, PublishOutcome.Done, "");

        // Whoever sits in between can say no, and then nothing was done that we know of. Only a signed yes is one.
        return Reply.Failed(reply.ResponseCode == ResponseCode.NoError ? PublishOutcome.Unknown : PublishOutcome.Refused, UpdateFaults.Explain(server, key, reply, verdict, now));
    }
}
