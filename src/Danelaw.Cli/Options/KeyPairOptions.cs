using System.CommandLine;
using System.Globalization;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Options;

/// <summary>Where a pair of key files goes, and what is said of it.</summary>
internal sealed class KeyPairOptions
{
    private readonly Option<string> _folder = Flag.Value("--folder", "DIR", "where the files go; made if it is not there (mode 0700); default the current folder");
    private readonly Option<string> _ttl = Flag.Value("--ttl", "SECONDS", "of the DNSKEY record; default 3600");
    private readonly Option<bool> _overwrite = Flag.Of("--overwrite", "replace files that are there already");

    public IReadOnlyList<Option> All => [_folder, _ttl, _overwrite];

    /// <summary>The tags of the zone's keys in the folder, as they are and as they would be revoked.</summary>
    public HashSet<ushort> Tags(Call call, DomainName zone)
    {
        var tags = new HashSet<ushort>();
        var folder = Folder(call);
        foreach (var file in KeyOptions.FilesOf(folder, "K*.key"))
        {
            if (!PublicKeyFile.TryRead(System.Text.Encoding.UTF8.GetString(FileText.ReadAll(call.Surroundings, file, 1 << 20)), out var record, out _) || record.Zone != zone) continue;
            tags.Add(record.Dnskey.KeyTag());
            tags.Add((record.Dnskey with { Flags = (ushort)(record.Dnskey.Flags ^ (ushort)DnskeyFlags.Revoked) }).KeyTag());
        }

        return tags;
    }

    /// <summary>Writes both files and prints the records; when quiet, where the files are, without the ending.</summary>
    /// <param name="call">The call.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="key">The key.</param>
    /// <param name="isCombined">Whether it is to sign everything: its flags are those of a key-signing key.</param>
    /// <returns>The exit code.</returns>
    public int Write(Call call, DomainName zone, SigningKey key, bool isCombined = false)
    {
        var ttl = call.Parsed.GetValue(_ttl) is { } seconds ? (uint)Quantity.Number("--ttl", seconds, 0, int.MaxValue) : 3600;
        var mayReplace = call.Parsed.GetValue(_overwrite);
        var stem = Path.Combine(Folder(call), PublicKeyFile.NameOf(zone, key));
        // The secret first: a record without its secret would be published in vain.
        if (!mayReplace && (File.Exists(stem + ".private") || File.Exists(stem + ".key"))) return Refuse(call, stem);
        if (!OutputFile.TryWriteSecret(call.Surroundings, stem + ".private", PrivateKeyFile.Write(key), mayReplace)) return Refuse(call, stem);
        OutputFile.WriteAll(call.Surroundings, stem + ".key", stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(PublicKeyFile.Write(zone, key, ttl))));
        var records = new KeyRecords(zone, ttl, DnskeyData.TryRead(key.ToDnskey(), out var dnskey) ? dnskey : default, KeyOptions.ReadDigests("--digest", null)) { IsCombined = isCombined };
        if (call.Output.IsJson) call.Voice.Result(records.ToJson([stem + ".key", stem + ".private"]));
        else if (call.Output.IsQuiet) call.Voice.Result(System.Text.Encoding.UTF8.GetBytes(stem + "\n"));
        else call.Voice.Result([.. System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"; {stem}\n")), .. records.ToText(records.Usual)]);
        return ExitCode.Good;
    }

    private static int Refuse(Call call, string stem)
    {
        call.Voice.Error($"{stem}.key or {stem}.private is there already");
        call.Voice.Hint("--overwrite replaces them; what they hold is then lost");
        return ExitCode.Bad;
    }

    private string Folder(Call call)
    {
        var folder = Path.GetFullPath(call.Parsed.GetValue(_folder) ?? ".", call.Surroundings.Folder);
        if (Directory.Exists(folder)) return folder;
        if (Path.GetDirectoryName(folder) is not { } parent || !Directory.Exists(parent)) throw new MisuseException($"there is no folder {folder}, nor one that it could be made in");
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"cannot make the folder {folder}: {(exception is DirectoryNotFoundException ? "nothing can be made there" : FileText.Reason(exception))}");
        }
    }
}
