using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Authority;

namespace Danelaw.Lab.Scenarios;

/// <summary>The RSA keys of a lab. They are what takes time to make, so there are few, made side by side.</summary>
internal sealed record SlowKeys(SigningKey Root, SigningKey Sha256, SigningKey Sha512, SigningKey Sha1, LabKey Mail)
{
    // Enough for a zone that lives for an hour on loopback, and an eighth of the time of 2048 bits.
    private const int ShortBits = 1024;

    internal static async Task<SlowKeys> GenerateAsync()
    {
        var root = Task.Run(() => SigningKey.Generate(SecurityAlgorithm.RsaSha256, DnskeyFlags.KeySigning));
        var mail = Task.Run(() => LabKey.Generate(LabKeyKind.Rsa2048));
        var others = Task.Run(() => (
            SigningKey.Generate(SecurityAlgorithm.RsaSha256, DnskeyFlags.KeySigning, ShortBits),
            SigningKey.Generate(SecurityAlgorithm.RsaSha512, DnskeyFlags.KeySigning, ShortBits),
            SigningKey.Generate(SecurityAlgorithm.RsaSha1Nsec3Sha1, DnskeyFlags.KeySigning, ShortBits)));
        var (sha256, sha512, sha1) = await others.ConfigureAwait(false);
        return new SlowKeys(await root.ConfigureAwait(false), sha256, sha512, sha1, await mail.ConfigureAwait(false));
    }
}
