using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>A record of a zone and the lines that it stands in.</summary>
/// <param name="Record">The record.</param>
/// <param name="File">Its file, links followed.</param>
/// <param name="First">The first of its lines, from 0.</param>
/// <param name="Behind">The line behind the last.</param>
/// <param name="IsGenerated">Whether a <c>$GENERATE</c> made it.</param>
/// <param name="Origin">What completes relative names in it.</param>
internal readonly record struct ZoneEntry(ResourceRecord Record, string File, int First, int Behind, bool IsGenerated, DomainName Origin);
