using System.Text;
using Danelaw.Cli.Running;
using Danelaw.Operator.Audit.Acme;

namespace Danelaw.Cli.Options;

/// <summary>A folder in which an ACME client keeps what belongs to one certificate: certbot's <c>live/NAME</c>, and those that look like it.</summary>
internal static class LineageFolder
{
    private const int MaximumSettings = 1 << 20;

    /// <summary>As certbot and dehydrated name it, and acme.sh.</summary>
    private static readonly string[] ChainFiles = ["fullchain.pem", "fullchain.cer"];

    /// <summary>Whether the user named a folder.</summary>
    public static bool IsFolder(Surroundings surroundings, string path) => path is not ("" or "-") && !path.Contains('\0', StringComparison.Ordinal) && Directory.Exists(Path.GetFullPath(path, surroundings.Folder));

    /// <summary>The file with the certificate and its issuers.</summary>
    /// <exception cref="MisuseException">There is none.</exception>
    public static string ChainOf(Surroundings surroundings, string path)
    {
        foreach (var name in ChainFiles)
            if (File.Exists(Path.GetFullPath(Path.Combine(path, name), surroundings.Folder))) return Path.Combine(path, name);
        if (!IsOpen(Path.GetFullPath(path, surroundings.Folder))) throw new MisuseException($"cannot read {path}: permission denied", FileText.AsRoot);
        throw new MisuseException($"cannot read {path}: it is a folder without {ChainFiles[0]}", "a folder is taken where an ACME client keeps one certificate in it, such as /etc/letsencrypt/live/NAME");
    }

    private static bool IsOpen(string folder)
    {
        try
        {
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What certbot will do with the key at the next renewal, where its settings stand beside and can be read.</summary>
    public static string? Advice(Surroundings surroundings, string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, surroundings.Folder));
        if (Path.GetDirectoryName(Path.GetDirectoryName(folder)) is not { } root) return null;
        var settings = Path.Combine(root, "renewal", Path.GetFileName(folder) + ".conf");
        if (!File.Exists(settings)) return null;
        try
        {
            return CertbotRenewal.KeyOf(Encoding.UTF8.GetString(FileText.ReadAll(surroundings, settings, MaximumSettings))) == KeyAtRenewal.Changed
                ? $"certbot makes a new key at the next renewal, which this record will not match: {settings} has no reuse_key = True; danelaw explain ACME-KEY-CHANGES"
                : null;
        }
        catch (MisuseException)
        {
            // Only root may read it, as a rule: then nothing is known.
            return null;
        }
    }
}
