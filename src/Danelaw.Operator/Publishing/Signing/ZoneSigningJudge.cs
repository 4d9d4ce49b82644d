using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Operator.Publishing.Signing;

/// <summary>Judges how far a zone is on its way to be signed. A pure function of the evidence.</summary>
public static class ZoneSigningJudge
{
    /// <summary>Judges.</summary>
    /// <param name="evidence">What was asked.</param>
    public static ZoneSigningReport Judge(ZoneSigningEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var zone = evidence.Zone;
        ImmutableArray<SigningServer> answering = [.. evidence.Servers.Where(server => server.Fault.Length == 0)];
        ImmutableArray<Octets> keys = [.. answering.SelectMany(server => server.Keys).Distinct()];
        ImmutableArray<Octets> signers = [.. evidence.Parents.Where(parent => parent.Signers is not null).SelectMany(parent => parent.Signers!.Value).Distinct()];
        var software = answering.Select(server => SoftwareOf(server.Version)).FirstOrDefault(known => known != SigningSoftware.Unknown);

        if (evidence.Doubt.Length > 0) return Report(ZoneSigningState.Unreachable, $"the servers of {zone} could not be found: {evidence.Doubt}");
        if (!evidence.IsZone) return Report(ZoneSigningState.NoZone, "it has no name servers of its own: give the name at which the zone begins");
        if (answering.IsEmpty) return Report(ZoneSigningState.Unreachable, $"no server of {zone} answers{(evidence.Servers.FirstOrDefault() is { } first ? $": {first.Host} {first.Address}: {first.Fault}" : "")}");

        // A silent server is no signed one: some resolver will meet it when it is back.
        if (evidence.Servers.All(server => server.Fault.Length == 0 && server.FromAbove == Security.Secure))
        {
            var lacking = evidence.Parents.FirstOrDefault(parent => parent.Signers is not { IsEmpty: false });
            return lacking is null
                ? Report(ZoneSigningState.Secure, "the chain of trust leads to it at every server")
                : Report(ZoneSigningState.AwaitingParents, $"not every server of {evidence.Parent} has the DS record yet: {lacking.Server} has none");
        }

        // RFC 4035 §5.2: DS records whose algorithms or digests nobody knows make a zone unsigned, not refused.
        if (!signers.IsEmpty && evidence.Parents.All(parent => parent.Security == Security.Secure) && answering.All(server => server.FromAbove == Security.Insecure))
            return Report(ZoneSigningState.Unsigned, $"{evidence.Parent} has DS records for {zone} that validating resolvers cannot use, and so take it for unsigned: {answering[0].Explanation}. Sign it with an algorithm that they know (13), and have these replaced");

        if (!signers.IsEmpty && !signers.Any(signer => SigningKeys.Fits(zone, signer, keys)))
            return Report(ZoneSigningState.Broken, keys.IsEmpty
                ? $"{evidence.Parent} has DS records for {zone}, and the zone has no keys: validating resolvers refuse the whole zone. Sign it with the key that the DS records point to, or have these taken away at the registrar"
                : $"{evidence.Parent} has DS records for {zone}, and none points to a key that the zone has: validating resolvers refuse the whole zone. Replace them at the registrar by those below");
        if (keys.IsEmpty) return Report(ZoneSigningState.Unsigned, "no server has keys for it");
        if (answering.FirstOrDefault(server => server.ByItself != Security.Secure) is { } odd)
            return Report(signers.IsEmpty ? ZoneSigningState.PartlySigned : ZoneSigningState.Broken, $"{odd.Host} {odd.Address} does not serve {zone} signed as it must be: {(odd.Keys.IsEmpty ? "it has no keys; it may not have the new zone yet" : odd.Explanation)}");

        // What a server would say that says nothing, nobody knows: that is no fault of the zone.
        if (evidence.Servers.FirstOrDefault(server => server.Fault.Length > 0) is { } silent)
            return Report(signers.IsEmpty ? ZoneSigningState.PartlySigned : ZoneSigningState.Unreachable, $"{silent.Host} {silent.Address} could not be seen: {silent.Fault}; the other servers have {zone} signed as it must be");
        if (evidence.Parents.FirstOrDefault(parent => parent.Security == Security.Insecure) is { } unsigned)
            return Report(ZoneSigningState.ParentUnsigned, $"it is signed, and no chain of trust can lead to it: {unsigned.Detail}");
        if (signers.IsEmpty) return Report(ZoneSigningState.AwaitingSigner, $"every server has it signed as it must be; {evidence.Parent} has no DS record for it yet");
        return Report(ZoneSigningState.Broken, $"the DS record of {zone} points to one of its keys, and yet: {evidence.Servers.First(server => server.FromAbove != Security.Secure).Explanation}");

        ZoneSigningReport Report(ZoneSigningState state, string reason) => new(state, reason, software, SigningKeys.ForRegistrar(zone, keys), signers);
    }

    private static SigningSoftware SoftwareOf(string version)
    {
        if (version.Contains("Knot", StringComparison.OrdinalIgnoreCase)) return SigningSoftware.Knot;
        if (version.Contains("PowerDNS", StringComparison.OrdinalIgnoreCase)) return SigningSoftware.PowerDns;
        if (version.Contains("NSD", StringComparison.OrdinalIgnoreCase)) return SigningSoftware.Nsd;

        // BIND says its number alone, with what a distribution adds.
        return version.Contains("BIND", StringComparison.OrdinalIgnoreCase) || version.StartsWith("9.", StringComparison.Ordinal) ? SigningSoftware.Bind : SigningSoftware.Unknown;
    }
}
