using System.Diagnostics;

namespace Danelaw.Cli.Tests.Running;

/// <summary>What only a process of its own can show: pipes, signals, full disks.</summary>
public sealed class ProcessTests
{
    private static Process Start(params string[] args)
    {
        // Whoever runs the tests in the background of a script ignores SIGINT, and so would what they start.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add("--default-signal=INT,TERM,HUP");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Danelaw.Cli.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }

    private static Process Shell(string command)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");

        // The command, not a folder that bears its name.
        start.ArgumentList.Add(System.Text.RegularExpressions.Regex.Replace(command, "(?<![-\\w/])danelaw(?= )", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Danelaw.Cli.dll")}'"));
        return Process.Start(start)!;
    }

    private static async Task<(int Code, string Output, string Error)> EndAsync(Process process)
    {
        var stop = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var error = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output, await error);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        using var process = Start("--version");
        var (code, output, error) = await EndAsync(process);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^danelaw \d+\.\d+\.\d+\n$", output);
    }

    /// <summary>The program alone, copied without what lies beside it.</summary>
    [Theory]
    [InlineData("rollover status --config")]
    [InlineData("setup --rollover --dry-run --root / --publisher")]
    public async Task Without_the_library_that_keeps_the_state_nothing_is_begun_that_needs_it(string command)
    {
        using var folder = new Testing.Peers.TestFolder("alone");
        var settings = folder.Write("rollover.toml", "[[roll]]\nname = \"mx\"\nowners = [\"mx.example.org:25\"]\nreload = []\nchain = [{ file = \"/mx.pem\", offers = [\"/live\"] }]\npublisher = { kind = \"manual\" }\n");
        if (command.StartsWith("setup", StringComparison.Ordinal)) settings = folder.Write("publisher.toml", "kind = \"manual\"\n");
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json")) File.Copy(file, Path.Combine(folder.Root, Path.GetFileName(file)));
        using var process = Shell($"dotnet '{folder["Danelaw.Cli.dll"]}' {command} '{settings}'");
        var (code, output, error) = await EndAsync(process);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("danelaw: error: libe_sqlite3.so, which keeps the state of rollovers, must lie beside danelaw", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_ends_a_publication_that_waits_is_told_what_stays()
    {
        using var folder = new Testing.Peers.TestFolder("ended");
        folder.Write("zone", "$ORIGIN example.org.\n@ 3600 IN SOA ns hostmaster 7 3600 600 604800 300\n@ NS ns\nns A 192.0.2.53\n");
        using var process = Shell($"cd '{folder.Root}'; timeout -s TERM 8 danelaw publish mx.example.org --to zone-file --file zone --zone example.org --tlsa '3 1 1 {new string('a', 64)}' --resolver 127.0.0.1:9 --timeout 100ms --tries 1");
        var (_, output, error) = await EndAsync(process);
        Assert.Equal("", output);
        Assert.EndsWith("danelaw: hint: what was published stays; the same command goes on waiting\n", error, StringComparison.Ordinal);
        Assert.Contains("TLSA", await File.ReadAllTextAsync(folder["zone"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_pipe_ends_it_quietly()
    {
        using var process = Shell("danelaw explain TLSA-MISMATCH TLSA-NONE | true; echo ${PIPESTATUS[0]}");
        Assert.Equal((0, "141\n", ""), await EndAsync(process));
    }

    [Fact]
    public async Task Metrics_can_be_read_by_the_user_who_collects_them_whatever_the_mask()
    {
        using var folder = new Testing.Peers.TestFolder("mask");
        using var process = Shell($"cd '{folder.Root}'; umask 077; danelaw check @/dev/null -q --prometheus a.prom --junit a.xml; stat -c %a a.prom a.xml; chmod 640 a.prom; danelaw check @/dev/null -q --prometheus a.prom; stat -c %a a.prom");
        Assert.Equal("644\n600\n640\n", (await EndAsync(process)).Output);
    }

    [Theory]
    [InlineData("danelaw check @-", 3)]
    [InlineData("danelaw zone check -", 1)]
    [InlineData("danelaw tlsa create - --name a.example", 2)]
    public async Task A_closed_input_is_an_empty_one(string command, int code)
    {
        using var process = Shell($"timeout -s KILL 20 {command} <&- > /dev/null 2>&1; echo $?");
        Assert.Equal($"{code}\n", (await EndAsync(process)).Output);
    }

    [Theory]
    [InlineData("echo good.test |", "")]
    [InlineData("", "<<< good.test")]
    public async Task What_comes_through_a_pipe_or_a_file_is_read(string before, string behind)
    {
        await using var upstream = OddUpstream.Silent();
        using var process = Shell($"{before} danelaw check @- --json --resolver {upstream.Address} --timeout 1s {behind}");
        Assert.Contains("\"target\":\"good.test\"", (await EndAsync(process)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("danelaw explain TLSA-NONE")]
    [InlineData("danelaw doctor --root .")]
    [InlineData("danelaw doctor --root . --json")]
    public async Task A_full_disk_is_said_and_is_no_fault_of_ours(string command)
    {
        using var process = Shell($"{command} > /dev/full");
        Assert.Equal((2, "", "danelaw: error: cannot write the results: no space left on device\n"), await EndAsync(process));
    }

    [Fact]
    public async Task What_a_full_disk_stops_leaves_nothing_behind()
    {
        var folder = Directory.CreateTempSubdirectory("full-disk").FullName;
        try
        {
            // A file that may not grow fails as one on a full disk does.
            using var process = Shell($"""
                trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; cd {folder}; danelaw zone key make big.example > /dev/null
                (echo '@ SOA ns h 1 2 3 4 5'; echo '@ NS ns'; for i in $(seq 3000); do echo "h$i A 192.0.2.1"; done) > big
                ulimit -f 64
                danelaw zone sign big --origin big.example --key-folder . --out signed; echo $?
                ulimit -f 0
                danelaw zone key make other.example; echo $?
                ls
                """);
            var (code, output, error) = await EndAsync(process);
            Assert.Equal((0, 2), (code, error.Split('\n').Count(line => line.StartsWith("danelaw: error: cannot ", StringComparison.Ordinal))));
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(["2", "2", "Kbig", "Kbig", "big"], lines.Select(line => line.Split('.')[0]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_that_is_replaced_keeps_its_permission_bits_and_owner()
    {
        var folder = Directory.CreateTempSubdirectory("kept-owner").FullName;
        try
        {
            using var process = Shell($"""
                cd {folder}; danelaw zone key make small.example > /dev/null
                (echo '@ SOA ns h 1 2 3 4 5'; echo '@ NS ns') > small; touch signed; chmod 640 signed; [ $(id -u) != 0 ] || chown nobody:nogroup signed
                before=$(stat -c '%a %U %G' signed); danelaw zone sign small --origin small.example --key-folder . --out signed > /dev/null
                [ "$before" = "$(stat -c '%a %U %G' signed)" ] && [ -s signed ] && echo kept
                """);
            Assert.Equal((0, "kept\n"), (await EndAsync(process)) is var (code, output, _) ? (code, output) : default);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("danelaw --version")]
    [InlineData("danelaw explain null-mx")]
    [InlineData("danelaw explain no-such-thing")]
    public async Task A_terminal_gets_no_control_sequences_but_colours(string command)
    {
        // script(1) gives the command a terminal for all three streams.
        using var process = Shell($"script -qec \"stty cols 60; {command}\" /dev/null < /dev/null; true");
        var (_, output, _) = await EndAsync(process);
        Assert.NotEmpty(output);
        Assert.DoesNotMatch("\e(?!\\[[0-9]*m)", output);
        Assert.DoesNotContain(output.Split('\n'), line => line.TrimEnd('\r').Length > 70);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_ends_it_with_the_code_that_shells_give(string signal, int expected)
    {
        await using var upstream = OddUpstream.Silent();
        using var process = Start("check", "example.org", "--resolver", upstream.Address, "--timeout", "60s");
        await upstream.Asked;
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        var (code, output, error) = await EndAsync(process);
        Assert.Equal((expected, "", ""), (code, output, error));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_terminal_that_goes_away_ends_it_in_order_as_SIGTERM_does(string signal)
    {
        using var process = Start("lab", "up");
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        Assert.Equal(0, (await EndAsync(process)).Code);
    }
}
