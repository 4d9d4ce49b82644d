using System.Runtime.InteropServices;
using System.Text;

namespace Danelaw.Operator.Processes;

/// <summary>Access lists, labels and whatever else a file system keeps beside a file: a file that takes another's place has to have them, or a server that came by them comes no more.</summary>
internal static unsafe partial class ExtendedAttributes
{
    /// <summary>Who may read or write a file beside its owner and its group.</summary>
    internal const string AccessList = "system.posix_acl_access";

    private const int NotSupported = 95, NoData = 61;

    /// <summary>What speaks for the content of the one file: another content makes its own.</summary>
    private static readonly string[] OfContent = ["security.ima", "security.evm"];

    /// <summary>Gives a file those of another.</summary>
    /// <param name="from">The other, links followed.</param>
    /// <param name="to">The file.</param>
    /// <param name="isNeeded">Which of them the file must have; the others it gets where it can: a label or a note of another system's is no reason to leave a server without its key. Null for all.</param>
    /// <exception cref="IOException">One that is needed cannot be read, or not be given.</exception>
    internal static void Copy(string from, string to, Func<string, bool>? isNeeded = null)
    {
        Span<byte> names = stackalloc byte[4096];
        long length;
        fixed (byte* list = names) length = ListAttributes(from, list, (nuint)names.Length);
        if (length <= 0)
        {
            if (length < 0 && Marshal.GetLastPInvokeError() != NotSupported) throw new IOException($"cannot read the attributes of {from}: {Marshal.GetLastPInvokeErrorMessage()}");
            return;
        }

        foreach (var name in Encoding.UTF8.GetString(names[..(int)length]).Split('\0', StringSplitOptions.RemoveEmptyEntries).Except(OfContent))
        {
            try
            {
                if (!TryRead(from, name, out var value)) continue;

                // What a folder gives its files by itself need not be given, and may not, by a service with few rights.
                if (TryRead(to, name, out var own) && own.AsSpan().SequenceEqual(value)) continue;
                if (!TrySet(to, name, value)) throw new IOException($"cannot keep the attribute {name} of {from}: {Marshal.GetLastPInvokeErrorMessage()}");
            }
            catch (IOException) when (isNeeded?.Invoke(name) == false)
            {
            }
        }
    }

    /// <summary>Gives a file one.</summary>
    /// <returns>Whether it has it now.</returns>
    internal static bool TrySet(string path, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* octets = value) return SetAttribute(path, name, octets, (nuint)value.Length, 0) == 0;
    }

    /// <summary>Reads one of a file.</summary>
    /// <returns>Whether it has it.</returns>
    /// <exception cref="IOException">It has one that cannot be read.</exception>
    internal static bool TryRead(string path, string name, out byte[] value)
    {
        var buffer = new byte[65536];
        fixed (byte* octets = buffer)
        {
            var size = GetAttribute(path, name, octets, (nuint)buffer.Length);
            value = size < 0 ? [] : buffer[..(int)size];
            if (size < 0 && Marshal.GetLastPInvokeError() is not (NotSupported or NoData)) throw new IOException($"cannot read the attribute {name} of {path}: {Marshal.GetLastPInvokeErrorMessage()}");
            return size >= 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "listxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint ListAttributes(string path, byte* list, nuint size);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint GetAttribute(string path, string name, byte* value, nuint size);

    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetAttribute(string path, string name, byte* value, nuint size, int flags);
}
