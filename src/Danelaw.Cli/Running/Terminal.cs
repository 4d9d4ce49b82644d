using System.Runtime.InteropServices;

namespace Danelaw.Cli.Running;

/// <summary>The size of a terminal. To ask .NET's console for it would put the terminal into another mode and write control sequences to it.</summary>
internal static class Terminal
{
    private const int DefaultWidth = 80;

    /// <summary>TIOCGWINSZ on Linux; elsewhere 80 columns are assumed.</summary>
    private const nuint GetWindowSize = 0x5413;

    /// <summary>Columns of the terminal behind a descriptor; 80 when it is none or does not say.</summary>
    public static int Width(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return DefaultWidth;
        var size = default(WindowSize);
        return ioctl(descriptor, GetWindowSize, ref size) == 0 && size.Columns > 0 ? size.Columns : DefaultWidth;
    }

#pragma warning disable SYSLIB1054, IDE1006, CA5392 // One call of the C library by its own name; the generator would demand unsafe code.
    [DllImport("libc")]
    private static extern int ioctl(int descriptor, nuint request, ref WindowSize size);
#pragma warning restore SYSLIB1054, IDE1006, CA5392

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
