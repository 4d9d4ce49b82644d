using System.Collections.Immutable;

namespace Danelaw.Dns.Messages;

/// <summary>What the OPT record of a message says (RFC 6891 §6.1).</summary>
/// <param name="UdpPayloadSize">The largest datagram that the sender takes, in octets; below 512 it means 512 (RFC 6891 §6.2.3).</param>
/// <param name="Version">The version; 0 is the only one.</param>
/// <param name="DnssecOk">The DO bit (RFC 3225).</param>
/// <param name="Options">The options in order.</param>
public sealed record Edns(ushort UdpPayloadSize, byte Version, bool DnssecOk, ImmutableArray<EdnsOption> Options)
{
    /// <summary>The DO bit in the TTL field of OPT (RFC 6891 §6.1.4).</summary>
    internal const uint DnssecOkFlag = 0x8000;

    /// <summary>EDNS without options.</summary>
    /// <param name="udpPayloadSize">The largest datagram that we take, in octets.</param>
    /// <param name="dnssecOk">Whether DNSSEC records are wanted.</param>
    public Edns(ushort udpPayloadSize, bool dnssecOk) : this(udpPayloadSize, 0, dnssecOk, [])
    {
    }

    /// <summary>The first extended error; null without one (RFC 8914 §2).</summary>
    public ExtendedError? ExtendedError
    {
        get
        {
            foreach (var option in Options)
                if (Messages.ExtendedError.TryRead(option, out var error)) return error;
            return null;
        }
    }

    /// <summary>Finds the first option of a kind.</summary>
    /// <param name="code">The kind, one of <see cref="EdnsOption"/>'s constants or any other.</param>
    /// <param name="data">Its octets; empty without one.</param>
    public bool TryGetOption(ushort code, out Octets data)
    {
        foreach (var option in Options)
        {
            if (option.Code != code) continue;
            data = option.Data;
            return true;
        }

        data = default;
        return false;
    }

    /// <summary>The same with one more option at the end.</summary>
    /// <param name="option">The option.</param>
    public Edns With(EdnsOption option) => this with { Options = Options.Add(option) };

    /// <summary>Whether they say the same, the options in the same order.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(Edns? other) => other is not null && UdpPayloadSize == other.UdpPayloadSize && Version == other.Version && DnssecOk == other.DnssecOk
        && Options.AsSpan().SequenceEqual(other.Options.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(UdpPayloadSize, Version, DnssecOk, Options.Length);
}

/// <summary>One option of the OPT record (RFC 6891 §6.1.2).</summary>
/// <param name="Code">Its number: one of the constants, or any other.</param>
/// <param name="Data">Its octets, at most 65531.</param>
public readonly record struct EdnsOption(ushort Code, Octets Data)
{
    /// <summary>NSID (RFC 5001): the server's name for itself.</summary>
    public const ushort NameServerId = 3;

    /// <summary>COOKIE (RFC 7873).</summary>
    public const ushort Cookie = 10;

    /// <summary>edns-tcp-keepalive (RFC 7828).</summary>
    public const ushort TcpKeepalive = 11;

    /// <summary>Padding (RFC 7830).</summary>
    public const ushort Padding = 12;

    /// <summary>Extended DNS Error (RFC 8914).</summary>
    public const ushort ExtendedError = 15;
}
