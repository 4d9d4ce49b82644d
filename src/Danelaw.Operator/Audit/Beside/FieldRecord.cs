using System.Collections.Immutable;
using System.Text;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>A TXT record of fields, <c>VERSION; NAME=VALUE; …</c>, as MTA-STS and TLSRPT have it (RFC 8461 §3.1, RFC 8460 §3).</summary>
/// <param name="Fields">The fields behind the version, in order; empty where there is no such record, and where it is faulty.</param>
/// <param name="Fault">What is wrong, as a phrase; empty where nothing is.</param>
internal sealed record FieldRecord(ImmutableArray<(string Name, string Value)> Fields, string Fault)
{
    private static readonly char[] Blanks = [' ', '\t'];

    private static FieldRecord Absent { get; } = new([], "");

    /// <summary>Whether the name has no such record: nothing was tried.</summary>
    internal bool IsAbsent => Fields.IsEmpty && Fault.Length == 0;

    /// <summary>Reads the records at a name.</summary>
    /// <param name="answer">The answer for TXT, which did not fail.</param>
    /// <param name="version">The version that the record begins with, such as <c>STSv1</c>.</param>
    internal static FieldRecord Of(Answer answer, string version)
    {
        var texts = (answer.Records?.Data ?? []).Select(data => TxtData.TryRead(data, out var txt) ? Encoding.Latin1.GetString(txt.Join().Span) : "").ToArray();

        // RFC 8461 §3.1, RFC 8460 §3: what does not begin so is left aside. A wildcard's SPF record is no attempt at it; a misspelt version is.
        var found = texts.Where(text => Begins(text, version)).ToArray();
        if (found.Length > 1) return Faulty($"there are {found.Length} records that begin with v={version}, and senders then take none of them");
        if (found.Length == 1) return Read(found[0], version);
        return texts.Any(text => text.Contains(version, StringComparison.OrdinalIgnoreCase)) ? Faulty($"the record does not begin with v={version};, in just these letters") : Absent;
    }

    /// <summary>The value of a field; null where it is missing.</summary>
    internal string? Get(string name) => Fields.FirstOrDefault(field => field.Name == name).Value;

    internal static FieldRecord Faulty(string fault) => new([], fault);

    private static bool Begins(string text, string version) => text.StartsWith("v=" + version, StringComparison.Ordinal) && text[(2 + version.Length)..].TrimStart(Blanks) is [';', ..];

    private static FieldRecord Read(string text, string version)
    {
        var parts = text[(2 + version.Length)..].TrimStart(Blanks)[1..].Split(';');
        var fields = ImmutableArray.CreateBuilder<(string Name, string Value)>();
        for (var at = 0; at < parts.Length; at++)
        {
            var part = parts[at].Trim(Blanks);
            if (part.Length == 0)
            {
                // One delimiter may stand at the end.
                if (at < parts.Length - 1) return Faulty("there is nothing between two semicolons");
                continue;
            }

            var sign = part.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0 || !IsName(part.AsSpan(0, sign))) return Faulty($"'{part}' is no NAME=VALUE");
            fields.Add((part[..sign], part[(sign + 1)..]));
        }

        return fields.Count == 0 ? Faulty($"nothing follows v={version}") : new(fields.ToImmutable(), "");
    }

    /// <summary>RFC 8461 §3.1: a letter or digit, then up to 31 of these, underscores, hyphens and dots.</summary>
    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length > 32 || !char.IsAsciiLetterOrDigit(name[0])) return false;
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.')) return false;
        }

        return true;
    }
}
