using System.Globalization;
using Danelaw.Dns;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Danelaw.Tests.Probes;
using Org.BouncyCastle.Security;

namespace Danelaw.Tests.Hostile;

/// <summary>What can be done to a client in the handshake itself.</summary>
internal static class HandshakeHostilities
{
    private const byte ServerHello = 2;
    private const byte Certificate = 11;
    private const byte ServerKeyExchange = 12;
    private const byte CertificateVerify = 15;
    internal const byte Finished = 20;

    private static readonly byte[] Alerts = [0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 90, 100, 109, 110, 111, 112, 113, 114, 115, 116, 120, 255];

    internal static IEnumerable<Hostility> All =>
    [
        Raw("says nothing in place of its hello", guest => guest.SilenceAsync()),
        Raw("closes the connection in place of its hello", guest => guest.FinishAsync()),
        Raw("resets the connection in place of its hello", guest =>
        {
            guest.Reset();
            return Task.CompletedTask;
        }),
        Raw("sends noise in place of its hello", SendAsync(Noise(5000))),
        Raw("sends zeros in place of its hello", SendAsync(new byte[5000])),
        Raw("greets as SSH in place of its hello", SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray())),
        Raw("sends the client's own hello back", async guest =>
        {
            var hello = await guest.HearHelloAsync();
            await guest.SendAsync((byte[])[22, 3, 3, (byte)(hello.Length >> 8), (byte)(hello.Length & 255), .. hello]);
            await guest.FinishAsync();
        }, hears: false),
        Raw("sends half of a record's head and closes", SendAsync([22, 3, 3])),
        Raw("sends a record that is cut short and closes", SendAsync([22, 3, 3, 0, 80, ServerHello, 0, 0, 76, 3, 3])),
        Raw("sends a record that is cut short and says nothing more", async guest =>
        {
            await guest.SendAsync(new byte[] { 22, 3, 3, 0, 80, ServerHello, 0, 0, 76, 3, 3 });
            await guest.SilenceAsync();
        }),
        Raw("sends a record of 65535 octets", SendAsync([22, 3, 3, 255, 255, .. Noise(65535)])),
        Raw("sends a record of an unknown type", SendAsync([99, 3, 3, 0, 4, 1, 2, 3, 4])),
        Raw("sends a record of an unknown version", SendAsync([22, 9, 9, 0, 4, 14, 0, 0, 0])),
        Raw("sends data of the application in place of its hello", SendAsync([23, 3, 3, 0, 32, .. Noise(32)])),
        Raw("sends its hello one octet a second", guest => guest.DripAsync([22, 3, 3, 0, 80, ServerHello, 0, 0, 76, 3, 3, .. new byte[74]])),
        Raw("sends warnings without end", guest => guest.FloodAsync([21, 3, 3, 0, 2, 1, 90])),
        Raw("sends ChangeCipherSpec without end", guest => guest.FloodAsync([20, 3, 3, 0, 1, 1])),
        Raw("sends empty records without end", guest => guest.FloodAsync([22, 3, 3, 0, 0])),
        Raw("sends HelloRequest without end", guest => guest.FloodAsync([22, 3, 3, 0, 4, 0, 0, 0, 0])),
        Raw("sends HelloRequest without end, one octet a record", guest => guest.FloodAsync([22, 3, 3, 0, 1, 0])),
        Raw("sends data of the application without end", guest => guest.FloodAsync([23, 3, 3, 0x40, 0, .. Noise(16384)])),
        Raw("sends a hello of 16 MB", async guest =>
        {
            await guest.SendAsync(new byte[] { 22, 3, 3, 0, 4, ServerHello, 255, 255, 255 });
            await guest.FloodAsync([22, 3, 3, 0x40, 0, .. new byte[16384]]);
        }),
        Raw("sends HelloRetryRequest again and again", RetryAsync, hears: false),
        Raw("chooses SSL 3.0", SendAsync(Hello([3, 0], [0xC0, 0x2B]))),
        Raw("chooses a cipher suite without a certificate", SendAsync(Hello([3, 3], [0x00, 0x34]))),
        Raw("chooses a cipher suite without encryption", SendAsync(Hello([3, 3], [0x00, 0x3B]))),
        .. Alerts.SelectMany(alert => new[] { OneAlert(alert, 2, "fatal alert"), OneAlert(alert, 1, "warning") }),
        .. new[] { true, false }.SelectMany(AtMessages),
        .. Enum.GetValues<Lie>().Where(lie => lie != Lie.None).SelectMany(lie => new[] { Lying(lie, true), Lying(lie, false) }),
    ];

    /// <summary>A server that shows the genuine chain with the genuine key, but for what is altered.</summary>
    internal static LyingTlsServer Server(bool isTls13, Lie lie = Lie.None, Func<byte[], (byte[], Action?)>? alter = null, IReadOnlyList<Octets>? shown = null, ServerKey? own = null, KeyAlgorithm kind = KeyAlgorithm.Ecdsa, Action<Action<byte[]>>? afterwards = null, bool exchangesByRsa = false) =>
        new(lie, kind, isTls13) { ExchangesByRsa = exchangesByRsa, Afterwards = afterwards, Alter = alter, Shown = shown ?? Genuine.Chain, Own = own ?? GenuineKey };

    /// <summary>The key of the genuine leaf.</summary>
    internal static ServerKey GenuineKey { get; } = new(
        PrivateKeyFactory.CreateKey(Signing.EcKey(Trial.Host, System.Security.Cryptography.ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKey()), Genuine.Leaf, new(Signing.EcdsaSha256.PublicKeyOf(Trial.Host)));

    /// <summary>Speaks honestly up to TLS, and is that server then.</summary>
    internal static Func<Guest, Task> Tls(Func<Guest, LyingTlsServer> server) => async guest =>
    {
        await guest.SpeakAsync();
        await server(guest).ServeAsync(guest.Stream, guest.Socket);
    };

    internal static string Version(bool isTls13) => isTls13 ? "TLS 1.3" : "TLS 1.2";

    private static IEnumerable<Hostility> AtMessages(bool isTls13)
    {
        (byte Type, string Name)[] messages = [(ServerHello, "its hello"), (Certificate, "its certificates"), (isTls13 ? CertificateVerify : ServerKeyExchange, "its signature"), (Finished, "its Finished")];
        foreach (var (type, name) in messages)
        {
            yield return Stopping(isTls13, type, $"closes the connection in place of {name}", 0, guest => guest.FinishAsync());
            yield return Stopping(isTls13, type, $"resets the connection in place of {name}", 0, ResetAsync);
            yield return Stopping(isTls13, type, $"says nothing in place of {name}", 0, guest => guest.SilenceAsync());
            yield return Stopping(isTls13, type, $"closes the connection in the middle of {name}", 0.5, guest => guest.FinishAsync());
            yield return Stopping(isTls13, type, $"stops in the middle of {name}", 0.5, guest => guest.SilenceAsync());

            // Of TLS 1.2 the Finished is the last of all: a second one comes when the key is proven.
            if (isTls13 || type != Finished) yield return Altering(isTls13, type, $"sends {name} twice", message => [.. message, .. message]);
            yield return Altering(isTls13, type, $"leaves {name} empty", message => [message[0], 0, 0, 0]);
            yield return Altering(isTls13, type, $"makes {name} 16 MB long", message => [message[0], 255, 255, 255, .. new byte[1 << 20]]);
        }
    }

    private static Hostility Stopping(bool isTls13, byte type, string does, double part, Func<Guest, Task> end) => new(Stage.Handshake, $"{does} ({Version(isTls13)})", Tls(guest => Server(isTls13, alter: message =>
        message[0] != type ? (message, null) : (message[..(int)(message.Length * part)], () =>
        {
            end(guest).GetAwaiter().GetResult();
            throw new IOException("the rest is left out");
        }))));

    private static Hostility Altering(bool isTls13, byte type, string does, Func<byte[], byte[]> alter) =>
        new(Stage.Handshake, $"{does} ({Version(isTls13)})", Tls(_ => Server(isTls13, alter: message => (message[0] == type ? alter(message) : message, null))));

    private static Hostility Lying(Lie lie, bool isTls13) => new(Stage.Handshake, $"{Words(lie)} ({Version(isTls13)})", Tls(_ => Server(isTls13, lie)));

    private static string Words(Lie lie) => lie switch
    {
        Lie.None => throw new ArgumentOutOfRangeException(nameof(lie)),
        Lie.ForeignKey => "shows another's certificate and signs with a key of its own",
        Lie.OtherTranscript => "shows another's certificate and a signature of his that was seen elsewhere",
        Lie.OtherScheme => "says that its signature is of another scheme",
        Lie.SignatureCut => "cuts its signature short",
        Lie.SignatureLonger => "adds an octet to its signature",
        Lie.SignatureEmpty => "sends an empty signature",
        Lie.SignatureZero => "sends a signature of zeros",
        Lie.NumbersZero => "sends a signature of the numbers 0 and 0",
        Lie.FinishedTurned => "turns a bit of its Finished",
        Lie.FinishedLeftOut => "sends an alert in place of its Finished",
        Lie.SignatureLeftOut => "leaves its signature out and goes on",
        Lie.BrokenOff => "half-closes the connection where its signature should come",
    };

    private static Hostility OneAlert(byte alert, byte level, string kind) =>
        Raw(string.Create(CultureInfo.InvariantCulture, $"sends the {kind} {alert} and closes"), SendAsync([21, 3, 3, 0, 2, level, alert]));

    private static Hostility Raw(string does, Func<Guest, Task> play, bool hears = true) => new(Stage.Handshake, does, async guest =>
    {
        await guest.SpeakAsync();
        if (hears) await guest.HearHelloAsync();
        await play(guest);
    });

    private static Func<Guest, Task> SendAsync(byte[] octets) => async guest =>
    {
        await guest.SendAsync(octets);
        await guest.FinishAsync();
    };

    private static Task ResetAsync(Guest guest)
    {
        guest.Reset();
        return Task.CompletedTask;
    }

    /// <summary>RFC 8446 §4.1.4: asks for another group's share, time and again.</summary>
    private static async Task RetryAsync(Guest guest)
    {
        while (true)
        {
            var hello = await guest.HearHelloAsync();
            if (hello.Length == 1) continue;
            if (hello[0] != 1)
            {
                await guest.FinishAsync();
                return;
            }

            var session = hello.AsSpan(38, 1 + hello[38]).ToArray();
            byte[] body =
            [
                3, 3, .. Convert.FromHexString("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C"), .. session, 0x13, 0x01, 0,
                0, 12, 0, 0x2B, 0, 2, 3, 4, 0, 0x33, 0, 2, 0, 0x18,
            ];
            await guest.SendAsync((byte[])[22, 3, 3, 0, (byte)(body.Length + 4), ServerHello, 0, 0, (byte)body.Length, .. body]);
        }
    }

    private static byte[] Hello(byte[] version, byte[] suite)
    {
        byte[] body = [.. version, .. new byte[32], 0, .. suite, 0];
        return [22, 3, 3, 0, (byte)(body.Length + 4), ServerHello, 0, 0, (byte)body.Length, .. body];
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(8446).NextBytes(noise);
        return noise;
    }
}
