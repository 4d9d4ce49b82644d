using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of NSEC (RFC 4034 §4.1).</summary>
/// <param name="NextName">The next name in canonical order that owns records; of the last NSEC, the apex.</param>
/// <param name="Types">The types at the owner; never empty.</param>
public readonly record struct NsecData(DomainName NextName, TypeBitmap Types)
{
    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the name is none or the bitmap is not as RFC 4034 §4.1.2 wants it.</returns>
    public static bool TryRead(Octets data, out NsecData view)
    {
        view = default;
        if (!DomainName.TryFromWire(data, 0, out var next) || !TypeBitmap.TryRead(data.Slice(next.Length), out var types) || types.IsEmpty) return false;
        view = new(next, types);
        return true;
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets()
    {
        var types = Types.ToOctets();
        var octets = new byte[NextName.Length + types.Length];
        NextName.Wire.CopyTo(octets);
        types.Span.CopyTo(octets.AsSpan(NextName.Length));
        return new(octets);
    }
}
