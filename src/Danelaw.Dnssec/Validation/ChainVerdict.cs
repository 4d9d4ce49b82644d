using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>What judging the evidence came to.</summary>
internal abstract record ChainVerdict
{
    private ChainVerdict()
    {
    }

    /// <summary>More evidence is needed; the questions may be asked at the same time.</summary>
    internal sealed record Needs(ImmutableArray<Question> Questions) : ChainVerdict;

    /// <summary>It is decided.</summary>
    /// <param name="Answer">What the lookup concluded.</param>
    /// <param name="Blamed">For a failure: the question whose reply is at fault.</param>
    internal sealed record Done(Answer Answer, Question? Blamed) : ChainVerdict;
}
