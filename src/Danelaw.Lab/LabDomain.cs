using Danelaw.Checks;
using Danelaw.Dns.Names;

namespace Danelaw.Lab;

/// <summary>A mail domain of the lab, with what a right check says of it.</summary>
/// <param name="Name">The domain.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="FindingCode">A finding that must be among those told, one of <see cref="FindingCodes"/>; null when there need be none.</param>
/// <param name="Description">What is special about it, in a few words.</param>
/// <param name="IsShown">Whether it is among the two dozen that a demonstration shows; the others are variations for tests.</param>
public sealed record LabDomain(DomainName Name, CheckVerdict Verdict, string? FindingCode, string Description, bool IsShown = false);
