using System.Runtime.Versioning;
using Danelaw.Operator.Processes;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Rollover.Running;

/// <summary>Into which folders root puts a key.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ChainInstallerTests : IDisposable
{
    private readonly TestFolder _folder = new("installer");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0b111_101_101, false, false)]
    [InlineData(0b111_101_101, true, false)]
    [InlineData(0b111_111_111, false, true)]
    [InlineData(0b111_111_111, true, true)]
    [InlineData(0b1_111_111_111, false, true)]
    public void A_folder_that_others_may_write_to_is_no_place_for_a_key_that_root_brings(int mode, bool isLink, bool isRefused)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        var real = _folder.Write("real/chain.pem", "before");
        var file = isLink ? Path.Combine(Directory.CreateDirectory(_folder.Root + "/link").FullName, "chain.pem") : real;
        if (isLink) File.CreateSymbolicLink(file, real);
        TestFolder.SetMode(Path.GetDirectoryName(file)!, mode);
        void Install() => new ChainInstaller(FaultPoints.None).Install(new(default, file, null, []), "after"u8);

        if (isRefused) Assert.Contains("could have the key given to themselves", Assert.Throws<IOException>(Install).Message, StringComparison.Ordinal);
        else Install();
        Assert.Equal(isRefused ? "before" : "after", File.ReadAllText(real));
    }

    [Fact]
    public void Who_may_read_the_file_by_an_access_list_may_read_the_one_that_takes_its_place()
    {
        var file = _folder.Write("real/chain.pem", "before");
        TestFolder.SetMode(Path.GetDirectoryName(file)!, 0b111_101_101);
        TestFolder.SetMode(file, 0b110_100_000);

        // Version 2; owner rw, user 1234 r, group none, mask r, others none.
        byte[] list = [2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0xD2, 4, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255];
        Assert.SkipUnless(ExtendedAttributes.TrySet(file, "system.posix_acl_access", list), "the file system has no access lists");
        new ChainInstaller(FaultPoints.None).Install(new(default, file, null, []), "after"u8);
        Assert.Equal("after", File.ReadAllText(file));
        Assert.True(ExtendedAttributes.TryRead(file, "system.posix_acl_access", out var kept));
        Assert.Equal(list, kept);
    }

    [Fact]
    public void An_attribute_that_cannot_be_carried_over_keeps_no_server_from_its_key_unless_it_says_who_may_read()
    {
        var (from, to) = (_folder.Write("from", "before"), Path.Combine(_folder.Root, "to"));
        Assert.SkipUnless(ExtendedAttributes.TrySet(from, "user.danelaw", "a note"u8), "the file system has no attributes");

        // A file that is not there takes none.
        Assert.Throws<IOException>(() => ExtendedAttributes.Copy(from, to, name => name == "user.danelaw"));
        ExtendedAttributes.Copy(from, to, name => name == ExtendedAttributes.AccessList);
    }

    [Fact]
    public void A_folder_that_is_made_lets_the_group_pass_that_is_to_read_the_file()
    {
        var mine = Danelaw.Operator.Audit.Files.FileStatus.Of(_folder.Root, out var owner) is Danelaw.Operator.Audit.Files.FileKind.Folder ? owner!.GroupId.ToString(System.Globalization.CultureInfo.InvariantCulture) : "0";
        var file = Path.Combine(_folder.Root, "made", "chain.pem");
        new ChainInstaller(FaultPoints.None).Install(new(default, file, mine, []), "after"u8);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void A_file_that_is_in_its_place_is_told_to_be_there_though_its_folder_cannot_be_flushed()
    {
        var file = _folder.Write("real/chain.pem", "before");
        TestFolder.SetMode(Path.GetDirectoryName(file)!, 0b111_101_101);
        var told = new ChainInstaller(FaultPoints.None, _ => throw new IOException("the disk is gone")).Install(new(default, file, null, []), "after"u8);
        Assert.Equal($"{file} holds its new chain, and may hold the old one again when power fails: the disk is gone", told);
        Assert.Equal("after", File.ReadAllText(file));
    }
}
