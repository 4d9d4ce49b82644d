using System.Security.Cryptography;
using System.Text;

namespace Danelaw.Dnssec.Keys;

/// <summary>
/// Whether this machine verifies signatures by RSA with SHA-1. Red Hat's systems since version 9 forbid it to all programs, and then every such signature would look wrong.
/// One that is known to be right tells.
/// </summary>
internal static class Sha1Support
{
    private const string Modulus =
        "vAUAK4XesoMUnmEGqd73FjSF7YdTO9lOaV3B8QuM9PB1ipNrLiVAgpefS5shgN38kqSGltmUqt7Ew1T7R6bBwIamfNrCb4AwDdd7" +
        "oQ43ztKyfUr7Z75KKExnlSM7153/qQtkPck1gFEksI1qGoS68YGcegyJsJD9J29NelSO/qVsV0sryKITyZuu4AWGNPrwD07L1aos" +
        "zvwDi6rEivWgHPGQVoZXvfhfT3kt8zjMd8g4lfS2isLC0LcdewOF5CoplFje9u4I6JOw/Tm6H4Tc+fbZIKvJnCcKdPyIvCsWwy6p" +
        "rTEUdryHsOtpZHNzvcUxg3rQQFcDXOzi9Bpw6z4atQ==";

    private const string Signature =
        "N61VONCwll+f5m7NVsAM8s1/3oT+h9vol0oRi3sdmw26l/i00o0OyzAJvRkhz4x5pRoY+wqNSGpxUeKTKn4M4yMPqdzdlsvGUyqF" +
        "hzAYYXzfWJr+nvgH2sEEUJnOybJlCgUaTHFwglbMJTl+yg3kwOUwdn7EtTzYm3hS6Wnn7EyKJ7SbcTgQCF56J2PV+com9k2LO0Di" +
        "rUExo84oUmk9vZJQmdM4UCKwmAt22v5rgXzh6gQa7Avb2CsY5c5H2lqX8Clm29IX8rliynFHpXPNYLXSJL2Qg3wJAHT/3ucUYIqY" +
        "TulYmKpK57KFhtkYXAO9szupxKbbN2T45KMxJmNe/g==";

    internal static bool IsThere { get; } = Verify("danelaw");

    /// <summary>Whether the kept signature stands for a text; false too where the machine refuses to say.</summary>
    internal static bool Verify(string text)
    {
        // RFC 3110 §2: one octet of length, the exponent, the modulus.
        byte[] key = [3, 1, 0, 1, .. Convert.FromBase64String(Modulus)];
        try
        {
            return RsaVerificationKey.Import(SecurityAlgorithm.RsaSha1, key) is { } imported && imported.Verify(Encoding.ASCII.GetBytes(text), Convert.FromBase64String(Signature));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
