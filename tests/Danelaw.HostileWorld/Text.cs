using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.HostileWorld;

internal static class Text
{
    internal static DomainName Name(string text) => DomainName.Parse(text);

    internal static ResourceRecord Record(string owner, RecordType type, string data) =>
        RecordText.TryParse(type, data, DomainName.Root, out var octets, out var fault) ? new(Name(owner), type, RecordClass.IN, 3600, octets) : throw new InvalidOperationException(fault);

    internal static Octets Address(int number) => new(new byte[] { 192, 0, (byte)(number >> 8), (byte)(number & 0xFF) });
}
