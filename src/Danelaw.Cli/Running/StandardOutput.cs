using System.Runtime.InteropServices;

namespace Danelaw.Cli.Running;

/// <summary>
/// The process's standard output on Unix. The stream that .NET offers drops what it cannot write once the reader has gone, so that the
/// command would work on for nobody; and a file stream fails on a pipe that a parent made non-blocking. This one does neither.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int InterruptedCall = 4;
    private const int BrokenPipe = 32;
    private const short Writable = 4;

    /// <summary>EAGAIN, which systems number differently.</summary>
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>The stream for this platform.</summary>
    public static Stream Open() => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? new StandardOutput() : Console.OpenStandardOutput();

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
            var written = write(Descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == InterruptedCall) continue;
            if (error == BrokenPipe) throw new BrokenPipeException();
            if (error != TryAgain) throw new IOException(Marshal.GetPInvokeErrorMessage(error));
            var wait = new PollDescriptor { Descriptor = Descriptor, Events = Writable };
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
