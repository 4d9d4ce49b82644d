using Danelaw.Operator.Audit.Files;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Audit.Files;

public sealed class HostFilesTests
{
    [Theory]
    [InlineData("/etc/target")]
    [InlineData("target")]
    [InlineData("../etc/target")]
    [InlineData("../../../../../../../../etc/target")]
    public void Links_are_followed_as_the_host_itself_would(string target)
    {
        using var folder = new TestFolder("files");
        folder.Write("etc/target", "inside");
        File.CreateSymbolicLink(folder.Root + "/etc/link", target);
        var file = new HostFiles(folder.Root).Read("/etc/link");
        Assert.Equal((FileState.Read, "inside", "/etc/target"), (file.State, file.Text, file.RealPath));
    }

    [Fact]
    public void No_link_leads_out_of_the_root()
    {
        using var folder = new TestFolder("files");
        using var outside = new TestFolder("outside");
        outside.Write("secret", "secret");
        folder.Write("etc/x", "");
        File.CreateSymbolicLink(folder.Root + "/etc/absolute", outside.Root + "/secret");
        File.CreateSymbolicLink(folder.Root + "/etc/folder", outside.Root);
        File.CreateSymbolicLink(folder.Root + "/etc/relative", "../.." + outside.Root + "/secret");
        var files = new HostFiles(folder.Root);
        Assert.All(["/etc/absolute", "/etc/folder/secret", "/etc/relative", "/../.." + outside.Root + "/secret"], path => Assert.Equal(FileState.Missing, files.Read(path).State));
        Assert.Empty(files.List("/etc/folder", out _));
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        using var folder = new TestFolder("files");
        folder.Write("etc/x", "");
        File.CreateSymbolicLink(folder.Root + "/etc/a", "b");
        File.CreateSymbolicLink(folder.Root + "/etc/b", "a");
        File.CreateSymbolicLink(folder.Root + "/etc/c", "c/c/c/c");
        var files = new HostFiles(folder.Root);
        Assert.Equal(FileState.Missing, files.Read("/etc/a").State);
        Assert.Equal(FileState.Missing, files.Read("/etc/c").State);
    }

    [Fact]
    public void The_trail_names_every_path_on_the_way()
    {
        using var folder = new TestFolder("files");
        folder.Write("etc/letsencrypt/archive/mx/cert1.pem", "x");
        Directory.CreateDirectory(folder.Root + "/etc/letsencrypt/live/mx");
        File.CreateSymbolicLink(folder.Root + "/etc/letsencrypt/live/mx/cert.pem", "../../archive/mx/cert1.pem");
        File.CreateSymbolicLink(folder.Root + "/etc/cert.pem", "/etc/letsencrypt/live/mx/cert.pem");
        var file = new HostFiles(folder.Root).Read("/etc/cert.pem");
        Assert.True(file.PassesThrough("/etc/letsencrypt/live/mx"));
        Assert.True(file.PassesThrough("/etc/letsencrypt/archive/mx"));
        Assert.False(file.PassesThrough("/etc/letsencrypt/live/m"));
    }

    [Fact]
    public async Task Pipes_folders_and_what_is_too_large_are_said_and_not_read()
    {
        using var folder = new TestFolder("files");
        folder.Write("etc/x", "");
        await PeerProcess.RunAsync("/usr/bin/mkfifo", [folder.Root + "/etc/pipe"], cancellationToken: TestContext.Current.CancellationToken);
        await using (var large = File.Create(folder.Root + "/etc/large")) large.SetLength(HostFiles.MaximumLength + 1L);
        var files = new HostFiles(folder.Root);
        Assert.Equal([FileState.Special, FileState.Folder, FileState.TooLarge, FileState.Missing, FileState.Missing], new[] { "/etc/pipe", "/etc", "/etc/large", "/etc/x/y", "/none" }.Select(path => files.Read(path).State));
    }

    [Theory]
    [InlineData("/etc/*.conf", "/etc/a.conf /etc/b.conf")]
    [InlineData("/etc/?.conf", "/etc/a.conf /etc/b.conf")]
    [InlineData("/etc/[a-a].conf", "/etc/a.conf")]
    [InlineData("/etc/[!a].conf", "/etc/b.conf")]
    [InlineData("/e*/b.conf", "/etc/b.conf")]
    [InlineData("/etc/none*", "")]
    [InlineData("/etc/*.*n*f", "/etc/a.conf /etc/b.conf")]
    [InlineData("/etc/*c*[f]", "/etc/a.conf /etc/b.conf")]
    [InlineData("/etc/**[a].c*", "/etc/a.conf")]
    [InlineData("/etc/*a*a*", "")]
    [InlineData("/etc/plain", "/etc/plain")]
    public void Wildcards_stand_for_what_is_there_in_order(string pattern, string expected)
    {
        using var folder = new TestFolder("files");
        folder.Write("etc/b.conf", "");
        folder.Write("etc/a.conf", "");
        folder.Write("etc/.hidden.conf", "");
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Globs.Expand(new HostFiles(folder.Root), pattern, out _).Where(path => path == "/etc/plain" || File.Exists(folder.Root + path)));
    }
}
