using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Testing.Peers;
using Microsoft.Data.Sqlite;

namespace Danelaw.Operator.Tests.Rollover.Running;

public sealed class RolloverStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TestFolder _folder = new("store");

    public void Dispose() => _folder.Dispose();

    private static RolloverState State => new()
    {
        Slots = [new("ecdsa", RolloverPieces.Chains[0] with { Leaf = RolloverPieces.Chains[0].Key }, RolloverPieces.Chains[1] with { Leaf = RolloverPieces.Chains[1].Key }, RolloverPieces.Set(2)) { Leaving = RolloverPieces.Chains[3] with { Leaf = RolloverPieces.Chains[3].Key } }, new("rsa", RolloverPieces.Chains[2] with { Leaf = RolloverPieces.Chains[2].Key }, null, TlsaSet.Empty)],
        Phase = RolloverPhase.Waiting,
        Held = [new(RolloverPieces.Set(2), TimeSpan.FromSeconds(123.456), true)],
        Over = [.. RolloverPieces.Set(1).Records],
        LastLook = new("boot", TimeSpan.FromSeconds(9876.5)),
        TimesToLive = TimeToLiveMemory.Empty.See([TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(60)], TimeSpan.Zero, true),
        Foreign = RolloverPieces.Set(8),
        Retired = [RolloverPieces.Chains[3].Key],
        Owners = ["_25._tcp.mx.example.org."],
        Servers = [new("_25._tcp.mx.example.org.", "ns1.example.org. 192.0.2.1", RolloverPieces.Set(3), null), new("_25._tcp.mx.example.org.", "ns2.example.org. 192.0.2.2", RolloverPieces.Set(1), TimeSpan.FromSeconds(77)) { TimeToLive = TimeSpan.FromSeconds(300), NamedFor = TimeSpan.FromDays(3), IsSilent = true }],
    };

    [Fact]
    public void A_library_that_is_not_there_is_told_with_what_to_do_the_second_time_as_the_first()
    {
        const string Said = "libe_sqlite3.so, which keeps the state of rollovers, must lie beside danelaw: copy the whole folder, or install the package";
        Assert.Equal(Said, RolloverStore.FindFault(() => throw new DllNotFoundException("e_sqlite3")));
        Assert.Equal(Said, RolloverStore.FindFault(() => throw new TypeInitializationException("Microsoft.Data.Sqlite.SqliteConnection", new System.Reflection.TargetInvocationException(new DllNotFoundException("e_sqlite3")))));
        Assert.Null(RolloverStore.FindFault());
    }

    [Fact]
    public void A_file_without_content_has_nothing_to_read()
    {
        // What a run leaves that ended between making the file and filling it.
        Assert.Null(RolloverStore.OpenToRead(_folder.Write("rollover.db", "")));
    }

    [Fact]
    public void A_state_comes_back_as_it_was_kept()
    {
        Assert.True(StateText.TryRead(StateText.Write(State), out var back));
        Assert.Equal(State, back);

        // A TTL that only an old copy of the zone may have still.
        var state = State with { TimesToLive = State.TimesToLive.See([TimeSpan.FromSeconds(60)], TimeSpan.Zero, false).See([TimeSpan.FromSeconds(60)], TimeSpan.FromDays(7), false) };
        Assert.True(StateText.TryRead(StateText.Write(state), out back));
        Assert.Equal((1, 2), (back.TimesToLive.Entries.Length, back.TimesToLive.Copies.Length));
        Assert.Equal(state, back);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Of_a_state_that_kept_no_silence_every_server_may_have_been_the_silent_one_where_a_look_missed_one(bool isWhole, bool isSilent)
    {
        var state = State with { Held = [new(RolloverPieces.Set(2), TimeSpan.FromSeconds(5), isWhole)], Servers = [.. State.Servers.Select(known => known with { IsSilent = false })] };

        Assert.True(StateText.TryRead(StateText.Write(state).Replace("\"Copies\":", "\"Copied\":", StringComparison.Ordinal), out var older));

        Assert.All(older.Servers, known => Assert.Equal(isSilent, known.IsSilent));
    }

    [Fact]
    public void A_file_of_the_form_before_this_one_is_read_and_one_of_any_other_form_is_told()
    {
        var path = _folder["rollover.db"];
        var older = State with { Owners = [], Servers = [] };
        using (var store = RolloverStore.Open(path)!) store.Save("mx", new(older, Now, Now, RolloverWait.Caches, null, []), [], []);
        Do("UPDATE roll SET state = replace(replace(replace(state, '\"Copies\":', '\"Copied\":'), '\"Owners\":[],', ''), '\"Servers\":[],', '')", "PRAGMA user_version = 2");
        using (var reader = RolloverStore.OpenToRead(path)!) Assert.Equal(older, reader.Read("mx")!.State);
        using (var store = RolloverStore.Open(path)!) Assert.Equal(older, store.Read("mx")!.State);
        Do("PRAGMA user_version = 1");
        Assert.Contains("form 1, and this one knows 3", Assert.Throws<RolloverStoreException>(() => RolloverStore.Open(path)).Message, StringComparison.Ordinal);

        void Do(params string[] commands)
        {
            using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            connection.Open();
            foreach (var text in commands)
            {
                using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written above.
                command.CommandText = text;
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            }
        }
    }

    [Fact]
    public void A_file_that_others_may_read_is_not_even_looked_at()
    {
        var path = _folder["rollover.db"];
        RolloverStore.Open(path)!.Dispose();
        TestFolder.SetMode(path, 0b110_100_100);
        Assert.Contains("it holds private keys, and others than its owner may read or change it: chmod 600", Assert.Throws<RolloverStoreException>(() => RolloverStore.OpenToRead(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_noted_of_a_roll_is_known_for_a_day_and_goes_with_it()
    {
        using var store = RolloverStore.Open(_folder["rollover.db"])!;
        store.Note("mx", "one", Now);
        Assert.Equal(Now, store.NotedToday("mx", "one", Now.AddHours(23)));
        Assert.Null(store.NotedToday("mx", "two", Now));
        Assert.Null(store.NotedToday("other", "one", Now));
        Assert.Null(store.NotedToday("mx", "one", Now.AddDays(1)));

        // A clock that was set back knows nothing of what is to come.
        Assert.Null(store.NotedToday("mx", "one", Now.AddHours(-1)));
        store.Forget("mx");
        Assert.Null(store.NotedToday("mx", "one", Now));
    }

    [Fact]
    public void A_state_that_is_cut_anywhere_is_not_believed()
    {
        var text = StateText.Write(State);
        for (var length = 0; length < text.Length; length++) Assert.False(StateText.TryRead(text[..length], out _));
    }

    [Theory]
    [InlineData("\"Waiting\"", "\"Steady\"")]
    [InlineData("\"Waiting\"", "\"7\"")]
    [InlineData("\"Time\":1234560000", "\"Time\":null")]
    [InlineData("3 1 1 ", "3 1 ")]
    public void A_state_that_contradicts_itself_is_not_believed(string from, string to)
    {
        var text = StateText.Write(State);
        Assert.Contains(from, text, StringComparison.Ordinal);
        Assert.False(StateText.TryRead(text.Replace(from, to, StringComparison.Ordinal), out _));
    }

    [Fact]
    public void What_is_kept_is_read_by_the_next_process()
    {
        var path = _folder["a/b/rollover.db"];
        using (var store = RolloverStore.Open(path)!) store.Save("mx", new(State, Now, Now.AddSeconds(1), RolloverWait.Caches, TimeSpan.FromSeconds(5), ["a", "b"]) { Faults = ["b"] }, [], ["it began", "it went on"]);
        using var again = RolloverStore.Open(path)!;
        var kept = again.Read("mx")!;
        Assert.Equal((State, Now, Now.AddSeconds(1), RolloverWait.Caches, TimeSpan.FromSeconds(5)), (kept.State, kept.Since, kept.Looked, kept.Wait, kept.Remaining));
        Assert.Equal(["a", "b"], kept.Problems);
        Assert.Equal(["b"], kept.Faults);
        Assert.Equal(["it went on", "it began"], again.Events("mx", 10).Select(one => one.What));
        Assert.Null(again.Read("other"));
    }

    [Theory]
    [InlineData("no database at all, but long enough to be taken for the beginning of a file that is one: a hundred octets at least")]
    [InlineData("x")]
    public void A_file_that_is_none_of_ours_is_told_by_its_name_and_left_alone(string content)
    {
        var path = _folder.Write("rollover.db", content);
        var fault = Assert.Throws<RolloverStoreException>(() => RolloverStore.Open(path)?.Dispose());
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", fault.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void A_damaged_page_is_told()
    {
        var path = _folder["rollover.db"];
        using (var store = RolloverStore.Open(path)!) store.Save("mx", new(State, Now, Now, RolloverWait.Caches, null, []), [], Enumerable.Range(0, 500).Select(number => $"event {number}"));
        var octets = File.ReadAllBytes(path);
        for (var page = 4096; page < octets.Length; page += 4096) octets.AsSpan(page, 200).Fill(0xff);
        File.WriteAllBytes(path, octets);
        Assert.Throws<RolloverStoreException>(() => RolloverStore.Open(path)?.Dispose());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told()
    {
        var path = _folder.Write("file", "") + "/rollover.db";
        Assert.Contains(path, Assert.Throws<RolloverStoreException>(() => RolloverStore.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_looks_where_nothing_is_kept() => Assert.Null(RolloverStore.OpenToRead(_folder["none.db"]));
}
