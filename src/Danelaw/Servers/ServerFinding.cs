using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Servers;

/// <summary>Something that is wrong with one address of a name server.</summary>
/// <param name="Host">The name server.</param>
/// <param name="Address">The address.</param>
/// <param name="Code">The code, of <see cref="FindingCodes"/>.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="Text">What it does, as the rest of a sentence that begins with the server.</param>
/// <param name="Mend">What to do next.</param>
internal sealed record ServerFinding(DomainName Host, IPAddress Address, string Code, Severity Severity, string Text, string Mend)
{
    /// <summary>The question that it answers wrongly; the default for none in particular.</summary>
    internal Question About { get; init; }

    /// <summary>Whether the other family of addresses fares as the one of <see cref="About"/>, and is told with it.</summary>
    internal bool IsOfBothFamilies { get; init; }

    /// <summary>Whether that question is the one.</summary>
    internal bool IsAbout(Question question) => question != default && (About == question || (IsOfBothFamilies && About with { Type = question.Type } == question));

    /// <summary>The server at the beginning of a sentence.</summary>
    internal string Who => $"{Say.Name(Host)} at {Address}";

    internal Finding ToFinding() => new(Code, Severity, $"{Say.Name(Host)} [{Address}]", $"{Who} {Text}", Mend);
}
