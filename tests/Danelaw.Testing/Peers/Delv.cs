namespace Danelaw.Testing.Peers;

/// <summary>What delv made of a name.</summary>
/// <param name="Status">The weakest status of the records that it shows.</param>
/// <param name="Records">The records in order, signatures left out, one a line as delv writes them.</param>
/// <param name="IsNegative">Whether it was told, with or without proof, that there is no such name or type.</param>
/// <param name="Text">All that delv said.</param>
public sealed record DelvAnswer(PeerStatus Status, IReadOnlyList<string> Records, bool IsNegative, string Text);

/// <summary>BIND's validating lookup tool. Its exit status is 0 even for bogus data, so its words are read.</summary>
public sealed class Delv
{
    // Reasons of delv that are judgements on the data; what else it says is a failure to get any.
    private static readonly string[] Judgements =
    [
        "no valid signature found", "broken trust chain", "insecurity proof failed", "no valid NSEC", "no valid DS", "no valid KEY",
        "no valid RRSIG", "RRSIG failed to verify", "RRSIG has expired", "RRSIG validity period has not begun", "validation failure", "must-be-secure",
        "not insecure",
    ];

    private readonly string _server;
    private readonly int _port;
    private readonly string _anchorFile;
    private readonly string _root;

    /// <param name="server">The upstream resolver's address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="anchorLines">The root's trust anchors in zone-file syntax.</param>
    /// <param name="folder">Where the anchor file goes.</param>
    /// <param name="root">The name that the anchors stand at.</param>
    public Delv(string server, int port, string anchorLines, TestFolder folder, string root = ".")
    {
        _server = server;
        _port = port;
        _root = root;
        _anchorFile = folder.Write($"delv/anchors-{server}-{port}-{root.Trim('.')}", TrustAnchorText.ForBind(anchorLines));
    }

    public async Task<DelvAnswer> AskAsync(string name, string type, CancellationToken cancellationToken = default)
    {
        var result = await PeerProcess.RunAsync(
            Peer.Require("delv"),
            ["@" + _server, "-p", $"{_port}", "-a", _anchorFile, "+root=" + _root, "+nosplit", "-q", name, "-t", type],
            cancellationToken: cancellationToken);
        return Read(result.Everything);
    }

    private static DelvAnswer Read(string text)
    {
        PeerStatus? weakest = null, refused = null;
        var negative = false;
        var records = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(";; resolution failed: ncache", StringComparison.Ordinal)) negative = true;
            else if (line.StartsWith(";; resolution failed: ", StringComparison.Ordinal))
                refused ??= Judgements.Any(line.Contains) ? PeerStatus.Bogus : PeerStatus.Failed;
            else if (line.Contains("got insecure response; parent indicates it should be secure", StringComparison.Ordinal)) refused = PeerStatus.Bogus;
            else if (line.StartsWith("; fully validated", StringComparison.Ordinal) || line.StartsWith("; negative response, fully validated", StringComparison.Ordinal)) Weaken(PeerStatus.Secure);
            else if (line.StartsWith("; unsigned answer", StringComparison.Ordinal) || line.StartsWith("; negative response, unsigned answer", StringComparison.Ordinal)) Weaken(PeerStatus.Insecure);
            // Anything that it shows with another note (answer, authoritative, pending …) was not judged.
            else if (line.StartsWith("; ", StringComparison.Ordinal) && IsTrustNote(line)) Weaken(PeerStatus.Failed);
            else if (line.Length > 0 && line[0] != ';' && RecordLine.TypeOf(line) != "RRSIG") records.Add(line);
            negative |= line.StartsWith("; negative response", StringComparison.Ordinal);
        }
        return new DelvAnswer(refused ?? weakest ?? PeerStatus.Failed, records, negative, text);

        void Weaken(PeerStatus status) => weakest = weakest is null || status < weakest ? status : weakest;
    }

    private static bool IsTrustNote(string line) =>
        line is "; answer" or "; authoritative" or "; additional" or "; glue" or "; authauthority" or "; authority" or "; pending" or "; local" or "; ultimate" ||
        line.StartsWith("; answer,", StringComparison.Ordinal) || line.StartsWith("; pending", StringComparison.Ordinal);
}
