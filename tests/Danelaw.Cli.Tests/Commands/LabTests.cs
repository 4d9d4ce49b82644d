using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Danelaw.Cli.Tests.Rendering;
using Danelaw.Cli.Tests.Running;

namespace Danelaw.Cli.Tests.Commands;

public sealed class LabTests
{
    [Fact]
    public async Task Lab_up_tells_the_options_that_lead_to_it_and_ends_when_its_time_is_over()
    {
        var run = await CommandRun.OfAsync("lab", "up", "--duration", "0", "--seed", "7");

        Assert.Equal(0, run.Code);
        Assert.Equal("", run.Error);
        Assert.Matches("danelaw check good.lab --resolver 127.101.0.53:\\d+ --trust-anchor \\S+/root.ds --connect-to :25::\\d+\n", run.Output);
        Assert.Contains("  mismatch.lab           failing       a new key, and the record was forgotten\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_gives_the_options_alone()
    {
        var run = await CommandRun.OfAsync("lab", "up", "--duration", "0", "-q");

        Assert.Matches("^--resolver 127[.0-9]+:\\d+ --trust-anchor \\S+/root.ds --connect-to :25::\\d+\n$", run.Output);
    }

    [Fact]
    public async Task Json_fits_its_schema_and_the_anchor_file_is_gone_afterwards()
    {
        var run = await CommandRun.OfAsync("lab", "up", "--duration", "0", "--json");

        await SchemaTests.AssertValidAsync("lab", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.False(File.Exists(document.RootElement.GetProperty("trustAnchorFile").GetString()));
    }

    [Fact]
    public async Task Everything_is_written_where_it_is_wanted_and_private_keys_for_their_owner_only()
    {
        var folder = Directory.CreateTempSubdirectory("danelaw-lab-test");
        try
        {
            var run = await CommandRun.OfAsync(["lab", "up", "--duration", "0", "--write", "out"], folder: folder.FullName);

            Assert.Equal(0, run.Code);
            foreach (var file in (string[])["root.ds", "root.key", "delv.conf", "README.txt", "zones/root.zone", "zones/lab.zone", "zones/good.lab.zone", "certificates/root.pem", "certificates/issuing.pem"])
                Assert.True(File.Exists(Path.Combine(folder.FullName, "out", file)), file);
            var keys = Directory.GetFiles(Path.Combine(folder.FullName, "out", "certificates"), "*.key");
            Assert.NotEmpty(keys);
            if (OperatingSystem.IsWindows()) return;
            foreach (var key in keys) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_to_be_taken()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.101.0.53"), 0));
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;

        var run = await CommandRun.OfAsync("lab", "up", "--seed", "7", "--port", $"{port}");

        Assert.Equal(1, run.Code);
        Assert.Equal($"danelaw: error: the lab cannot listen on port {port}: address already in use\ndanelaw: hint: without --port a free one is taken\n", run.Error);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_misuse()
    {
        var run = await CommandRun.OfAsync("lab", "up", "--duration", "0", "--write", "/proc/nowhere");

        Assert.Equal(2, run.Code);
        Assert.StartsWith("danelaw: error: cannot write to /proc/nowhere: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--seed", "-1")]
    [InlineData("--duration", "soon")]
    public async Task Numbers_out_of_bounds_are_misuse(string option, string value) =>
        Assert.Equal(2, (await CommandRun.OfAsync("lab", "up", option, value)).Code);
}
