using System.Collections.Immutable;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Resolving;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>What was seen of one instance of Postfix.</summary>
/// <param name="Instance">Its configuration.</param>
/// <param name="Domains">The domains that it takes mail for.</param>
/// <param name="Uses">The chains that it shows.</param>
/// <param name="ChrootResolver">The copy of resolv.conf in the chroot of its SMTP client; null without chroot or copy.</param>
public sealed record PostfixFacts(PostfixInstance Instance, DomainList Domains, ImmutableArray<TlsUse> Uses, ResolverFile? ChrootResolver)
{
    /// <summary>Whether the SMTP client runs in a chroot.</summary>
    public bool IsChrooted { get; init; }

    /// <summary>Where the SMTP client stands in master.cf; null where there is none.</summary>
    public Place? Client { get; init; }
}
