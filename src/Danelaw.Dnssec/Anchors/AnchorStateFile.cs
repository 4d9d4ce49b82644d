using System.Text;

namespace Danelaw.Dnssec.Anchors;

/// <summary>
/// The file that a state is kept in. It is written aside, brought to the disk and renamed, so that there is always a whole one; a lock on a file beside it
/// (<c>FILE.lock</c>, which stays) keeps processes from undoing each other's changes. Reading needs no lock.
/// </summary>
/// <param name="path">The file; a link is followed.</param>
/// <param name="timer">Measures how long to wait for the lock.</param>
public sealed class AnchorStateFile(string path, TimeProvider timer)
{
    private const int MaximumLength = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads it.</summary>
    /// <param name="state">The state; null when there is no file yet, and on failure.</param>
    /// <param name="fault">What is wrong with it; null when it is sound or not there.</param>
    /// <returns>False when what is there is damaged or something else.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public bool TryRead(out AnchorState? state, out string? fault)
    {
        (state, fault) = (null, null);
        if (!File.Exists(path) && !Directory.Exists(path)) return true;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var octets = new byte[MaximumLength + 1];
        var length = file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false);
        if (length > MaximumLength)
        {
            fault = "it is too large for an anchor state";
            return false;
        }

        return AnchorStateText.TryRead(Encoding.UTF8.GetString(octets.AsSpan(0, length)), out state, out fault);
    }

    /// <summary>Changes it under the lock: reads what is there then, and writes what the change makes of it if that is something else.</summary>
    /// <param name="change">From the state, null when there is none yet, to the new one; null for no change. It is called once.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <returns>What is wrong with the file, which is left as it is; null when all went well.</returns>
    /// <exception cref="IOException">It cannot be read or written, or the lock was not to be had within ten seconds.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<string?> UpdateAsync(Func<AnchorState?, AnchorState?> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        if (!TryRead(out var state, out var fault)) return fault;
        if (change(state) is { } next && (state is null || !next.IsSame(state))) Write(next);
        return null;
    }

    private async ValueTask<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var begin = timer.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException) && timer.GetElapsedTime(begin) < Patience)
            {
                await Task.Delay(Pause, timer, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Write(AnchorState state)
    {
        var target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        var beside = target + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = File.Exists(target) ? File.GetUnixFileMode(target) : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        try
        {
            using (var file = new FileStream(beside, options))
            {
                file.Write(Encoding.UTF8.GetBytes(AnchorStateText.Write(state)));
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
