using System.Globalization;
using System.Text;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// A line of the scripts in <c>tests/Corpora/dialogues</c>, as it is on the wire. Behind <c>S: </c> and <c>C: </c> stands a line of text; behind <c>S&lt; </c> and <c>C&lt; </c>
/// octets: hex, words in quotation marks, <c>00*23</c> for an octet that is repeated.
/// </summary>
internal static class ScriptOctets
{
    internal static byte[] Of(string line)
    {
        if (line[1] == ':') return Encoding.Latin1.GetBytes(line[3..] + "\r\n");
        var octets = new List<byte>();
        var parts = line[3..].Split('"');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1) octets.AddRange(Encoding.Latin1.GetBytes(parts[i]));
            else
                foreach (var word in parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    octets.AddRange(Enumerable.Repeat(Convert.ToByte(word[..2], 16), word.Length > 2 ? int.Parse(word[3..], CultureInfo.InvariantCulture) : 1));
        }

        return [.. octets];
    }
}
