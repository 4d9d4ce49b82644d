using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Certificates;

/// <summary>One block of the files that a server reads, with its place.</summary>
/// <param name="Object">The block.</param>
/// <param name="Summary">Of a certificate what it says; null for anything else.</param>
/// <param name="Place">Where it begins.</param>
public sealed record ChainBlock(PemObject Object, CertificateSummary? Summary, Place Place);

/// <summary>What the files of a chain hold.</summary>
/// <param name="Use">Who shows it.</param>
/// <param name="Files">The files.</param>
/// <param name="Blocks">Their blocks in order.</param>
/// <param name="Faults">Files that are no PEM, with the reason.</param>
public sealed record ChainFacts(TlsUse Use, ImmutableArray<HostFile> Files, ImmutableArray<ChainBlock> Blocks, ImmutableArray<SyntaxFault> Faults)
{
    /// <summary>The files that anybody on the host can read and that hold a private key.</summary>
    public ImmutableArray<HostFile> OpenKeys { get; init; } = [];

    /// <summary>The public halves of the private keys.</summary>
    public IEnumerable<Octets> Keys => Blocks.Where(block => block.Object.Kind == PemObjectKind.PrivateKey).Select(block => block.Object.Data);

    /// <summary>The certificates whose key is among the private keys.</summary>
    public IEnumerable<ChainBlock> Leaves => Blocks.Where(block => block.Summary is not null && Keys.Contains(block.Summary.PublicKey));

    /// <summary>Reads the files of a chain.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="use">Who shows it.</param>
    public static ChainFacts Read(HostFiles files, TlsUse use)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(use);
        var read = ImmutableArray.CreateBuilder<HostFile>();
        var blocks = ImmutableArray.CreateBuilder<ChainBlock>();
        var faults = ImmutableArray.CreateBuilder<SyntaxFault>();
        var open = ImmutableArray.CreateBuilder<HostFile>();
        foreach (var path in use.Files)
        {
            var file = files.Read(path);
            if (!file.IsRead)
            {
                read.Add(file);
                continue;
            }

            // Private keys stay in this method: what is kept of the file is its place, not its content.
            var isPem = PemObject.TryReadAll(file.Text, out var objects, out var fault);
            read.Add(file with { Content = default });
            if (!isPem) faults.Add(new(new(path, 0), fault, true));
            else if (objects.IsEmpty) faults.Add(new(new(path, 0), "it holds neither key nor certificate in PEM", true));
            foreach (var item in objects) blocks.Add(new(item, CertificateSummary.TryRead(item.Data, out var summary) ? summary : null, new(path, item.Line)));
            if (objects.Any(item => item.Kind is PemObjectKind.PrivateKey or PemObjectKind.UnreadablePrivateKey) && file.Owner is { } owner && (owner.Mode & UnixFileMode.OtherRead) != 0 && files.IsOpenToOthers(file.RealPath)) open.Add(file with { Content = default });
        }

        return new(use, read.ToImmutable(), blocks.ToImmutable(), faults.ToImmutable()) { OpenKeys = open.ToImmutable() };
    }
}
