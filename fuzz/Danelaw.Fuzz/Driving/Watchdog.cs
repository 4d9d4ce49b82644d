using System.Globalization;

namespace Danelaw.Fuzz.Driving;

/// <summary>Ends the process when one input takes too much processor time, and writes down the time that the process has used, once a second.</summary>
internal sealed class Watchdog
{
    /// <summary>The time of one run, of this process and not of the clock: others share the machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private readonly string _path;
    private long _runs;

    internal Watchdog(string path)
    {
        _path = path;
        new Thread(Watch) { IsBackground = true, Name = "watchdog" }.Start();
    }

    internal void Begin() => Volatile.Write(ref _runs, unchecked(_runs + 1));

    internal void End() => Volatile.Write(ref _runs, unchecked(_runs + 1));

    private void Watch()
    {
        var (seen, since) = (-1L, TimeSpan.Zero);
        while (true)
        {
            var used = Environment.CpuUsage.TotalTime;
            var runs = Volatile.Read(ref _runs);

            // An odd number is a run in work.
            if (runs != seen || (runs & 1) == 0) (seen, since) = (runs, used);
            else if (used - since > Limit) Environment.FailFast("one input takes too long");
            File.WriteAllText(_path, used.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture));
            Thread.Sleep(1000);
        }
    }
}
