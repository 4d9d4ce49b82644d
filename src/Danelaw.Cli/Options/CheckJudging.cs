using System.CommandLine;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Dns;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> that say how what was seen is judged; they hold for kept evidence too.</summary>
internal sealed class CheckJudging : CheckOptionGroup
{
    private readonly Option<string> _next = Flag.Value("--next", "FILE", "the certificate or key to come: its records are told as next, others that match nothing as stale");
    private readonly Option<bool> _strict = Flag.Of("--strict", "warnings give exit 1 too");

    public override IReadOnlyList<Option> All => [_next, _strict];

    /// <summary>Whether warnings count.</summary>
    public bool IsStrict(ParseResult parsed) => parsed.GetValue(_strict);

    public override CheckOptions Apply(Call call, CheckOptions options) =>
        call.Parsed.GetValue(_next) is { } next ? options with { Next = NextOf(CertificateInput.Read(call, next)) } : options;

    /// <summary>The options for each target: whom PKIX usages trust is read where they count, and at once where a file was named.</summary>
    /// <exception cref="Running.MisuseException">The file cannot be read, or has no certificate.</exception>
    public static Func<CheckTarget, CheckOptions> WithRoots(Call call, string? caFile, CheckOptions options)
    {
        var roots = new Lazy<TrustStore>(() => PkixRoots.Load(call.Surroundings, caFile));
        if (caFile is not null) _ = roots.Value;
        return target => target.Port == 25 ? options : options with { Roots = roots.Value };
    }

    private static Octets NextOf(CertificateFile file) => file.Certificates.IsEmpty ? file.PublicKey : file.Certificates[0];
}
