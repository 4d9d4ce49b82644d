namespace Danelaw.Dnssec.Signing;

/// <summary>From when to when a signature holds, both ends included, in whole seconds (RFC 4034 §3.1.5).</summary>
/// <param name="Inception">Its beginning.</param>
/// <param name="Expiration">Its end.</param>
public readonly record struct SignatureValidity(DateTimeOffset Inception, DateTimeOffset Expiration)
{
    /// <summary>The beginning as the RRSIG has it: seconds since 1970 modulo 2^32.</summary>
    public uint InceptionSeconds => ToSerial(Inception);

    /// <summary>The end as the RRSIG has it: seconds since 1970 modulo 2^32.</summary>
    public uint ExpirationSeconds => ToSerial(Expiration);

    // RFC 4034 §3.1.5: serial number arithmetic, so a time past 2106 wraps round.
    private static uint ToSerial(DateTimeOffset time) => unchecked((uint)time.ToUnixTimeSeconds());
}
