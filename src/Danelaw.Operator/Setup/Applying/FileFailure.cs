namespace Danelaw.Operator.Setup.Applying;

/// <summary>A file that cannot be written, in words.</summary>
internal static class FileFailure
{
    private const int DiskFull = 28, QuotaUsed = 122;

    /// <summary>Whether a disk takes no more.</summary>
    internal static bool IsFull(IOException failure) => failure.HResult is DiskFull or QuotaUsed;

    /// <summary>What failed, as a phrase; of a disk that takes no more (ENOSPC, EDQUOT), which file was to be written.</summary>
    internal static string Words(Exception failure) => failure is IOException full && IsFull(full)
        ? $"{(full.Message.Split('\'') is [_, var path, ..] ? path : "a file")} cannot be written: {(full.HResult == DiskFull ? "no space is left on the disk" : "the disk quota is used up")}"
        : failure.Message;
}
