using Xunit;

namespace Danelaw.Testing.Peers;

/// <summary>Finds real servers and tools, and says what happens when one is absent: a failure in CI and as root, a counted skip elsewhere.</summary>
public static class Peer
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/dovecot", "/usr/lib/news/bin", "/usr/lib/postgresql/15/bin", "/usr/local/bin", "/usr/local/sbin"];

    /// <summary>Whether this process runs in a network of its own (<c>tests/peers/enter</c>), where every port is free and nothing reaches outside.</summary>
    public static bool HasOwnNetwork => Environment.GetEnvironmentVariable("DANELAW_OWN_NETWORK") == "1";

    /// <summary>The path of a program that must be there.</summary>
    /// <param name="program">Its name, such as <c>named</c>.</param>
    public static string Require(string program) => Find(program) ?? throw Absent($"the peer {program} is not installed (./test --yes, or sudo ./test, installs it)");

    /// <summary>Whether a program is there that not every machine can have.</summary>
    /// <param name="program">Its name.</param>
    public static bool Has(string program) => Find(program) is not null;

    private static string? Find(string program)
    {
        foreach (var folder in Folders)
        {
            var path = Path.Combine(folder, program);
            if (File.Exists(path)) return path;
            var unpacked = Repository.Root + "/artifacts/peers/root" + path;
            if (File.Exists(unpacked)) return unpacked;
        }
        return null;
    }

    /// <summary>Ends the test unless it runs in a network of its own, with the rights to bind any port there.</summary>
    public static void RequireOwnNetwork()
    {
        if (!HasOwnNetwork) throw Absent("this test needs a network namespace of its own (run it by ./test interop)");
    }

    /// <summary>Ends the test unless real servers may change to their own users, as they do when root starts them.</summary>
    public static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess || IsMappedRoot()) throw Absent("this peer has to be started by root");
    }

    private static bool IsMappedRoot() =>
        File.Exists("/proc/self/uid_map") && !File.ReadAllText("/proc/self/uid_map").Contains("4294967295", StringComparison.Ordinal);

    private static InvalidOperationException Absent(string reason)
    {
        var mustBeThere = Environment.GetEnvironmentVariable("CI") == "true" || (Environment.IsPrivilegedProcess && !IsMappedRoot());
        if (mustBeThere) return new InvalidOperationException(reason);
        Assert.Skip(reason);
        return new InvalidOperationException(reason);
    }
}
