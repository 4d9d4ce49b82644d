using System.Text;
using Danelaw.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>What can be done to a client before TLS, at every reply of every service with STARTTLS.</summary>
internal static class DialogueHostilities
{
    private const int MostSteps = 3;

    private static readonly string[] Ordinals = ["first", "second", "third"];

    internal static IEnumerable<Hostility> All =>
    [
        Injection("sends a line of plain text in one packet with its consent to TLS", async guest =>
        {
            await guest.SpeakAsync(guest.Steps.Count - 1);
            await guest.HearAsync(guest.Steps.Count - 1);
            await guest.SendAsync((byte[])[.. guest.Steps[^1].Reply, .. "250 injected\r\n"u8]);
            await guest.FinishAsync();
        }),
        Injection("sends a line of plain text after its consent, before the client's hello", async guest =>
        {
            await guest.SpeakAsync(guest.Steps.Count);
            await guest.SendAsync("250 injected\r\n"u8.ToArray());
            await guest.FinishAsync();
        }),
        Injection("sends a line of plain text in place of its hello", async guest =>
        {
            await guest.SpeakAsync();
            await guest.HearHelloAsync();
            await guest.SendAsync("250 injected\r\n"u8.ToArray());
            await guest.FinishAsync();
        }),
        .. Enumerable.Range(0, MostSteps).SelectMany(AtStep),
        new(Stage.Dialogue, "sends one octet a second", async guest =>
        {
            for (var step = 0; step < guest.Steps.Count; step++)
            {
                await guest.HearAsync(step);
                await guest.DripAsync(guest.Steps[step].Reply);
            }

            await guest.HearRestAsync();
            await guest.HearHelloAsync();
            await guest.DripAsync(new byte[100]);
            await guest.SilenceAsync();

            // PostgreSQL's one octet is a whole reply: what drips then is in TLS's place, and is seen or not by chance.
        }) { At = service => HasDialogue(service) && service.Schemes[0] != "postgres" },
    ];

    internal static bool HasDialogue(Service service) => service.Before is not null;

    private static Hostility Injection(string does, Func<Guest, Task> play) => new(Stage.Dialogue, does, play) { At = HasDialogue };

    private static IEnumerable<Hostility> AtStep(int step)
    {
        var reply = $"its {Ordinals[step]} reply";
        yield return At(step, $"closes the connection in place of {reply}", guest => guest.FinishAsync());
        yield return At(step, $"resets the connection in place of {reply}", Now(guest => guest.Reset()));
        yield return At(step, $"says nothing in place of {reply}", guest => guest.SilenceAsync());
        yield return At(step, $"closes the connection in the middle of {reply}", guest => HalfAsync(guest, step, () => guest.FinishAsync()), HasHalves);
        yield return At(step, $"resets the connection in the middle of {reply}", guest => HalfAsync(guest, step, () => Now(_ => guest.Reset())(guest)), HasHalves);
        yield return At(step, $"stops in the middle of {reply}", guest => HalfAsync(guest, step, guest.SilenceAsync), HasHalves);
        yield return At(step, $"never ends {reply}, line after line", guest => EndlessAsync(guest, step), service => EndlessUnit(service, step) is not null);
        yield return At(step, $"never ends the first line of {reply}", async guest =>
        {
            await guest.SendAsync(guest.Steps[step].Reply.AsMemory(0, Math.Min(3, guest.Steps[step].Reply.Length - 1)));
            await guest.FloodAsync("x"u8.ToArray());
        });
        yield return At(step, $"sends noise in place of {reply}", async guest =>
        {
            var noise = new byte[3000];
            new Random(6120).NextBytes(noise);
            await guest.SendAsync(noise);
            await guest.FinishAsync();
        });
        yield return At(step, $"sends zeros without end in place of {reply}", guest => guest.FloodAsync([0]));
        yield return At(step, $"sends an alert of TLS in place of {reply}", async guest =>
        {
            await guest.SendAsync(Convert.FromHexString("15030300020228"));
            await guest.FinishAsync();
        });
        yield return At(step, $"sends a page of HTML in place of {reply}", async guest =>
        {
            await guest.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html><html><body>220 250 STARTTLS</body></html>\r\n"u8.ToArray());
            await guest.FinishAsync();
        });

        bool HasHalves(Service service) => HonestStep.Of(service.Protocol).Steps[step].Reply.Length > 1;
    }

    private static Func<Guest, Task> Now(Action<Guest> act) => guest =>
    {
        act(guest);
        return Task.CompletedTask;
    };

    private static Hostility At(int step, string does, Func<Guest, Task> play, Func<Service, bool>? at = null) => new(Stage.Dialogue, does, async guest =>
    {
        await guest.SpeakAsync(step);
        await guest.HearAsync(step);
        await play(guest);
    }) { At = service => HasDialogue(service) && HonestStep.Of(service.Protocol).Steps.Count > step && (at?.Invoke(service) ?? true) };

    private static async Task HalfAsync(Guest guest, int step, Func<Task> end)
    {
        var reply = guest.Steps[step].Reply;
        await guest.SendAsync(reply.AsMemory(0, reply.Length / 2));
        await end();
    }

    private static async Task EndlessAsync(Guest guest, int step)
    {
        var (before, unit) = EndlessUnit(guest.Service, step)!.Value;
        await guest.SendAsync(Encoding.Latin1.GetBytes(before));
        await guest.FloodAsync(Encoding.Latin1.GetBytes(unit));
    }

    /// <summary>What a reply goes on with, as the protocol has it; null where it ends with its first line.</summary>
    private static (string Before, string Unit)? EndlessUnit(Service service, int step) => (service.StartTls, step) switch
    {
        ("smtp" or "lmtp", 1) => ("", "250-SPAM\r\n"),
        ("smtp" or "lmtp", _) => ("", "220-spam\r\n"),
        ("imap", _) => ("", "* OK spam\r\n"),
        ("pop3", 1) => ("+OK\r\n", "SPAM\r\n"),
        ("sieve", _) => ("", "\"SPAM\" \"spam\"\r\n"),
        ("xmpp-client" or "xmpp-server", 0) => ("<stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features>", "<a xmlns='urn:spam'/>"),
        ("xmpp-client" or "xmpp-server", _) => ("", " "),
        ("ldap", _) => ("", "\x30\x15\x02\x01\x00\x78\x10\x0a\x01\x00\x04\x00\x04\x00\x8a\x07" + "1.3.6.1"),
        ("ftp", 0) => ("", "220-spam\r\n"),
        ("ftp", 1) => ("211-Features:\r\n", " SPAM\r\n"),
        ("ftp", _) => ("234-spam\r\n", "spam\r\n"),
        ("nntp", 1) => ("101 list\r\n", "SPAM\r\n"),
        ("irc", 0) => ("", ":irc.example CAP * LS * :spam\r\n"),
        ("irc", _) => ("", "PING :spam\r\n"),
        ("postgres", _) => ("E", "spam"),
        ("mysql", _) => ("\xff\xff\xff\x00", "spam"),
        _ => null,
    };
}
