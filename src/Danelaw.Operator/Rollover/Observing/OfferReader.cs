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
    /// <summary>Under the unit even root reads only what its mode lets root read.</summary>
    private const string Unreadable = "cannot be read: run as root; the systemd unit needs CAP_DAC_READ_SEARCH for it besides (systemctl edit danelaw-rollover)";

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
                foreach (var (certificate, key) in OfferPlaces.Of(files, source))
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
    /// <param name="state">What was found: what cannot be read (<see cref="FileState.Unseen"/>) may hold what belongs there.</param>
    /// <param name="fault">Why it cannot be used; empty on success.</param>
    internal ChainFile? ReadInstalled(RollSettings roll, ChainSettings slot, DateTimeOffset now, out FileState state, out string fault)
    {
        var file = files.Read(slot.File);
        state = file.State;
        if (!file.IsRead)
        {
            fault = state switch
            {
                FileState.Missing => $"{slot.File} is not there",
                FileState.Unseen => $"{slot.File} {Unreadable}",
                _ => $"{slot.File} is no file that a server can read",
            };
            return null;
        }

        if (ChainFile.TryRead(file.Text, null, roll, now, out var chain, out fault)) return chain;
        fault = $"{slot.File}: {fault}";
        return null;
    }

    /// <summary>Where the certificates of a source lie.</summary>
    /// <param name="source">The source.</param>
    internal IEnumerable<string> Certificates(OfferSource source) => OfferPlaces.Of(files, source).Select(pair => pair.Certificate);

    private ChainFile? Read(RollSettings roll, ChainSettings slot, string certificate, string? key, DateTimeOffset now, ICollection<string> problems)
    {
        var certificates = files.Read(certificate);
        if (!certificates.IsRead)
        {
            problems.Add(certificates.State == FileState.Missing ? $"nothing is offered at {certificate}: there is no such file" : $"what is offered at {certificate} {Unreadable}");
            return null;
        }

        string? keyText = null;
        if (key is not null)
        {
            var own = files.Read(key);
            if (!own.IsRead)
            {
                problems.Add($"the private key {key} that belongs to {certificate} {(own.State == FileState.Missing ? "is not there" : Unreadable)}");
                return null;
            }

            keyText = own.Text;
        }

        if (ChainFile.TryRead(certificates.Text, keyText, roll, now, out var chain, out var fault)) return chain;

        // A certificate alone is that of the key made ahead, which an ACME client never sees (certbot certonly --csr).
        if (key is null && standby?.KeyFile(roll, EndpointSurvey.SlotOf(slot.Algorithm)) is { } ahead && files.Read(ahead) is { IsRead: true } kept && ChainFile.TryRead(certificates.Text, kept.Text, roll, now, out chain, out _)) return chain;
        problems.Add($"what is offered at {certificate} is not used: {fault}. What is shown stays; {(key is null ? "put the private key, its certificate and the issuers there, in one file" : "let the ACME client bring it again, whole")}");
        return null;
    }
}
