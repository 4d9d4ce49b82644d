using System.Text;
using Danelaw.Operator.Publishing.ZoneFiles;

namespace Danelaw.Cli.Running;

/// <summary>Files that only their owner may read, from the moment on at which they exist.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersToo = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Writes a new file, or with leave over an old one; into a device or pipe without leave.</summary>
    /// <returns>False when it is there already and must not be replaced.</returns>
    /// <exception cref="MisuseException">It cannot be written.</exception>
    public static bool TryWrite(string path, string text, bool mayReplace)
    {
        var beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            if (Directory.Exists(path)) throw new MisuseException($"cannot write {path}: it is a folder");
            if (FileOwnership.IsDevice(path))
            {
                using var device = new FileStream(path, FileMode.Open, FileAccess.Write);
                device.Write(Encoding.UTF8.GetBytes(text));
                return true;
            }

            File.Delete(beside);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var stream = new FileStream(beside, options))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: mayReplace);
            return true;
        }
        catch (IOException) when (!mayReplace && File.Exists(path))
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MisuseException($"cannot write {path}: {FileText.Reason(exception)}");
        }
        finally
        {
            // Nothing of a secret stays behind; where the disk is full or the folder closed nothing is there.
            if (File.Exists(beside)) File.Delete(beside);
        }
    }

    /// <summary>Whether somebody other than its owner may read or change the file.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & OthersToo) != 0;
}
