using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Zones;

/// <summary>RDATA as zone files have it (RFC 1035 §5, and the RFC of each type), both ways. What has no form of its own, and what is not well-formed, is written as RFC 3597 §5 has it.</summary>
public static class RecordText
{
    /// <summary>Reads the RDATA of one record. Lines, parentheses and comments are as in a zone file. Never throws on foreign text.</summary>
    /// <param name="type">The type.</param>
    /// <param name="rdata">The text; <c>\# length hex</c> is accepted for every type (RFC 3597 §5), also when those octets are not well-formed.</param>
    /// <param name="origin">What completes relative names.</param>
    /// <param name="data">The RDATA in wire form, uncompressed; empty on failure.</param>
    /// <param name="fault">What is wrong, in one sentence; empty on success.</param>
    public static bool TryParse(RecordType type, ReadOnlySpan<char> rdata, DomainName origin, out Octets data, out string fault)
    {
        data = default;
        var tokens = new TokenList();
        var scanner = new TextScanner(rdata, isWhole: true, line: 1);
        if (scanner.Scan(tokens) != ScanResult.Entry)
        {
            fault = scanner.Fault;
            return false;
        }

        if (!rdata[scanner.Consumed..].Trim().IsEmpty)
        {
            fault = "the data of one record goes on in another line without parentheses";
            return false;
        }

        var writer = new RdataWriter();
        var text = new RdataText(type, rdata, tokens.Span, 0, origin, isOctets: false, writer);
        if (!RdataParser.TryParse(ref text))
        {
            fault = text.Fault;
            return false;
        }

        fault = "";
        data = writer.ToOctets();
        return true;
    }

    /// <summary>Writes RDATA in the form of its type: names absolute, text quoted and escaped, digits of hexadecimal in lower case, all on one line.</summary>
    /// <param name="type">The type.</param>
    /// <param name="data">The RDATA, uncompressed.</param>
    /// <returns>Text that <see cref="TryParse"/> reads back to the same octets; <c>\# length hex</c> for a type without a form of its own and for octets that the type's form cannot show.</returns>
    public static string Format(RecordType type, Octets data)
    {
        var text = new TextBuilder();
        RdataFormatter.Format(type, data, text);
        return text.ToString();
    }
}
