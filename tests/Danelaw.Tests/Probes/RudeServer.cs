using System.Net.Sockets;
using System.Security.Cryptography;
using Org.BouncyCastle.Tls;

namespace Danelaw.Tests.Probes;

/// <summary>What a server does once the handshake is done.</summary>
public enum After
{
    /// <summary>A record comes that does not decrypt.</summary>
    Garbage,

    /// <summary>A fatal alert comes in clear, as nobody who holds the keys would send it.</summary>
    AlertInClear,

    /// <summary>Words come that are no TLS.</summary>
    PlainText,

    /// <summary>The connection ends, without a word.</summary>
    Closed,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>A fatal alert comes within the session.</summary>
    Alert,

    /// <summary>The client is answered, and then a fatal alert comes within the session.</summary>
    AnswerAndAlert,
}

/// <summary>A TLS server that is sound until the client takes leave, as it does at once where it speaks first.</summary>
public static class RudeServer
{
    public static LoopbackServer Start(After after, bool isTls13) => new(async (stream, socket) => await Task.Run(() =>
    {
        var protocol = new Protocol(stream);
        protocol.Accept(new OddTlsServer { Ecdsa = LoopbackServer.EcCertificate, Versions = [isTls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12] });

        // The client has ended its handshake too when it takes leave; what comes earlier could be taken for a part of it.
        _ = socket.Receive(new byte[1]);
        if (after == After.AnswerAndAlert) protocol.WriteApplicationData("ERROR :bye\r\n"u8);
        if (after is After.Alert or After.AnswerAndAlert) protocol.Alert(AlertDescription.internal_error);
        stream.Write(after switch
        {
            After.Garbage => [23, 3, 3, 0, 64, .. RandomNumberGenerator.GetBytes(64)],
            After.AlertInClear => [21, 3, 3, 0, 2, 2, 80],
            After.PlainText => "500 what is this?\r\n"u8,
            After.Closed or After.Reset or After.Alert or After.AnswerAndAlert => [],
        });
        if (after == After.Reset) socket.LingerState = new(true, 0);
        if (after is After.Closed or After.Reset) return;

        // What the client says meanwhile is read, or the connection would be reset.
        socket.Shutdown(SocketShutdown.Send);
        while (socket.Receive(new byte[1024]) > 0)
        {
        }
    }));

    private sealed class Protocol(Stream stream) : TlsServerProtocol(stream)
    {
        public void Alert(short description) => HandleException(description, "as the test wants it", new IOException());
    }
}
