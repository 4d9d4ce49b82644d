using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Testing.Peers;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>What real primaries say seldom: a server of the test's own that answers an update in every way that RFC 2136 and RFC 8945 know, and in ways that they do not.</summary>
public sealed class PrimaryTests : IDisposable
{
    private const string Secret = "kp4/24gyYsEzbuTVJRUMoqGFmN3LYgVDzJ/3oRSP7ys=";

    private static readonly DomainName Zone = DomainName.Parse("example.org.");
    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org.");
    private static readonly TsigKey Key = TsigKey.TryParse($"hmac-sha256:update-key.:{Secret}", out var key) ? key : throw new InvalidOperationException();
    private static readonly TsigKey OtherKey = TsigKey.TryParse("hmac-sha256:update-key.:AAAA", out var key) ? key : throw new InvalidOperationException();
    private static readonly TlsaSet Wanted = TlsaSet.Of(TlsaRecord.TryParse("3 1 1 " + new string('a', 64), out var record, out _) ? record : default);

    private readonly TestFolder _folder = new("primary");

    public void Dispose() => _folder.Dispose();

    /// <summary>How the server answers an update.</summary>
    /// <param name="request">Its TSIG record's verdict.</param>
    /// <param name="reply">The reply without TSIG.</param>
    private delegate byte[]? Answering(TsigVerdict request, DnsMessage reply);

    private static byte[] Signed(TsigVerdict request, DnsMessage reply, TsigKey? key = null) => new TsigSigner(key ?? Key, request.Record!.Value.Mac).Sign(reply.Write(), TimeProvider.System.GetUtcNow());

    private static byte[] Refused(TsigVerdict request, DnsMessage reply, TsigOutcome outcome) => TsigSigner.Refuse((reply with { ResponseCode = ResponseCode.NotAuthoritative }).Write(), request with { Outcome = outcome }, TimeProvider.System.GetUtcNow());

    private Task<PublishResult> PublishAsync(Answering answer) => AskAsync(answer, publisher => publisher.PublishAsync(new(Owner, TlsaSet.Empty, Wanted, 300), TestContext.Current.CancellationToken));

    private async Task<PublishResult> AskAsync(Answering answer, Func<IZonePublisher, ValueTask<PublishResult>> ask)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = ServeAsync(listener, answer);
        var file = _folder.Write("key", $"hmac-sha256:update-key.:{Secret}");
        TestFolder.SetMode(file, 0b110_000_000);
        var settings = new PublisherSettings.Update("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, null, file);
        var result = await ask(ZonePublisher.Create(settings, new() { Time = TimeProvider.System, ExchangeLimit = TimeSpan.FromSeconds(20) }));
        Assert.DoesNotContain(Secret, result.Detail, StringComparison.Ordinal);
        return result;
    }

    [Theory, Rfc(2136, "2.2"), Rfc(2136, "3.2")]
    [InlineData(ResponseCode.YXRRSet, PublishOutcome.Changed, "somebody else")]
    [InlineData(ResponseCode.NXRRSet, PublishOutcome.Changed, "somebody else")]
    [InlineData(ResponseCode.YXDomain, PublishOutcome.Changed, "somebody else")]
    [InlineData(ResponseCode.NameError, PublishOutcome.Changed, "somebody else")]
    [InlineData(ResponseCode.Refused, PublishOutcome.Refused, "grant update-key. zonesub TLSA")]
    [InlineData(ResponseCode.NotAuthoritative, PublishOutcome.Refused, "NOTAUTH")]
    [InlineData(ResponseCode.NotZone, PublishOutcome.Refused, "NOTZONE")]
    [InlineData(ResponseCode.ServerFailure, PublishOutcome.Unreachable, "SERVFAIL")]
    [InlineData(ResponseCode.NotImplemented, PublishOutcome.Refused, "NOTIMP")]
    [InlineData(ResponseCode.FormatError, PublishOutcome.Refused, "FORMERR")]
    public async Task A_response_code_is_told_with_what_it_means(ResponseCode code, PublishOutcome outcome, string text)
    {
        var result = await PublishAsync((request, reply) => Signed(request, reply with { ResponseCode = code }));

        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(text, result.Detail, StringComparison.Ordinal);
    }

    [Theory, Rfc(8945, "5.3.2"), Rfc(8945, "5.2")]
    [InlineData(TsigOutcome.BadKey, "BADKEY")]
    [InlineData(TsigOutcome.BadSignature, "BADSIG")]
    [InlineData(TsigOutcome.BadTime, "BADTIME")]
    [InlineData(TsigOutcome.BadTruncation, "BADTRUNC")]
    public async Task A_refusal_of_the_key_is_told_with_what_to_do(TsigOutcome refusal, string text)
    {
        var result = await PublishAsync((request, reply) => Refused(request, reply, refusal));

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains(text, result.Detail, StringComparison.Ordinal);
    }

    [Fact, Rfc(8945, "5.2.3")]
    public async Task Of_clocks_that_are_apart_both_are_told()
    {
        var theirs = TimeProvider.System.GetUtcNow().AddHours(-2);
        var result = await PublishAsync((request, reply) => TsigSigner.Refuse((reply with { ResponseCode = ResponseCode.NotAuthoritative }).Write(), request with { Outcome = TsigOutcome.BadTime }, theirs));

        Assert.Contains($"(BADTIME): its clock says {theirs:yyyy-MM-dd HH:}", result.Detail, StringComparison.Ordinal);
        Assert.Contains($", this machine's {theirs.AddHours(2):yyyy-MM-dd}", result.Detail, StringComparison.Ordinal);
        Assert.EndsWith("s apart; set the wrong one by NTP (timedatectl set-ntp true)", result.Detail, StringComparison.Ordinal);
    }

    [Theory, Rfc(2136, "3.2")]
    [InlineData(ResponseCode.NoError, PublishOutcome.Done, "")]
    [InlineData(ResponseCode.YXRRSet, PublishOutcome.Done, "")]
    [InlineData(ResponseCode.Refused, PublishOutcome.Refused, "refuses to change")]
    [InlineData(ResponseCode.NotAuthoritative, PublishOutcome.Refused, "NOTAUTH")]
    [InlineData(ResponseCode.ServerFailure, PublishOutcome.Unreachable, "SERVFAIL")]
    public async Task A_rehearsal_is_a_signed_update_without_a_change(ResponseCode code, PublishOutcome outcome, string text)
    {
        var changes = -1;
        var result = await AskAsync(
            (request, reply) =>
            {
                changes = request.Outcome == TsigOutcome.Verified ? _changes : -1;
                return Signed(request, reply with { ResponseCode = code });
            },
            publisher => publisher.RehearseAsync(Owner, TestContext.Current.CancellationToken));

        Assert.Equal((outcome, 0), (result.Outcome, changes));
        Assert.Contains(text, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_finds_a_key_that_is_not_known()
    {
        var result = await AskAsync((request, reply) => Refused(request, reply, TsigOutcome.BadKey), publisher => publisher.RehearseAsync(Owner, TestContext.Current.CancellationToken));
        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("BADKEY", result.Detail, StringComparison.Ordinal);
    }

    [Fact, Rfc(8945, "5.3")]
    public async Task A_yes_that_the_key_did_not_sign_is_not_believed()
    {
        Answering[] forged =
        [
            (_, reply) => reply.Write(),
            (request, reply) => Signed(request, reply, OtherKey),
            (request, reply) => Signed(request with { Record = request.Record!.Value with { Mac = new(new byte[32]) } }, reply),
            (request, reply) => Signed(request, reply with { Id = (ushort)(reply.Id ^ 1) }),
        ];
        foreach (var answer in forged)
        {
            var result = await PublishAsync(answer);
            Assert.Equal(PublishOutcome.Unknown, result.Outcome);
            Assert.NotEmpty(result.Detail);
        }
    }

    [Fact]
    public async Task An_update_that_was_sent_and_not_answered_may_have_been_made() => Assert.Equal(PublishOutcome.Unknown, (await PublishAsync((_, _) => null)).Outcome);

    [Fact, Rfc(2136, "3.4.2.2")]
    public async Task A_yes_without_the_records_is_told()
    {
        var result = await PublishAsync((request, reply) => Signed(request, reply));

        Assert.Equal(PublishOutcome.Unknown, result.Outcome);
        Assert.Contains("then had something else", result.Detail, StringComparison.Ordinal);
    }

    /// <summary>How many records the last update was to change.</summary>
    private int _changes;

    /// <summary>Questions are answered as by a zone without the records; updates as the test says.</summary>
    private async Task ServeAsync(TcpListener listener, Answering answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var wire = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(wire);
                using var verifier = new TsigVerifier(Key);
                var request = verifier.Verify(wire, TimeProvider.System.GetUtcNow());
                Assert.True(DnsMessage.TryRead(wire, out var message, out _));
                _changes = message.Authorities.Length;
                var reply = new DnsMessage { Id = message.Id, Opcode = message.Opcode, Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer, Questions = message.Questions };
                var answered = message.Opcode == Opcode.Update
                    ? answer(request, reply)
                    : Signed(request, reply with { Authorities = [new(Zone, RecordType.SOA, RecordClass.IN, 300, new SoaData(Zone, Zone, 1, 1, 1, 1, 300).ToOctets())] });
                if (answered is null) continue;
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answered.Length);
                await stream.WriteAsync(length);
                await stream.WriteAsync(answered);
            }
        }
        catch (Exception failure) when (failure is ObjectDisposedException or SocketException or IOException)
        {
            // The test is over.
        }
    }
}
