using System.Text;

namespace Danelaw.Probes;

/// <summary>Lines over a stream. Octets are taken as Latin-1, so none is lost.</summary>
/// <param name="stream">The connection.</param>
/// <param name="options">The limits.</param>
/// <param name="time">Measures the steps.</param>
/// <param name="end">The end of the probe's time, or the caller's wish; either ends a wait as <see cref="LineEnd.TimedOut"/>.</param>
internal sealed class LineChannel(Stream stream, TlsProberOptions options, TimeProvider time, CancellationToken end) : OctetChannel(stream, options, time, end)
{
    /// <summary>Reads one line without its line end; a bare line feed ends a line too.</summary>
    internal async ValueTask<(LineEnd End, string Line)> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var feed = Unread.IndexOf((byte)'\n');
            line.Append(Encoding.Latin1.GetString(feed < 0 ? Unread : Unread[..feed]));
            Skip(feed < 0 ? Unread.Length : feed + 1);
            if (line.Length > Options.MaximumLine) return (LineEnd.TooLong, "");
            if (feed >= 0)
            {
                if (line.Length > 0 && line[^1] == '\r') line.Length--;
                var text = line.ToString();
                Note("S: ", text);
                return (LineEnd.Line, text);
            }

            var received = await ReceiveAsync().ConfigureAwait(false);
            if (received != LineEnd.Line) return (received, "");
        }
    }

    /// <summary>Sends one line.</summary>
    internal ValueTask<LineEnd> WriteLineAsync(string line)
    {
        Note("C: ", line);
        return SendAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
    }

    /// <summary>Sends text as it is, in UTF-8.</summary>
    internal ValueTask<LineEnd> WriteTextAsync(string text)
    {
        Note("C: ", text);
        return SendAsync(Encoding.UTF8.GetBytes(text));
    }
}
