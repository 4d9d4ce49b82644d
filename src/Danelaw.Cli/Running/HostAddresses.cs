using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Cli.Running;

/// <summary>Addresses of servers that are given by name: those of <c>/etc/hosts</c>, or else of our own resolver. A bogus answer is none.</summary>
internal static class HostAddresses
{
    public static async ValueTask<ImmutableArray<IPAddress>> FindAsync(ILookup resolver, string host, CancellationToken cancellationToken)
    {
        if (!DomainName.TryParse(host, out var name)) return [];
        if (HostsFile.ReadSystem().Find(name) is { IsEmpty: false } listed) return listed;
        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (var type in new[] { RecordType.A, RecordType.AAAA })
        {
            var answer = await resolver.LookupAsync(name, type, cancellationToken).ConfigureAwait(false);
            if (answer.IsFailure) continue;
            foreach (var data in answer.Records?.Data ?? [])
                if (AddressData.TryRead(type, data, out var address)) addresses.Add(address);
        }

        return addresses.ToImmutable();
    }
}
