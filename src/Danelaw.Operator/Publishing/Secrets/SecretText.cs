using System.Text;

namespace Danelaw.Operator.Publishing.Secrets;

/// <summary>Reads secrets, from a file that only those may read who must, or from the environment. They are never kept longer than one use, and stand in no fault.</summary>
internal static class SecretText
{
    private const int MaximumLength = 64 * 1024;
    private const string VariablePrefix = "env:";

    /// <summary>Group members may read: name servers and their keys share a group. Nobody else may, and nobody but the owner may write.</summary>
    private const UnixFileMode Forbidden = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>Reads one.</summary>
    /// <param name="source">The file, or <c>env:NAME</c>.</param>
    /// <param name="variable">The environment.</param>
    /// <param name="text">The secret; empty on failure.</param>
    /// <param name="fault">Why it cannot be used, and what to do; empty on success.</param>
    internal static bool TryRead(string source, Func<string, string?> variable, out string text, out string fault)
    {
        (text, fault) = ("", "");
        if (source.StartsWith(VariablePrefix, StringComparison.Ordinal))
        {
            text = variable(source[VariablePrefix.Length..]) ?? "";
            fault = text.Length > 0 ? "" : $"the environment variable {source[VariablePrefix.Length..]} is not set";
            return text.Length > 0;
        }

        try
        {
            using var stream = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

            // Of the file that was opened, not of whatever has its name by now.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Forbidden) != 0)
            {
                fault = $"{source} holds a secret, and others may read or change it: chmod o-rwx,g-w {source}, and make a new secret if anybody else could have seen it";
                return false;
            }

            var octets = new byte[MaximumLength + 1];
            var length = stream.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
            if (length > MaximumLength) fault = $"{source} is larger than any file of keys";
            else text = Encoding.UTF8.GetString(octets, 0, length);
            return fault.Length == 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            fault = failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => $"{source}: there is no such file",
                UnauthorizedAccessException => Directory.Exists(source) ? $"{source} is a folder" : $"{source} may not be read by this user: run it as root, or as one who may",
                _ => $"{source} cannot be read",
            };
            return false;
        }
    }
}
