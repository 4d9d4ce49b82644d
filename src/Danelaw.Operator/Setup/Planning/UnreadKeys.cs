using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Operator.Rollover;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>
/// Keys that servers here show, that TLSA records mean, and that the servers' files hold no more, mostly because an ACME client has renewed since they were started. Setup has servers read their
/// files again: a sender that has those records, from a server or a cache, would then find no match (RFC 7671 §8.1, decision 0298).
/// </summary>
internal static class UnreadKeys
{
    internal static IEnumerable<Obstacle> Obstacles(SetupFacts facts, PublishedSets published)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var seen in published.SeenHere().OrderBy(seen => seen.Target.Address.Port))
        {
            var port = seen.Target.Address.Port;
            var chains = facts.Host.Chains.Where(chain => chain.Use.Ports.Contains(port)).ToArray();
            if (chains.Length == 0 || !CertificateSummary.TryRead(seen.Chain[0], out var leaf)) continue;
            if (chains.Any(chain => chain.Keys.Contains(leaf.PublicKey)) || facts.Given?.Keys.Contains(leaf.PublicKey) == true) continue;

            // What danelaw rolls comes into its file only once every cache must have its record.
            if (chains.All(chain => chain.Use.Files.All(facts.Host.RolledFiles.Contains))) continue;
            var next = chains.SelectMany(chain => SoundChain.Of(chain, out _)).ToArray();
            if (!published.ViewsAt(port).Any(set => Means(set, seen) && next.All(chain => IsMissed(set, chain, port)))) continue;
            var file = chains[0].Use.Files[0];
            if (!told.Add($"{chains[0].Use.Program} {file}")) continue;
            yield return new(string.Create(CultureInfo.InvariantCulture, $"{chains[0].Use.Subject} shows at port {port} another key than {file} holds, and TLSA records mean the one that is shown: the file was replaced since the server read it. Once it reads it again, and setup has it do so, mail from senders that know DANE stops."),
                "Do not reload or restart it. Give setup the key that is shown, with its certificate (certbot keeps the earlier ones in /etc/letsencrypt/archive): --certificate FILE --key FILE, and --rollover, which brings the new key once its record is known everywhere.", true, chains[0].Use.Place);
        }
    }

    private static bool Means(TlsaSet set, Observation seen) => set.Records.Any(record => seen.Chain.Any(one => TlsaRecord.TryCreate(one, record.Usage, record.Selector, record.Matching, out var made, out _) && made == record));

    private static bool IsMissed(TlsaSet set, SoundChain chain, int port) => SetMeaning.Misled(set, TlsaSet.Of(set.Records.Where(chain.IsMeantBy)), port == 25 ? ServiceKind.Smtp : ServiceKind.Other) != DigestPreferences.None;
}
