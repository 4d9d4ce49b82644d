using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tests.Checks;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Hostile;

/// <summary>The TLSA records of the host, so chosen that a checker which believes the server would call it verified.</summary>
internal sealed record Published(ImmutableArray<TlsaRecord> Records)
{
    /// <summary>The key that honest servers here hold, and that the hostile ones show.</summary>
    internal static Published WhatIsShown { get; } = new([World.Record(Genuine.Leaf), World.Record(Genuine.Leaf, TlsaUsage.DaneEe, TlsaSelector.Certificate), World.Record(Genuine.Root, TlsaUsage.DaneTa)]);

    /// <summary>The authority, and the certificate that it has issued in fact: no other leaf may pass.</summary>
    internal static Published WhatWasIssued { get; } = new([World.Record(Genuine.Leaf, TlsaUsage.DaneEe, TlsaSelector.Certificate), World.Record(Genuine.Root, TlsaUsage.DaneTa)]);
}

/// <summary>The chain that an honest server here shows.</summary>
internal static class Genuine
{
    internal static Octets Root { get; } = Forge.Root("Root").Make();

    internal static Octets Inner { get; } = Forge.Intermediate("Inner", "Root").Make();

    internal static Octets Leaf { get; } = Forge.Leaf(Trial.Host, "Inner").Make();

    internal static ImmutableArray<Octets> Chain { get; } = [Leaf, Inner, Root];

    /// <summary>The leaf's key, a point of P-256.</summary>
    internal static byte[] Point { get; } = Signing.EcdsaSha256.PublicKeyOf(Trial.Host)[^65..];
}
