using System.CommandLine;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns;
using Danelaw.Tlsa.Guessing;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> that say how what was seen is judged; they hold for kept evidence too.</summary>
internal sealed class CheckJudging : CheckOptionGroup
{
    private readonly Option<string[]> _next = Flag.Values("--next", "FILE", "the certificates and keys to come, all of them: their records are told as next, others that match nothing as stale");
    private readonly Option<string[]> _known = Flag.Values("--known", "FILE", "a file that a record may have been made of by mistake, such as the private key; a record that is a digest of it is told so. Only digests of it are kept");
    private readonly Option<bool> _strict = Flag.Of("--strict", "what is found counts beside the verdict: an error or a warning gives exit 1 where the verdict alone would give 0 or 4");

    public override IReadOnlyList<Option> All => [_next, _known, _strict];

    /// <summary>Those that decide over results, as they were given: whether warnings count is decided when they are told.</summary>
    public IEnumerable<string> Deciding(ParseResult parsed) => Flag.Typed(parsed, All.Except([_strict]));

    /// <summary>Whether warnings count.</summary>
    public bool IsStrict(ParseResult parsed) => parsed.GetValue(_strict);

    public override CheckOptions Apply(Call call, CheckOptions options)
    {
        if (call.Parsed.GetValue(_next) is { Length: > 0 } next)
        {
            CertificateInput.RequireOneInput([.. next.Select(file => (_next.Name, (string?)file))]);
            options = options with { Next = [.. next.SelectMany(file => CertificateInput.ReadAll(call, file).Parts).Select(OwnOf)] };
        }

        return call.Parsed.GetValue(_known) is { Length: > 0 } files ? options with { Known = [.. files.Select(file => KnownOf(call, file))] } : options;
    }

    /// <summary>The options for each target: whom PKIX usages trust is read where they count, and at once where a file was named.</summary>
    /// <exception cref="MisuseException">The file cannot be read, or has no certificate.</exception>
    public static Func<CheckTarget, CheckOptions> WithRoots(Call call, string? caFile, CheckOptions options)
    {
        var roots = new Lazy<TrustStore>(() => PkixRoots.Load(call.Surroundings, caFile));
        if (caFile is not null) _ = roots.Value;
        return target => target.Port == 25 && !options.AllServices ? options : options with { Roots = roots.Value };
    }

    private static KnownFile KnownOf(Call call, string file)
    {
        var content = FileText.ReadAll(call.Surroundings, file, CertificateFile.MaximumLength);
        try
        {
            return KnownFile.Of(file, content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static Octets OwnOf(CertificateFile file) => file.Certificates.IsEmpty ? file.PublicKey : file.Certificates[0];
}
