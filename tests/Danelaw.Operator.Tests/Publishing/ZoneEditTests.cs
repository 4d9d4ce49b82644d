using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.ZoneFiles;
using Danelaw.Operator.Rollover;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>Zone files edited in place: whatever is not the RRset or the serial stays as it was typed.</summary>
public sealed class ZoneEditTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly TestFolder _folder = new("zone-edit");

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static TlsaRecord Record(string letters) => TlsaRecord.TryParse($"3 1 1 {string.Concat(Enumerable.Repeat(letters, 32))}", out var record, out var fault) ? record : throw new InvalidOperationException(fault);

    private static string Hex(string letters) => string.Concat(Enumerable.Repeat(letters, 32));

    private static TlsaSet Set(params string[] letters) => TlsaSet.Of(letters.Select(Record));

    private IZonePublisher Publisher(string file, params string[] reload) =>
        ZonePublisher.Create(new PublisherSettings.ZoneFile(file, DomainName.Parse("example.org."), [.. reload]), new() { Time = new FixedClock(Now) });

    /// <summary>Edits a zone file and gives its new text.</summary>
    private async Task<string> EditAsync(string text, TlsaSet before, TlsaSet after, uint timeToLive = 3600, string owner = "_25._tcp.mx.example.org.")
    {
        var file = _folder.Write("zone", text);
        var result = await Publisher(file).PublishAsync(new(DomainName.Parse(owner), before, after, timeToLive), Cancelled);
        Assert.True(result.Outcome == PublishOutcome.Done, $"{result.Outcome}: {result.Detail}");
        return await File.ReadAllTextAsync(file, Encoding.Latin1, Cancelled);
    }

    [Fact]
    public async Task A_rehearsal_finds_what_stands_in_the_way_and_changes_nothing()
    {
        var owner = DomainName.Parse("_25._tcp.mx.example.org.");
        var file = _folder.Write("zone", Head);
        Assert.Equal((PublishOutcome.Done, ""), ((await Publisher(file, "/bin/true").RehearseAsync(owner, Cancelled)) is var fine ? fine.Outcome : default, fine.Detail));
        Assert.Equal(Head, await File.ReadAllTextAsync(file, Cancelled));
        foreach (var (publisher, told) in new[]
        {
            (Publisher(_folder["moved"]), "moved"),
            (Publisher(_folder.Write("broken", Head + "mx A 1.2.3\n")), "/broken:6:"),
            (Publisher(file, "/nowhere/rndc"), "/nowhere/rndc cannot be run: there is no such program"),
            (ZonePublisher.Create(new PublisherSettings.Hook(["/nowhere/hook"], null), new() { Time = TimeProvider.System }), "/nowhere/hook cannot be run: there is no such program"),
        })
        {
            var found = await publisher.RehearseAsync(owner, Cancelled);
            Assert.NotEqual(PublishOutcome.Done, found.Outcome);
            Assert.Contains(told, found.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Whom_to_tell_of_an_edited_file_is_said_by_the_control_programs_that_are_here()
    {
        var file = new PublisherSettings.ZoneFile("/etc/zone", DomainName.Parse("example.org."), []);
        Assert.Equal("no reload command is set, and the server reads /etc/zone when it is told to: knotc zone-reload example.org (Knot)", UntoldServer.Advise(file, program => program == "knotc"));
        var all = UntoldServer.Advise(file, _ => false);
        foreach (var command in new[] { "rndc reload example.org (BIND)", "nsd-control reload example.org (NSD)", "pdns_control bind-reload-now example.org (PowerDNS)" }) Assert.Contains(command, all, StringComparison.Ordinal);
        Assert.Null(UntoldServer.Advise(file with { Reload = ["true"] }, _ => false));
        Assert.Null(UntoldServer.Advise(new PublisherSettings.Manual(null), _ => false));
    }

    private const string Head = "$TTL 3600\n@ IN SOA ns1 hostmaster ( 2026112501 ; serial\n  7200 900 1209600 300 )\n  NS ns1\n; the mail server\n";

    private const string Raised = "$TTL 3600\n@ IN SOA ns1 hostmaster ( 2026112600 ; serial\n  7200 900 1209600 300 )\n  NS ns1\n; the mail server\n";

    [Theory]
    [InlineData(null, null, PublishOutcome.Refused)]
    [InlineData("\0\0\0\u0002\0\0\0\u0001", null, PublishOutcome.Done)]
    [InlineData("", ";BIND LOG V9.2\n", PublishOutcome.Done)]
    [InlineData("; File written by dnssec-signzone\n", null, PublishOutcome.Refused)]
    public async Task The_file_of_a_zone_that_takes_dynamic_updates_is_left_alone_and_that_of_one_signed_inline_is_not(string? signed, string? journal, PublishOutcome outcome)
    {
        var isInline = outcome == PublishOutcome.Done;
        var text = $"{Head}mx A 192.0.2.25\n";
        var file = _folder.Write("zone", text);
        _folder.Write("zone.jnl", ";BIND LOG V9.2\n");
        if (signed is not null) _folder.Write("zone.signed", signed);
        if (journal is not null) _folder.Write("zone.signed.jnl", journal);

        var result = await Publisher(file).PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), TlsaSet.Empty, Set("aa"), 3600), Cancelled);

        Assert.Equal(outcome, result.Outcome);
        Assert.Equal(isInline, await File.ReadAllTextAsync(file, Encoding.Latin1, Cancelled) != text);
        if (!isInline) Assert.Contains("takes dynamic updates", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_is_replaced_where_it_stands_with_its_owner_blanks_and_comment() =>
        Assert.Equal(
            $"{Raised}mx\tA 192.0.2.25\n_25._tcp.mx   IN\tTLSA  3 1 1 {Hex("bb")} ; made by hand\nwww A 192.0.2.80\n",
            await EditAsync($"{Head}mx\tA 192.0.2.25\n_25._tcp.mx   IN\tTLSA  3 1 1 {Hex("AA")} ; made by hand\nwww A 192.0.2.80\n", Set("aa"), Set("bb")) is var text ? text.Replace("3600 TLSA", "TLSA", StringComparison.Ordinal) : "");

    [Fact]
    public async Task A_second_record_comes_behind_the_first_which_is_not_touched()
    {
        var text = await EditAsync($"{Head}mx A 192.0.2.25\n_25._tcp.mx 3600 IN TLSA 3 1 1 {Hex("aa")}  ; current\nwww A 192.0.2.80\n", Set("aa"), Set("aa", "bb"));

        Assert.Equal($"{Raised}mx A 192.0.2.25\n_25._tcp.mx 3600 IN TLSA 3 1 1 {Hex("aa")}  ; current\n_25._tcp.mx 3600 IN TLSA 3 1 1 {Hex("bb")}\nwww A 192.0.2.80\n", text);
    }

    [Fact]
    public async Task A_first_record_comes_behind_its_nearest_relative_relative_to_the_origin_there()
    {
        var text = await EditAsync($"{Head}$ORIGIN mx.example.org.\n@ A 192.0.2.25\n  AAAA 2001:db8::25\n$ORIGIN example.org.\nwww A 192.0.2.80\n", Set(), Set("aa"), 300);

        Assert.Equal($"{Raised}$ORIGIN mx.example.org.\n@ A 192.0.2.25\n  AAAA 2001:db8::25\n_25._tcp 300 IN TLSA 3 1 1 {Hex("aa")}\n$ORIGIN example.org.\nwww A 192.0.2.80\n", text);
    }

    [Fact]
    public async Task Who_stands_below_a_removed_record_without_an_owner_keeps_the_owner()
    {
        var text = await EditAsync($"{Head}_25._tcp.mx 3600 TLSA 3 1 1 {Hex("aa")}\n                 TXT \"beside\"\n   ; a comment\nwww A 192.0.2.80\n", Set("aa"), Set());

        Assert.Equal($"{Raised}_25._tcp.mx      TXT \"beside\"\n   ; a comment\nwww A 192.0.2.80\n", text);
        Assert.Equal(PublishOutcome.Unchanged, (await Publisher(_folder.Root + "/zone").PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set(), Set(), 300), Cancelled)).Outcome);
    }

    [Fact]
    public async Task A_record_that_stays_below_a_removed_one_without_an_owner_keeps_it_too()
    {
        var text = await EditAsync($"{Head}mx A 192.0.2.25\n_25._tcp.mx 3600 TLSA 3 1 1 {Hex("aa")}\n 3600 TLSA 3 1 1 {Hex("bb")}\nwww A 192.0.2.80\n", Set("aa", "bb"), Set("bb"));

        Assert.Equal($"{Raised}mx A 192.0.2.25\n_25._tcp.mx 3600 TLSA 3 1 1 {Hex("bb")}\nwww A 192.0.2.80\n", text);
    }

    [Fact]
    public async Task A_directive_between_does_not_part_a_record_from_the_owner_above()
    {
        var text = await EditAsync($"{Head}_25._tcp.mx 3600 TLSA 3 1 1 {Hex("aa")}\n$TTL 60\n$ORIGIN other.example.org.\n TXT \"beside\"\n", Set("aa"), Set());
        Assert.Equal($"{Raised}$TTL 60\n$ORIGIN other.example.org.\n_25._tcp.mx.example.org. TXT \"beside\"\n", text);

        text = await EditAsync($"{Head}mx A 192.0.2.25\n$ORIGIN other.example.org.\n AAAA 2001:db8::25\n", Set(), Set("aa"), 300);
        Assert.Equal($"{Raised}mx A 192.0.2.25\n$ORIGIN other.example.org.\n AAAA 2001:db8::25\n_25._tcp.mx.example.org. 300 IN TLSA 3 1 1 {Hex("aa")}\n", text);
    }

    [Theory]
    [InlineData("$TTL 3600\n@ SOA ns1 hostmaster 7 7200 900 1209600 300\n NS ns1\n_25._tcp.mx TLSA 3 1 1 AA\n$INCLUDE rest\n", "its owner into that line")]
    [InlineData("@ 3600 SOA ns1 hostmaster 7 7200 900 1209600 300\n NS ns1\n_25._tcp.mx 60 TLSA 3 1 1 AA\nwww A 192.0.2.80\n", "$TTL at the head")]
    public async Task An_edit_that_would_change_another_record_from_afar_is_refused_and_the_file_left_alone(string zone, string reason)
    {
        _folder.Write("rest", " TXT \"beside\"\n");
        var text = zone.Replace("AA", Hex("aa"), StringComparison.Ordinal);
        var file = _folder.Write("zone", text);
        var result = await Publisher(file).PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set("aa"), Set(), 300), Cancelled);

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains(reason, result.Detail, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file, Cancelled));
    }

    [Fact]
    public async Task A_file_that_is_included_for_two_names_is_not_edited_for_one_of_them()
    {
        _folder.Write("mail.inc", $"_25._tcp 3600 TLSA 3 1 1 {Hex("aa")}\n");
        var file = _folder.Write("zone", $"{Head}$INCLUDE mail.inc mx.example.org.\n$INCLUDE ./mail.inc mx2.example.org.\n");
        var result = await Publisher(file).PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set("aa"), Set("bb"), 3600), Cancelled);

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("another record", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zone_is_read_once_so_that_what_is_judged_is_what_is_edited()
    {
        var file = _folder.Write("zone", $"{Head}mx A 192.0.2.25\n");
        var snapshot = new ZoneSnapshot();
        using var first = new StreamReader(snapshot.Open(file));
        File.WriteAllText(file, "other\n");
        using var second = new StreamReader(snapshot.Open(Path.Combine(_folder.Root, ".", "zone")));

        Assert.Equal($"{Head}mx A 192.0.2.25\n", second.ReadToEnd());
        Assert.Equal(first.ReadToEnd(), string.Concat(snapshot.Text(file).Lines));
    }

    [Fact]
    public async Task Records_over_several_lines_and_with_generic_data_are_found_and_replaced()
    {
        var text = await EditAsync($"{Head}_25._tcp.mx 3600 IN TLSA ( 3 1 1 ; the key\n   {Hex("aa")[..32]}\n   {Hex("aa")[32..]} ) ; end\n_25._tcp.mx 3600 TYPE52 \\# 35 030101{Hex("bb")}\nwww A 192.0.2.80\n", Set("aa", "bb"), Set("cc", "dd"));

        Assert.Equal($"{Raised}_25._tcp.mx 3600 IN TLSA 3 1 1 {Hex("cc")} ; end\n_25._tcp.mx 3600 TYPE52 3 1 1 {Hex("dd")}\nwww A 192.0.2.80\n".Replace("TYPE52 3", "TYPE52 3", StringComparison.Ordinal), text.Replace("TLSA 3 1 1 " + Hex("dd"), "TYPE52 3 1 1 " + Hex("dd"), StringComparison.Ordinal));
        Assert.Equal(Set("cc", "dd"), (await Publisher(_folder.Root + "/zone").ReadAsync(DomainName.Parse("_25._tcp.mx.example.org."), Cancelled)).Records);
    }

    [Fact]
    public async Task The_TTL_is_changed_where_it_stands_and_written_where_none_is()
    {
        Assert.Contains($"_25._tcp.mx IN 60 TLSA 3 1 1 {Hex("aa")}\n", await EditAsync($"{Head}_25._tcp.mx IN 1h TLSA 3 1 1 {Hex("aa")}\n", Set("aa"), Set("aa"), 60), StringComparison.Ordinal);
        Assert.Contains($"_25._tcp.mx IN 60 TLSA 3 1 1 {Hex("aa")}\n", await EditAsync($"{Head}_25._tcp.mx IN TLSA 3 1 1 {Hex("aa")}\n", Set("aa"), Set("aa"), 60), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ends_octets_and_a_last_line_without_an_end_stay_as_they_are()
    {
        var crlf = $"{Head}note TXT \"gr\u00fc\u00dfe\"\nmx A 192.0.2.25".Replace("\n", "\r\n", StringComparison.Ordinal);
        var file = Path.Combine(_folder.Root, "zone");
        await File.WriteAllTextAsync(file, crlf, Encoding.Latin1, Cancelled);
        var result = await Publisher(file).PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set(), Set("aa"), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Done, result.Detail);
        Assert.Equal($"{Raised}note TXT \"gr\u00fc\u00dfe\"\nmx A 192.0.2.25\n_25._tcp.mx 300 IN TLSA 3 1 1 {Hex("aa")}\n".Replace("\n", "\r\n", StringComparison.Ordinal), await File.ReadAllTextAsync(file, Encoding.Latin1, Cancelled));
    }

    [Fact]
    public async Task A_record_in_an_included_file_is_changed_there_and_the_serial_where_it_is()
    {
        _folder.Write("mail.inc", $"_25._tcp 3600 TLSA 3 1 1 {Hex("aa")}\n");
        var text = await EditAsync($"{Head}$INCLUDE mail.inc mx.example.org.\nwww A 192.0.2.80\n", Set("aa"), Set("bb"));

        Assert.Equal($"{Raised}$INCLUDE mail.inc mx.example.org.\nwww A 192.0.2.80\n", text);
        Assert.Equal($"_25._tcp 3600 TLSA 3 1 1 {Hex("bb")}\n", await File.ReadAllTextAsync(_folder.Root + "/mail.inc", Cancelled));
    }

    [Theory, Rfc(1982, "3.2")]
    [InlineData(2026112501u, 2026112600u)]
    [InlineData(2026112600u, 2026112601u)]
    [InlineData(2026112699u, 2026112700u)]
    [InlineData(2027010100u, 2027010101u)]
    [InlineData(7u, 8u)]
    [InlineData(4294967295u, 1u)]
    [InlineData(1795694399u, 1795694400u)]
    [InlineData(1795690000u, 1795694400u)]
    [InlineData(1995130000u, 1995130001u)]
    public void A_serial_is_raised_in_its_own_style(uint serial, uint expected) => Assert.Equal(expected, SerialStyle.Next(serial, Now));

    [Theory]
    [InlineData("_25._tcp.mx CNAME dane.other.example.\n", "publish them at dane.other.example.")]
    [InlineData("mx DNAME other.example.\n", "DNAME")]
    [InlineData("mx NS ns.other.example.\n", "delegated")]
    [InlineData("@ RRSIG SOA 13 2 3600 20300101000000 20260101000000 1 @ AAAA\n", "signed zone")]
    [InlineData("$GENERATE 24-26 _$._tcp.mx TLSA 3 1 0 00\n", "$GENERATE")]
    [InlineData("mx A 1.2.3\n", "zone:6:6")]
    public async Task What_cannot_be_edited_is_refused_with_its_place_and_left_alone(string line, string reason)
    {
        var file = _folder.Write("zone", Head + line);
        var result = await Publisher(file).PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set(), Set("aa"), 300), Cancelled);

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains(reason, result.Detail, StringComparison.Ordinal);
        Assert.Equal(Head + line, await File.ReadAllTextAsync(file, Cancelled));
    }

    [Fact]
    public async Task Mode_link_and_everything_else_about_the_file_stay()
    {
        var file = _folder.Write("real/zone", $"{Head}mx A 192.0.2.25\n");
        TestFolder.SetMode(file, 0b110_100_000);
        var link = _folder["link"];
        File.CreateSymbolicLink(link, file);
        var result = await Publisher(link).PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set(), Set("aa"), 300), Cancelled);

        Assert.True(result.Outcome == PublishOutcome.Done, result.Detail);
        Assert.Equal(file, new FileInfo(link).ResolveLinkTarget(true)!.FullName);
        if (!OperatingSystem.IsWindows()) Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void Who_changes_the_file_between_reading_and_writing_is_noticed()
    {
        var file = _folder.Write("zone", $"{Head}mx A 192.0.2.25\n");
        var before = ZoneText.Of(file, File.ReadAllBytes(file));
        File.AppendAllText(file, "theirs A 192.0.2.1\n");
        var result = ZoneFileStore.Replace(before, before with { Lines = ["lost\n"] });

        Assert.Equal(PublishOutcome.Changed, result.Outcome);
        Assert.EndsWith("theirs A 192.0.2.1\n", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public async Task What_a_process_that_was_killed_left_behind_is_cleared_away_and_what_a_living_one_writes_is_not()
    {
        var dead = _folder.Write("zone.999999999-00000000.danelaw", "half");
        var living = _folder.Write($"zone.{Environment.ProcessId}-00000000.danelaw", "half");
        _ = await EditAsync($"{Head}mx A 192.0.2.25\n", Set(), Set("aa"));

        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(living));
    }

    [Fact]
    public async Task A_reload_command_that_fails_puts_the_records_back_under_a_later_serial_and_is_told_in_its_own_words()
    {
        var file = _folder.Write("zone", $"{Head}mx A 192.0.2.25\n");
        var seen = _folder.Root + "/seen";
        var result = await Publisher(file, Peer.Require("sh"), "-c", $"grep serial {file} >> {seen}; echo rndc: connect failed >&2; exit 1").PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set(), Set("aa"), 300), Cancelled);

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("rndc: connect failed", result.Detail, StringComparison.Ordinal);

        // Secondaries may have the serial of the edit, so that what was there before bears a later one; and the server is told of it.
        var back = Raised.Replace("2026112600", "2026112601", StringComparison.Ordinal);
        Assert.Equal($"{back}mx A 192.0.2.25\n", await File.ReadAllTextAsync(file, Cancelled));
        Assert.Equal(["2026112600", "2026112601"], (await File.ReadAllLinesAsync(seen, Cancelled)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[6]));
    }

    [Theory, Rfc(4592, "3.3.1")]
    [InlineData("*._tcp.mx TLSA {0}\n", true)]
    [InlineData("*.mx TLSA {0}\n", true)]
    [InlineData("* TLSA {0}\n", false)]
    [InlineData("*.mx TLSA {0}\n_443._tcp.mx TXT \"a name between\"\n", false)]
    [InlineData("*._tcp.mx TLSA {0}\n_25._tcp.mx TXT \"its own\"\n", false)]
    public async Task Records_that_would_hide_those_of_the_closest_wildcard_are_refused(string records, bool isRefused)
    {
        var file = _folder.Write("zone", $"{Head}mx A 192.0.2.25\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, records, Record("cc"))}");
        var result = await Publisher(file).PublishAsync(new(DomainName.Parse("_25._tcp.mx.example.org."), Set(), Set("aa"), 300), Cancelled);

        Assert.Equal(isRefused ? PublishOutcome.Refused : PublishOutcome.Done, result.Outcome);
        Assert.Equal(isRefused, result.Detail.Contains("a wildcard gives", StringComparison.Ordinal));
    }

    /// <summary>A clock that stands still.</summary>
    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
