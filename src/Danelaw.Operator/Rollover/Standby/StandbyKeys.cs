using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover.Standby;

/// <summary>
/// Keys made ahead, one for each chain file at most: published always, shown by nobody until the current key is lost. Each stands in a file that only
/// its owner may read, with a request for a certificate beside it.
/// </summary>
/// <param name="folder">The folder of the files.</param>
[UnsupportedOSPlatform("windows")]
public sealed class StandbyKeys(string folder)
{
    private const string Next = ".next";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>As long as a certificate of our own may serve until the authority's is there.</summary>
    private static readonly TimeSpan OwnCertificateLife = TimeSpan.FromDays(90);

    /// <summary>The file of a key.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">The chain file's slot.</param>
    public string KeyFile(RollSettings roll, string slot) => PathOf(roll, slot, ".key");

    /// <summary>The file of its request (PKCS #10), for an ACME client that takes one (<c>certbot certonly --csr</c>).</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">The chain file's slot.</param>
    public string RequestFile(RollSettings roll, string slot) => PathOf(roll, slot, ".csr");

    /// <summary>The file of a certificate of our own for it, made only in an emergency.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">The chain file's slot.</param>
    internal string OwnChainFile(RollSettings roll, string slot) => PathOf(roll, slot, ".own.pem");

    /// <summary>The kinds of records that can mean a key before it has a certificate: those of the roll, so that none of the other keys' hides them (RFC 7671 §9); 3 1 1 where it has none of them.</summary>
    /// <param name="roll">The roll.</param>
    internal static ImmutableArray<RecordKind> KindsOf(RollSettings roll)
    {
        ImmutableArray<RecordKind> kinds = [.. roll.Records.Where(kind => kind.Usage == TlsaUsage.DaneEe && kind.Selector == TlsaSelector.PublicKey)];
        return kinds.IsEmpty ? [RecordKind.Default] : kinds;
    }

    /// <summary>The records of a key that was made ahead; none when there is no such key, or it cannot be read.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">The chain file's slot.</param>
    public TlsaSet RecordsOf(RollSettings roll, string slot) => RecordsOf(roll, slot, out _);

    /// <summary>The same, with the reason.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">The chain file's slot.</param>
    /// <param name="fault">Why the key that is there cannot be used, as a sentence; empty where it can, and where there is none.</param>
    internal TlsaSet RecordsOf(RollSettings roll, string slot, out string fault)
    {
        fault = "";
        try
        {
            var records = RecordsIn(KeyFile(roll, slot), roll);
            if (records.IsEmpty && File.Exists(KeyFile(roll, slot))) fault = $"the standby key {KeyFile(roll, slot)} is no private key";
            return records;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            fault = $"the standby key {KeyFile(roll, slot)} cannot be read: {failure.Message}";
            return TlsaSet.Empty;
        }
    }

    private static TlsaSet RecordsIn(string path, RollSettings roll) =>
        File.Exists(path) && PemObject.TryReadAll(File.ReadAllText(path), out var objects, out _) && objects is [{ Kind: PemObjectKind.PrivateKey } key] ? RecordsFor(key.Data, roll) : TlsaSet.Empty;

    private static TlsaSet RecordsFor(Octets publicKey, RollSettings roll) =>
        TlsaSet.Of(KindsOf(roll).Select(kind => TlsaRecord.TryCreateFromKey(publicKey, kind.Usage, kind.Matching, out var record, out var fault) ? record : throw new InvalidOperationException(fault)));

    /// <summary>
    /// Ends what <see cref="Make"/> began, or takes it back: the key that the state knows of becomes the key. Whoever is killed between the two leaves both.
    /// </summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">The chain file's slot.</param>
    /// <param name="standby">The records of the key that the state knows of.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    internal void Settle(RollSettings roll, string slot, TlsaSet standby)
    {
        var next = KeyFile(roll, slot) + Next;
        if (!File.Exists(next)) return;
        if (RecordsIn(next, roll).Records.Any(standby.Records.Contains))
        {
            File.Delete(OwnChainFile(roll, slot));
            if (File.Exists(RequestFile(roll, slot) + Next)) File.Move(RequestFile(roll, slot) + Next, RequestFile(roll, slot), overwrite: true);
            File.Move(next, KeyFile(roll, slot), overwrite: true);
        }
        else
        {
            File.Delete(RequestFile(roll, slot) + Next);
            File.Delete(next);
        }

        Posix.FlushFolder(folder);
    }

    /// <summary>Makes a key and its request, beside those that were there until <see cref="Settle"/>.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="chain">Which chain file it is for.</param>
    /// <returns>Its records.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    internal TlsaSet Make(RollSettings roll, ChainSettings chain)
    {
        var slot = Observing.EndpointSurvey.SlotOf(chain.Algorithm);
        if (!Directory.Exists(folder)) Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        using AsymmetricAlgorithm key = chain.Algorithm == KeyAlgorithm.Rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestFor(roll, key);
        Write(RequestFile(roll, slot) + Next, Encoding.ASCII.GetBytes(request.CreateSigningRequestPem() + "\n"));
        Write(KeyFile(roll, slot) + Next, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        return RecordsFor(new Octets(key.ExportSubjectPublicKeyInfo()), roll);
    }

    /// <summary>Makes a certificate that the key itself has signed: for clients that go by DANE-EE it is as good as any (RFC 7671 §5.1).</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="slot">The chain file's slot.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    internal void MakeOwnCertificate(RollSettings roll, string slot, DateTimeOffset now)
    {
        var pem = File.ReadAllText(KeyFile(roll, slot));
        using AsymmetricAlgorithm key = slot == "rsa" ? RSA.Create() : ECDsa.Create();
        key.ImportFromPem(pem);
        using var certificate = RequestFor(roll, key).CreateSelfSigned(now.AddMinutes(-5), now + OwnCertificateLife);
        Write(OwnChainFile(roll, slot), Encoding.ASCII.GetBytes(pem + certificate.ExportCertificatePem() + "\n"));
    }

    private static CertificateRequest RequestFor(RollSettings roll, AsymmetricAlgorithm key)
    {
        string[] hosts = [.. roll.Owners.Select(owner => owner.Name.ToString().TrimEnd('.')).Distinct()];
        var builder = new X500DistinguishedNameBuilder();

        // RFC 5280 appendix A.1: a common name has 64 characters at most; the names that count are the alternative ones.
        if (hosts[0].Length <= 64) builder.AddCommonName(hosts[0]);
        var request = key is RSA rsa ? new CertificateRequest(builder.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : new CertificateRequest(builder.Build(), (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts) names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private void Write(string path, byte[] octets)
    {
        var aside = path + ".danelaw-new";
        File.Delete(aside);
        try
        {
            using (var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 0 }))
            {
                stream.Write(octets);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            // It may hold part of a private key.
            File.Delete(aside);
            throw;
        }

        Posix.FlushFolder(folder);
    }

    /// <summary>No name of a roll has the mark before the slot: a roll mx.rsa has other files than the RSA key of a roll mx.</summary>
    private string PathOf(RollSettings roll, string slot, string ending) => Path.Combine(folder, roll.Name + (slot == "any" ? "" : "@" + slot) + ending);
}
