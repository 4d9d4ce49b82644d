using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;

namespace Danelaw.Operator.Tests.Audit.Postfix;

public sealed class SyntaxTests
{
    private static PostfixInstance Instance(string main, string master = "") => new("/etc/postfix", MainText.Read(main, "main.cf"), MasterText.Read(master, "master.cf"));

    [Fact]
    public void Lines_that_begin_with_blanks_go_on_across_comments_and_empty_lines()
    {
        var definitions = MainText.Read("a = 1\n# about b\nb = x,\n\n# within\n\ty\n   z\nc=\n", "main.cf").Definitions;
        Assert.Equal(["a=1 main.cf:1-1", "b=x,\ty   z main.cf:3-7", "c= main.cf:8-8"], definitions.Select(one => $"{one.Name}={one.Value} {one.Place}-{one.LastLine}"));
    }

    [Theory]
    [InlineData("a = 1\nb\n", "main.cf:2 missing '=' after attribute name True")]
    [InlineData("a b = 1\n", "main.cf:1 missing '=' after attribute name True")]
    [InlineData("= 1\n", "main.cf:1 missing attribute name True")]
    [InlineData("  a = 1\nb = 2\n", "main.cf:1 a logical line must not begin with blanks: nothing stands before it that it could go on with False")]
    public void What_Postfix_would_not_read_is_a_fault_with_its_line(string text, string fault) =>
        Assert.Equal(fault, Assert.Single(MainText.Read(text, "main.cf").Faults.Select(one => $"{one.Place} {one.Text} {one.IsFatal}")));

    [Fact]
    public void The_last_of_several_definitions_counts()
    {
        var instance = Instance("a = 1\na = 2\n");
        Assert.Equal("2", instance.Get("a").Value);
        Assert.Equal("a = 1", Assert.Single(instance.Overridden().Select(one => $"{one.Name} = {one.Value}")));
    }

    [Fact]
    public void A_service_sees_its_own_settings_first_and_the_last_of_them()
    {
        var instance = Instance("level = main\nderived = $level!\n", "smtp inet n - y - - smtpd\n  -o level=first -o { level = the last }\n  # -o level=comment\n");
        var service = Assert.Single(instance.Master.Services);
        Assert.Equal("the last", instance.Get("level", service).Value);
        Assert.Equal("the last!", instance.Get("derived", service).Value);
        Assert.Equal("main!", instance.Get("derived").Value);
        Assert.Equal("master.cf:2", instance.Get("level", service).Place!.ToString());
    }

    [Theory]
    [InlineData("smtp inet n - y - smtpd\n", "bad field count: a service has eight columns and its command's arguments")]
    [InlineData("smtp tcp n - y - - smtpd\n", "bad transport type 'tcp'")]
    [InlineData("smtp inet n - y - - smtpd -o level\n", "-o level: missing '=' after attribute name")]
    [InlineData("smtp inet n - y - - smtpd -o { level = x\n", "missing '}'")]
    public void What_master_would_not_read_is_a_fault(string text, string fault) =>
        Assert.Contains(MasterText.Read(text, "master.cf").Faults, one => one.Text == fault && one.IsFatal);

    [Theory]
    [InlineData("spam unix - n n - - pipe\n  user=debian-spamd argv=/usr/bin/spamc -f -e /usr/sbin/sendmail -oi -f ${sender} ${recipient}\n", "")]
    [InlineData("spam unix - n n - - pipe -v -o pipe_time=1 -s 5 -o b=2 flags=R -o c\n", "pipe_time, b")]
    public void The_first_word_that_is_no_option_ends_them_as_in_getopt(string text, string names)
    {
        var master = MasterText.Read(text, "master.cf");
        Assert.Empty(master.Faults);
        Assert.Equal(names, string.Join(", ", Assert.Single(master.Services).Options.Select(option => option.Name)));
    }

    [Theory]
    [InlineData("25", 25, "")]
    [InlineData("smtp", 25, "")]
    [InlineData("192.0.2.1:smtp", 25, "192.0.2.1")]
    [InlineData("[2001:db8::1]:25", 25, "[2001:db8::1]")]
    [InlineData("submissions", 465, "")]
    [InlineData("localhost:10025", 10025, "localhost")]
    public void The_first_column_of_inet_services_is_a_port(string name, int port, string address)
    {
        var listener = Assert.Single(Listener.Of(Instance("", $"{name} inet n - n - - smtpd\n")));
        Assert.Equal((port, address), (listener.Port, listener.Address));
    }

    [Fact]
    public void Behind_postscreen_stands_the_smtpd_that_it_hands_over_to()
    {
        var listener = Assert.Single(Listener.Of(Instance("", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n  -o x=y\n")));
        Assert.True(listener.IsScreened);
        Assert.Equal("smtpd", listener.Smtpd.Name);
    }

    [Fact]
    public void A_list_is_words_between_blanks_and_commas_and_braces_hold_both() =>
        Assert.Equal(["a", "{ b, c }", "inline:{ d=e, { f = g h } }", "!i"], Words.OfList("a, { b, c }\n inline:{ d=e, { f = g h } } !i"));

    [Theory]
    [InlineData("hash:/etc/x", "hash", "/etc/x")]
    [InlineData("proxy:mysql:/etc/x", "mysql", "/etc/x")]
    [InlineData("inline:{a=b}", "inline", "{a=b}")]
    public void A_table_is_a_type_and_a_name(string word, string type, string name)
    {
        Assert.True(TableName.TryParse(word, out var table));
        Assert.Equal((type, name), (table.Type, table.Name));
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("/etc/postfix/domains")]
    [InlineData("[2001:db8::1]:25")]
    public void Names_paths_and_addresses_are_no_tables(string word) => Assert.False(TableName.TryParse(word, out _));

    [Fact]
    public void Domains_come_from_names_files_tables_and_inline_lists_and_what_cannot_be_listed_is_named()
    {
        using var host = new HostFolder();
        host.Write("/etc/postfix/vdomains", "# customers\none.example anything\nTWO.example\tx\n\"three.example\" x\nuser@four.example x\n")
            .Write("/etc/postfix/relay", "five.example\nhash:/etc/postfix/vdomains\n")
            .Main("virtual_alias_domains = hash:/etc/postfix/vdomains, inline:{ { six.example = x }, seven.example=y }\nvirtual_mailbox_domains = proxy:mysql:/etc/postfix/sql.cf unionmap:{static:x,hash:/etc/postfix/gone}\nrelay_domains = /etc/postfix/relay !not.example .eight.example\n");
        var instance = new PostfixInstance("/etc/postfix", MainText.Read(File.ReadAllText(host.Here("/etc/postfix/main.cf")), "/etc/postfix/main.cf"), MasterText.Read("", ""));
        var list = DomainList.Of(instance, host.Files);
        Assert.Equal(["eight.example", "example.org", "five.example", "mx.example.org", "one.example", "seven.example", "six.example", "three.example", "two.example"], list.Domains.Select(domain => domain.Name));
        Assert.Equal("/etc/postfix/vdomains:3", list.Domains.Single(domain => domain.Name == "two.example").Place.ToString());
        Assert.Equal(["mysql:/etc/postfix/sql.cf True", "unionmap:{static:x,hash:/etc/postfix/gone} True"], list.Unlisted.Select(table => $"{table.Table} {table.IsOracle}"));
    }

    [Theory]
    [InlineData("2:3.7.11-0+deb12u1", 3, 7, 11)]
    [InlineData("3.9-20240101", 3, 9, 0)]
    [InlineData("3.10.0_rc1", 3, 10, 0)]
    public void A_version_is_its_branch_and_patch_level(string text, int major, int minor, int patch)
    {
        Assert.True(PostfixVersion.TryParse(text, out var version));
        Assert.Equal((major, minor, patch), (version.Major, version.Minor, version.Patch));
    }

    [Theory]
    [InlineData("3.7.12", true)]
    [InlineData("3.7.13", false)]
    [InlineData("3.5.25", false)]
    [InlineData("3.9.1", true)]
    [InlineData("3.9.2", false)]
    [InlineData("3.10.0", false)]
    [InlineData("3.6.16", true)]
    public void The_wrong_default_for_insecure_mx_is_that_of_some_releases(string text, bool isWrong)
    {
        Assert.True(PostfixVersion.TryParse(text, out var version));
        Assert.Equal(isWrong, PostfixDefaults.HasWrongInsecureMxPolicy(version));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("!SSLv2, !SSLv3", true)]
    [InlineData(">=TLSv1.2", true)]
    [InlineData("TLSv1", false)]
    [InlineData("TLSv1, TLSv1.3", true)]
    [InlineData("!TLSv1.2 !TLSv1.3", false)]
    [InlineData("<=TLSv1.1", false)]
    [InlineData(">=TLSv1.3", true)]
    public void Protocol_lists_are_judged_by_whether_a_modern_version_is_left(string list, bool hasModern) => Assert.Equal(hasModern, ProtocolSet.HasModern(list));
}
