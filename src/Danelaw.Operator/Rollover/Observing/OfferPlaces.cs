using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>Where certificates lie that ACME clients and people bring.</summary>
internal static class OfferPlaces
{
    /// <summary>The files of a source: certificate with issuers, and key; without key it stands with the certificate.</summary>
    /// <param name="files">This machine's files.</param>
    /// <param name="source">The source.</param>
    internal static IEnumerable<(string Certificate, string? Key)> Of(HostFiles files, OfferSource source)
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
