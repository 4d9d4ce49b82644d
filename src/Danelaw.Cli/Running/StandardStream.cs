using System.Runtime.InteropServices;

namespace Danelaw.Cli.Running;

/// <summary>
/// The process's standard output or standard error on Unix. The streams that .NET offers drop what they cannot write once the reader has gone,
/// so that the command would work on for nobody, and write control sequences of their own to a terminal; and a file stream fails on a pipe
/// that a parent made non-blocking. This one does none of that.
/// </summary>
internal sealed class StandardStream : Stream
{
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;
    private const int InterruptedCall = 4;
    private const int BrokenPipe = 32;
    private const short Writable = 4;

    /// <summary>EAGAIN, which systems number differently.</summary>
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;

    private readonly int _descriptor;

    private StandardStream(int descriptor) => _descriptor = descriptor;

    /// <summary>Standard output.</summary>
    public static Stream OpenOutput() => IsUnix ? new StandardStream(OutputDescriptor) : Console.OpenStandardOutput();

    /// <summary>Standard error. Nobody is told when its reader has gone.</summary>
    public static Stream OpenError() => IsUnix ? new StandardStream(ErrorDescriptor) : Console.OpenStandardError();

    private static bool IsUnix => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = write(_descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == InterruptedCall) continue;
            if (error != TryAgain && _descriptor == ErrorDescriptor) return;
            if (error == BrokenPipe) throw new BrokenPipeException();
            if (error != TryAgain) throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            var wait = new PollDescriptor { Descriptor = _descriptor, Events = Writable };
            _ = poll(ref wait, 1, -1);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

#pragma warning disable SYSLIB1054, IDE1006, CA5392 // Two calls of the C library by its own names; the generator would demand unsafe code.
    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(ref PollDescriptor descriptors, nuint count, int timeout);
#pragma warning restore SYSLIB1054, IDE1006, CA5392

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
