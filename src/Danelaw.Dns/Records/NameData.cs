using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>RDATA that is one name: NS, CNAME, PTR (RFC 1035 §3.3), DNAME (RFC 6672 §2.1).</summary>
/// <param name="Name">The name, case kept.</param>
public readonly record struct NameData(DomainName Name)
{
    /// <summary>Reads uncompressed RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False for anything but exactly one name.</returns>
    public static bool TryRead(Octets data, out NameData view)
    {
        view = default;
        if (!DomainName.TryFromWire(data, 0, out var name) || name.Length != data.Length) return false;
        view = new(name);
        return true;
    }

    /// <summary>The RDATA.</summary>
    public Octets ToOctets() => Octets.Copy(Name.Wire);
}
