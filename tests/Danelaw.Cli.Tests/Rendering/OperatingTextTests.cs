using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Setup;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>The operator's texts: lines of ours are lines, and a line break that came from elsewhere is shown.</summary>
public sealed class OperatingTextTests
{
    private static Page NewPage() => new(new PageStyle(false, 80));

    [Fact]
    public void A_command_in_what_was_not_seen_stands_on_a_line_of_its_own()
    {
        var page = NewPage();
        var unseen = new Unseen("mx.example.org", "192.0.2.25 port 25 could not be tested: 554 go\nall is well") { Mend = "Look from elsewhere:\ndanelaw check example.org --resolver 192.0.2.53" };
        DoctorText.Write(page, new("mx.example.org", [], [unseen], [], true), new HostFiles("/nonexistent"), new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("""
            mx.example.org: 0 errors, 0 warnings, 0 notes

            Not seen
              mx.example.org: 192.0.2.25 port 25 could not be tested: 554 go\nall is well
                -> Look from elsewhere:
                   danelaw check example.org --resolver 192.0.2.53

            """, page.ToString());
    }

    [Fact]
    public void The_lines_of_an_obstacles_mend_are_lines()
    {
        var page = NewPage();
        SetupText.WriteRest(page, new SetupPlan { Host = "mx.example.org", Obstacles = [new("It is so.", "Do this:\nnameserver 127.0.0.1", true)] }, new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("\nIn the way: It is so.\n  -> Do this:\n     nameserver 127.0.0.1\n", page.ToString());
    }

    [Fact]
    public void What_taking_back_would_do_is_told_with_what_is_waited_for()
    {
        var page = NewPage();
        var preview = new UndoPreview(SetupResult.Waiting)
        {
            Timers = ["danelaw-rollover.timer"],
            Files = [new("/etc/postfix/main.cf", UndoneAction.PutBack) { Difference = ["--- /etc/postfix/main.cf", "+++ /etc/postfix/main.cf", "@@ -1,1 +1,1 @@", "-a = b", "+a = c"] }, new("/var/lib/danelaw/chains/mx/ecdsa.pem", UndoneAction.TakenAway)],
            Reloads = [new(ManagedService.Postfix, "/etc/postfix")],
            Messages = ["Wait."],
        };
        UndoText.WritePlan(page, preview, "danelaw setup --undo", new Output(false, false, false, PageStyle.Pipe));
        Assert.Equal("""
            the servers cannot be put back yet. Nothing is altered now

            Wait.

            1. The rollover is stopped
               systemctl disable --now danelaw-rollover.timer

            2. The files are put back as they were

               --- /etc/postfix/main.cf
               +++ /etc/postfix/main.cf
               @@ -1,1 +1,1 @@
               -a = b
               +a = c

               /var/lib/danelaw/chains/mx/ecdsa.pem: taken away

            3. The servers read them
               postfix reload

            To do all this    danelaw setup --undo

            """, page.ToString());
    }
}
