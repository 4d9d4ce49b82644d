using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Rollover.Standby;
using Danelaw.Probes;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>A chain that was brought, and where it lies.</summary>
/// <param name="Slot">The chain file that it is for.</param>
/// <param name="Source">Where it lies.</param>
/// <param name="Chain">It.</param>
internal sealed record BroughtChain(ChainSettings Slot, string Source, ChainFile Chain);

/// <summary>Reads what ACME clients and people have brought: certbot's, acme.sh's and lego's folders as they are, and any PEM files.</summary>
/// <param name="files">This machine's files.</param>
/// <param name="standby">Keys made ahead; null for none.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class OfferReader(HostFiles files, StandbyKeys? standby)
{
    /// <summary>Reads every offer of a roll.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="now">The time.</param>
    /// <param name="problems">Takes a sentence for each that cannot be used.</param>
    /// <returns>For each chain file the chains that were brought, the newest first, that of our own last.</returns>
    internal ImmutableArray<BroughtChain> Read(RollSettings roll, DateTimeOffset now, ICollection<string> problems)
    {
        var brought = ImmutableArray.CreateBuilder<BroughtChain>();
        foreach (var slot in roll.Chains)
        {
            var own = new List<BroughtChain>();
            foreach (var source in slot.Offers)
            {
                foreach (var (certificate, key) in Pairs(source))
                {
                    if (Read(roll, slot, certificate, key, now, problems) is not { } chain) continue;
                    if (slot.Algorithm == KeyAlgorithm.Any || chain.Algorithm == slot.Algorithm) own.Add(new(slot, certificate, chain));
                    else if (roll.Chains.All(other => other.Algorithm != chain.Algorithm)) problems.Add($"{certificate} has a key of {chain.Leaf.KeyAlgorithm}, and no chain file of the roll is for that: add one, or let the ACME client keep to the algorithm");
                }
            }

            // Made in an emergency, for a key that was made ahead.
            if (standby?.OwnChainFile(roll, EndpointSurvey.SlotOf(slot.Algorithm)) is { } ours && File.Exists(ours) && Read(roll with { Records = StandbyKeys.KindsOf(roll) }, slot, ours, null, now, problems) is { } made) own.Add(new(slot, ours, made.As(made.Chain with { IsOwn = true })));
            brought.AddRange(own.DistinctBy(one => one.Chain.Chain.Content).OrderBy(one => one.Chain.Chain.IsOwn).ThenByDescending(one => one.Chain.Chain.NotBefore));
        }

        return brought.ToImmutable();
    }

    /// <summary>Reads the chain that stands in a file of Danelaw's.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">Which file.</param>
    /// <param name="now">The time.</param>
    /// <param name="isThere">Whether there is a file at all.</param>
    /// <param name="fault">Why it cannot be used; empty on success.</param>
    internal ChainFile? ReadInstalled(RollSettings roll, ChainSettings slot, DateTimeOffset now, out bool isThere, out string fault)
    {
        var file = files.Read(slot.File);
        isThere = file.State != FileState.Missing;
        if (!file.IsRead)
        {
            fault = isThere ? $"{slot.File} cannot be read: run as root" : $"{slot.File} is not there";
            return null;
        }

        if (ChainFile.TryRead(file.Text, null, roll, now, out var chain, out fault)) return chain;
        fault = $"{slot.File}: {fault}";
        return null;
    }

    private ChainFile? Read(RollSettings roll, ChainSettings slot, string certificate, string? key, DateTimeOffset now, ICollection<string> problems)
    {
        var certificates = files.Read(certificate);
        if (!certificates.IsRead)
        {
            problems.Add(certificates.State == FileState.Missing ? $"nothing is offered at {certificate}: there is no such file" : $"what is offered at {certificate} cannot be read: run as root");
            return null;
        }

        string? keyText = null;
        if (key is not null)
        {
            var own = files.Read(key);
            if (!own.IsRead)
            {
                problems.Add($"the private key {key} that belongs to {certificate} {(own.State == FileState.Missing ? "is not there" : "cannot be read: run as root")}");
                return null;
            }

            keyText = own.Text;
        }

        if (ChainFile.TryRead(certificates.Text, keyText, roll, now, out var chain, out var fault)) return chain;

        // A certificate alone is that of the key made ahead, which an ACME client never sees (certbot certonly --csr).
        if (key is null && standby?.KeyFile(roll, EndpointSurvey.SlotOf(slot.Algorithm)) is { } ahead && files.Read(ahead) is { IsRead: true } kept && ChainFile.TryRead(certificates.Text, kept.Text, roll, now, out chain, out _)) return chain;
        problems.Add($"what is offered at {certificate} is not used: {fault}");
        return null;
    }

    /// <summary>The files of a source: certificate with issuers, and key; without key it stands with the certificate.</summary>
    private IEnumerable<(string Certificate, string? Key)> Pairs(OfferSource source)
    {
        if (source.KeyFile is not null) return [(source.Path, source.KeyFile)];
        var names = files.List(source.Path, out var folder);
        if (folder.State != FileState.Folder)
        {
            // lego: NAME.crt beside NAME.key. A chain file of any other kind holds its key.
            var beside = Path.ChangeExtension(source.Path, ".key");
            return [(source.Path, source.Path.EndsWith(".crt", StringComparison.Ordinal) && files.Look(beside).IsRead ? beside : null)];
        }

        // certbot: live/NAME with fullchain.pem and privkey.pem.
        if (names.Contains("fullchain.pem")) return [($"{source.Path}/fullchain.pem", $"{source.Path}/privkey.pem")];

        // acme.sh: DOMAIN or DOMAIN_ecc with fullchain.cer and DOMAIN.key.
        if (names.Contains("fullchain.cer"))
        {
            var domain = Path.GetFileName(source.Path) is var name && name.EndsWith("_ecc", StringComparison.Ordinal) ? name[..^4] : name;
            return [($"{source.Path}/fullchain.cer", $"{source.Path}/{domain}.key")];
        }

        // lego's certificates folder holds those of every domain: which one is meant has to be said. One alone is meant.
        string[] lego = [.. names.Where(one => one.EndsWith(".crt", StringComparison.Ordinal) && !one.EndsWith(".issuer.crt", StringComparison.Ordinal))];
        return lego.Length == 1 ? [($"{source.Path}/{lego[0]}", $"{source.Path}/{lego[0][..^4]}.key")] : [($"{source.Path}/fullchain.pem", $"{source.Path}/privkey.pem")];
    }
}
