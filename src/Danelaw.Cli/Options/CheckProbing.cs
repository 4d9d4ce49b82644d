using System.CommandLine;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Probes;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> that say how servers are connected to.</summary>
internal sealed class CheckProbing : CheckOptionGroup
{
    private const int MostPerMinute = 10_000;

    /// <summary>The longest name that a server takes (RFC 5321 §4.5.3.1.2), and more than any address has.</summary>
    private const int LongestWord = 255;

    private readonly Option<bool> _rawPublicKey = Flag.Of("--raw-public-key", "ask servers for a raw public key too (RFC 7250), where there is a record 3 1 x that could match it");
    private readonly Option<string> _helo = Flag.Value("--helo", "NAME", "the name in EHLO and LHLO; by default this machine's, or its address");
    private readonly Option<string> _contact = Flag.Value("--contact", "ADDRESS", "a mail address or URL that servers are told before the leave, in NOOP (SMTP, LMTP) or ID (IMAP); other protocols have no place for it");
    private readonly Option<string> _perAddress = Flag.Value("--per-address", "N", $"no more than N connections a minute to one address, over all targets; 0 for any number; default {new PoliteProberOptions().ConnectionsPerMinute}");

    public override IReadOnlyList<Option> All => [_rawPublicKey, _helo, _contact, _perAddress];

    /// <summary>Those that decide over results, as they were given: all but how fast it goes.</summary>
    public IEnumerable<string> Deciding(ParseResult parsed) => Flag.Typed(parsed, All.Except([_perAddress]));

    public override CheckOptions Apply(Call call, CheckOptions options) => options with { RawPublicKey = call.Parsed.GetValue(_rawPublicKey) };

    /// <summary>What connects to servers, to each endpoint once.</summary>
    /// <exception cref="MisuseException">An option makes no sense.</exception>
    public IProber Open(Call call)
    {
        var polite = new PoliteProberOptions();
        if (call.Parsed.GetValue(_perAddress) is { } most) polite = polite with { ConnectionsPerMinute = Quantity.Number(_perAddress.Name, most, 0, MostPerMinute) };
        return new PoliteProber(call.Surroundings.BeforeProber(new TlsProber(new() { HelloName = HelloName(call.Parsed), Contact = Contact(call.Parsed) }, call.Surroundings.Clock)), call.Surroundings.Clock, polite);
    }

    private string? HelloName(ParseResult parsed)
    {
        if (parsed.GetValue(_helo) is not { } name) return null;
        return name.Length is > 0 and <= LongestWord && name.All(IsOfName)
            ? name
            : throw new MisuseException($"--helo takes a host name, not '{name}'", "write it in ASCII as it stands in the DNS (probe.example.org), or an address in brackets ([192.0.2.1])");

        static bool IsOfName(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or ':' or '[' or ']';
    }

    private string? Contact(ParseResult parsed)
    {
        if (parsed.GetValue(_contact) is not { } address) return null;
        return address.Length <= LongestWord && (address.IndexOf('@') > 0 || address.Contains("://", StringComparison.Ordinal)) && address.All(IsOfWord)
            ? address
            : throw new MisuseException($"--contact takes a mail address or a URL, not '{address}'", "whoever runs the server should be able to reach you by it: postmaster@example.org, https://example.org/about-our-checks");

        // It stands in a quoted string, and no line may end in it.
        static bool IsOfWord(char character) => character is > ' ' and < '\x7F' and not ('"' or '\\');
    }
}
