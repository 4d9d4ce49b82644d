using System.Collections.Immutable;
using System.Text;
using Danelaw.Dns;

namespace Danelaw.Operator.Audit.Files;

/// <summary>What was found at a path.</summary>
public enum FileState
{
    /// <summary>It could not be seen: a folder on the way or the file itself may not be read by this user.</summary>
    Unseen,

    /// <summary>There is nothing.</summary>
    Missing,

    /// <summary>There is something that is neither a file nor a folder (a socket, a pipe, a device).</summary>
    Special,

    /// <summary>It is a folder.</summary>
    Folder,

    /// <summary>It is larger than <see cref="HostFiles.MaximumLength"/>.</summary>
    TooLarge,

    /// <summary>It was read.</summary>
    Read,
}

/// <summary>What stands at a path of the host that is examined: its content, or why it could not be had.</summary>
public sealed record HostFile
{
    /// <summary>The path that was asked for, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>What was found.</summary>
    public required FileState State { get; init; }

    /// <summary>Where the path ends once every link is followed; as far as they could be followed where it does not end.</summary>
    public required string RealPath { get; init; }

    /// <summary>Every path on the way, from the one asked for through each link's target to the real one.</summary>
    public ImmutableArray<string> Trail { get; init; } = [];

    /// <summary>The octets; empty unless the state is <see cref="FileState.Read"/>.</summary>
    public Octets Content { get; init; }

    /// <summary>Permission bits, owner and group; null where they could not be seen.</summary>
    public FileOwner? Owner { get; init; }

    /// <summary>Whether the content was read.</summary>
    public bool IsRead => State == FileState.Read;

    /// <summary>The content as text, octet for octet where it is no UTF-8.</summary>
    public string Text => Utf8.TryGetString(Content.Span, out var text) ? text : Encoding.Latin1.GetString(Content.Span);

    /// <summary>Whether the path itself, a link's target on its way or its end lies below a folder.</summary>
    /// <param name="folder">The folder, absolute and without a closing slash.</param>
    public bool PassesThrough(string folder) => Trail.Any(path => path.StartsWith(folder + "/", StringComparison.Ordinal));

    private static class Utf8
    {
        private static readonly UTF8Encoding Strict = new(false, true);

        internal static bool TryGetString(ReadOnlySpan<byte> octets, out string text)
        {
            try
            {
                text = Strict.GetString(octets);
                return true;
            }
            catch (DecoderFallbackException)
            {
                text = "";
                return false;
            }
        }
    }
}

/// <summary>Who may do what with a file.</summary>
/// <param name="Mode">The permission bits.</param>
/// <param name="UserId">The owner's number.</param>
/// <param name="GroupId">The group's number.</param>
public sealed record FileOwner(UnixFileMode Mode, uint UserId, uint GroupId);
