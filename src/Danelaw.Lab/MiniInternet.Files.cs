using System.Globalization;
using Danelaw.Dns.Zones;
using Danelaw.Lab.Scenarios;

namespace Danelaw.Lab;

public sealed partial class MiniInternet
{
    /// <summary>Writes the lab out: the root's anchor in <c>root.ds</c>, <c>root.key</c> and <c>delv.conf</c>, the zones as they are served in <c>zones/</c>, the servers' chains and keys in <c>certificates/</c>, and <c>README.txt</c>, which tells how to use them. Files that are there already are overwritten.</summary>
    /// <param name="folder">Where; made when it is not there.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task WriteAsync(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var zones = Directory.CreateDirectory(Path.Combine(folder, "zones")).FullName;
        var certificates = Directory.CreateDirectory(Path.Combine(folder, "certificates")).FullName;

        await WriteFileAsync(Path.Combine(folder, "root.ds"), Anchor + "\n").ConfigureAwait(false);
        await WriteFileAsync(Path.Combine(folder, "root.key"), AnchorKey + "\n").ConfigureAwait(false);
        await WriteFileAsync(Path.Combine(folder, "delv.conf"), DelvAnchors + "\n").ConfigureAwait(false);
        await WriteFileAsync(Path.Combine(folder, "README.txt"), Guide()).ConfigureAwait(false);
        foreach (var zone in Namespace.Zones)
        {
            var name = zone.Apex.IsRoot ? "root" : World.TextOf(zone.Apex);
            var text = string.Join('\n', zone.Records.OrderBy(record => record.Type != Dns.Records.RecordType.SOA).Select(ZoneWriter.ToLine));
            await WriteFileAsync(Path.Combine(zones, name + ".zone"), text + "\n").ConfigureAwait(false);
        }

        await WriteFileAsync(Path.Combine(certificates, "root.pem"), RootCertificate.ToPem()).ConfigureAwait(false);
        await WriteFileAsync(Path.Combine(certificates, "issuing.pem"), IssuingCertificate.ToPem()).ConfigureAwait(false);
        foreach (var host in Hosts)
        {
            foreach (var identity in host.Tls.Identities.Concat(host.Tls.ByServerName.Values.SelectMany(identities => identities)))
            {
                // A second address or a second key of a host must not take the place of the first.
                var stem = Path.Combine(certificates, $"{host.Name}-{host.Addresses[0]}-{identity.Certificate.KeyKind}".ToLowerInvariant());
                if (identity.Certificate.Name != host.Name) stem += "-" + identity.Certificate.Name;
                await WriteFileAsync(stem + ".pem", string.Concat(identity.Sent.Select(Authority.LabCertificate.ToPem))).ConfigureAwait(false);
                await WriteFileAsync(stem + ".key", identity.Certificate.PrivateKeyToPem(), isPrivate: true).ConfigureAwait(false);
            }
        }

        async Task WriteFileAsync(string path, string text, bool isPrivate = false)
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var writer = new StreamWriter(path, options);
            await using (writer.ConfigureAwait(false)) await writer.WriteAsync(text.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
    }

    private string Guide() => string.Create(CultureInfo.InvariantCulture, $"""
        A lab of Danelaw, raised {StartedAt:u} with --seed {Seed}.
        While it runs, any DNS or DANE tool that takes a resolver and a port can be led to it:

            danelaw check DOMAIN --resolver {Upstream} --trust-anchor root.ds --connect-to {ConnectTo} --connect-to {ConnectNameServersTo}
            delv @{Upstream.EndPoint.Address} -p {MailPort} -a delv.conf +root=. DOMAIN MX
            kdig @{Upstream.EndPoint.Address} -p {MailPort} +dnssec _25._tcp.mx.good.lab TLSA

        root.ds, root.key, delv.conf   the root's trust anchor as DS record, as DNSKEY record, for delv
        zones/                         every zone as it is served, signed, and broken where it is to be
        certificates/                  what each server sends, with its private key; root.pem and issuing.pem

        The private keys are made anew for each lab and are worth nothing outside it.

        {string.Join('\n', Domains.Select(domain => $"{World.TextOf(domain.Name),-24} {domain.Verdict.ToString().ToLowerInvariant(),-13} {domain.Description}"))}

        """);
}
