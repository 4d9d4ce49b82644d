using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>
/// Keys and certificates that servers here show, that TLSA records mean, and that the servers' files hold no more, mostly because an ACME client has renewed since they were started. Setup has servers read their
/// files again: a sender that has those records, from a server or a cache, would then find no match (RFC 7671 §8.1, decision 0298). What could not be seen of it counts as if it were so.
/// </summary>
internal static class UnreadKeys
{
    private const string Way = "Give setup the key that is shown, with its certificate (certbot keeps the earlier ones in /etc/letsencrypt/archive): --certificate FILE --key FILE, and --rollover, which brings the new key once its record is known everywhere.";

    internal static IEnumerable<Obstacle> Obstacles(SetupFacts facts, PublishedSets published)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in facts.Host.Chains.SelectMany(chain => chain.Use.Ports).Distinct().Order())
        {
            var chains = facts.Host.Chains.Where(chain => chain.Use.Ports.Contains(port)).ToArray();

            // What danelaw rolls comes into its file only once every cache must have its record.
            if (chains.All(chain => chain.Use.Files.All(facts.Host.RolledFiles.Contains))) continue;
            var (use, file) = (chains[0].Use, chains[0].Use.Files[0]);
            if (Obstacle(facts, published, port, chains) is { } obstacle && told.Add($"{use.Program} {file}")) yield return obstacle with { Place = use.Place };
        }
    }

    private static Obstacle? Obstacle(SetupFacts facts, PublishedSets published, int port, ChainFacts[] chains)
    {
        var (subject, file) = (chains[0].Use.Subject, chains[0].Use.Files[0]);
        var next = chains.SelectMany(chain => SoundChain.Of(chain, out _)).ToArray();
        var shown = published.ShownAt(port);
        foreach (var unread in shown.Where(one => facts.Given?.Keys.Contains(one.PublicKey) != true))
        {
            // A server with an RSA and an ECDSA key shows each to its own senders: that the other one is meant helps nobody who is shown this one.
            var successors = SoundChain.Successors(unread, next);
            var what = chains.Any(chain => chain.Keys.Contains(unread.PublicKey)) ? "certificate" : "key";
            if (successors.Length == 0 ? published.ViewsAt(port).Any(set => set.Records.Any(unread.IsMeantBy)) : successors.Any(chain => published.IsLoss(port, unread, chain.AsShown)))
                return new(string.Create(CultureInfo.InvariantCulture, $"{subject} shows at port {port} another {what} than {file} holds, and TLSA records mean the one that is shown: the file was replaced since the server read it. Once it reads it again, and setup has it do so, mail from senders that know DANE stops."), $"Do not reload or restart it. {Way}", true);
            if (!next.Any(unread.HasLeafOf) && published.DoubtAt([port]) is { } doubt)
                return new(string.Create(CultureInfo.InvariantCulture, $"{subject} shows at port {port} another {what} than {file} holds, and whether TLSA records mean the one that is shown could not be found out: {doubt}."), $"Do not reload or restart it. Run setup again once that answers. Or: {char.ToLowerInvariant(Way[0])}{Way[1..]}", true);
        }

        SoundChain[] coming = facts.Given is { } given ? [.. SoundChain.Of(given, out _)] : next;
        if (shown.Length == 0) return published.UnseenAt(port) is { } silent ? OfUnseen(published, port, subject, silent, "key", coming) : null;

        // Where one kind of key was seen, another that the files hold may not have been.
        return next.Select(chain => chain.Algorithm).Distinct()
            .Select(algorithm => published.UnseenAt(port, algorithm) is { } silent ? OfUnseen(published, port, subject, silent, algorithm.ToUpperInvariant() + " key", coming.Where(chain => chain.Algorithm == algorithm).ToArray() is { Length: > 0 } same ? same : coming) : null)
            .FirstOrDefault(obstacle => obstacle is not null);
    }

    private static Obstacle? OfUnseen(PublishedSets published, int port, string subject, string unseen, string key, SoundChain[] coming)
    {
        if (published.ViewsAt(port).Any(set => !set.IsEmpty && IsMissed(set, coming, port)))
            return new(string.Create(CultureInfo.InvariantCulture, $"Which {key} {subject} shows at port {port} could not be seen ({unseen}), and the TLSA records there do not mean the one that it would show after setup: they may mean the one that is shown."), "Let the server answer this host there, and run setup again; or give setup the key that the records mean, with its certificate: --certificate FILE --key FILE", true);

        // Where nobody listens, nothing is shown, and whatever starts the server has it read its files.
        return !published.IsDeaf(port) && published.DoubtAt([port]) is { } unknown
            ? new(string.Create(CultureInfo.InvariantCulture, $"Which {key} {subject} shows at port {port} could not be seen ({unseen}), and which TLSA records there are could not be found out: {unknown}."), "Let the server answer this host there, or the lookup succeed, and run setup again.", true)
            : null;
    }

    private static bool IsMissed(TlsaSet set, SoundChain[] chains, int port) => chains.Length == 0 || chains.Any(chain => chain.AsShown.Misled(set, port) != 0);
}
