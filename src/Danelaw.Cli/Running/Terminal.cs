using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Danelaw.Cli.Running;

/// <summary>The size of a terminal, and passwords that are typed there. To ask .NET's console for it would put the terminal into another mode and write control sequences to it.</summary>
internal static class Terminal
{
    private const int DefaultWidth = 80;

    /// <summary>TIOCGWINSZ on Linux; elsewhere 80 columns are assumed.</summary>
    private const nuint GetWindowSize = 0x5413;

    /// <summary>TCGETS, and TCSETSF, which throws away what was typed before.</summary>
    private const nuint GetSettings = 0x5401, SetSettings = 0x5404;

    /// <summary>ECHO, ICANON and ISIG; O_RDWR.</summary>
    private const uint Echo = 8, Canonical = 2, Signals = 1;
    private const int ReadWrite = 2;

    /// <summary>Octets of the longest password that is taken.</summary>
    private const int MaximumSecret = 1024;

    /// <summary>Columns of the terminal behind a descriptor; 80 when it is none or does not say.</summary>
    public static int Width(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return DefaultWidth;
        var size = default(WindowSize);
        return ioctl(descriptor, GetWindowSize, ref size) == 0 && size.Columns > 0 ? size.Columns : DefaultWidth;
    }

    /// <summary>Asks for a password on the terminal of this session, without showing it.</summary>
    /// <returns>What was typed, for the caller to wipe; null where there is no terminal, or whoever sits there broke off.</returns>
    public static char[]? AskSecret(string prompt)
    {
        if (!OperatingSystem.IsLinux() || (RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))) return null;
        var descriptor = open("/dev/tty", ReadWrite);
        if (descriptor < 0) return null;
        var typed = new byte[MaximumSecret];
        var before = default(TerminalSettings);
        try
        {
            if (ioctl(descriptor, GetSettings, ref before) != 0) return null;

            // Keys come one by one and none is a signal: nobody can leave the terminal without its echo.
            var silent = before;
            silent.Local &= ~(Echo | Canonical | Signals);
            if (ioctl(descriptor, SetSettings, ref silent) != 0) return null;
            Write(descriptor, prompt);
            return TryRead(descriptor, typed, out var length) ? Encoding.UTF8.GetChars(typed, 0, length) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(typed);
            if (before.Local != 0) _ = ioctl(descriptor, SetSettings, ref before);
            Write(descriptor, "\n");
            _ = close(descriptor);
        }
    }

    /// <summary>Reads up to the line's end: backspace takes a character back, ^U all, ^C and ^D at the beginning break off.</summary>
    private static bool TryRead(int descriptor, byte[] typed, out int length)
    {
        length = 0;
        byte key = 0;
        while (read(descriptor, ref key, 1) == 1)
        {
            switch (key)
            {
                case (byte)'\n' or (byte)'\r': return true;
                case 3: return false;
                case 4: return length > 0;
                case 21: length = 0; break;
                case 8 or 127:
                    while (length > 0 && (typed[length - 1] & 0xC0) == 0x80) length--;
                    if (length > 0) length--;
                    break;
                default:
                    if (length == typed.Length) return false;
                    typed[length++] = key;
                    break;
            }
        }

        return false;
    }

    private static void Write(int descriptor, string text)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var one = octet;
            _ = write(descriptor, ref one, 1);
        }
    }

#pragma warning disable SYSLIB1054, IDE1006, CA5392 // Calls of the C library by their own names; the generator would demand unsafe code.
    [DllImport("libc")]
    private static extern int ioctl(int descriptor, nuint request, ref WindowSize size);

    [DllImport("libc")]
    private static extern int ioctl(int descriptor, nuint request, ref TerminalSettings settings);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int open(string path, int flags);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc")]
    private static extern nint read(int descriptor, ref byte buffer, nint count);

    [DllImport("libc")]
    private static extern nint write(int descriptor, ref byte buffer, nint count);
#pragma warning restore SYSLIB1054, IDE1006, CA5392

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    /// <summary>The kernel's struct termios.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 36)]
    private struct TerminalSettings
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public Characters Rest;
    }

    /// <summary>The line discipline and the control characters, which are kept as they are.</summary>
    [InlineArray(20)]
    private struct Characters
    {
        private byte _first;
    }
}
