using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Testing.Peers;

namespace Danelaw.Tests.Certificates;

public sealed class TrustStoreTests
{
    private static readonly Octets A = Forge.Root("A").Make();
    private static readonly Octets B = Forge.Root("B").Make();
    private static readonly Octets C = Forge.Root("C").Make();

    [Fact]
    public void The_variables_of_OpenSSL_say_where_the_machines_authorities_are()
    {
        using var folder = new TestFolder("trust");
        var file = folder.Write("bundle.pem", Pem(A));
        folder.Write("first/0123abcd.0", Pem(B));
        folder.Write("first/0123abcd.12", Pem(C));
        folder.Write("first/unhashed.pem", Pem(Forge.Root("D").Make()));
        folder.Write("first/0123ABCD.0", Pem(Forge.Root("E").Make()));
        folder.Write("second/89ef0123.0", Pem(A));

        var store = TrustStore.ReadSystem(name => name switch { "SSL_CERT_FILE" => file, "SSL_CERT_DIR" => $"{folder.Root}/first:{folder.Root}/second:{folder.Root}/absent", _ => null });

        Assert.Equal(3, store.Count);
        Assert.True(store.Contains(A) && store.Contains(B) && store.Contains(C));
    }

    [Fact]
    public void Variables_that_lead_nowhere_give_an_empty_store()
    {
        var store = TrustStore.ReadSystem(name => name switch { "SSL_CERT_FILE" => "/nonexistent/file", "SSL_CERT_DIR" => "/nonexistent/folder", _ => null });
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void A_file_of_authorities_is_read_or_says_what_is_wrong()
    {
        using var folder = new TestFolder("trust");
        Assert.True(TrustStore.TryRead(folder.Write("bundle.pem", Pem(A) + Pem(B) + Pem(A)), out var store, out _));
        Assert.Equal(2, store.Count);
        Assert.False(TrustStore.TryRead(folder["absent"], out store, out var fault));
        Assert.Equal("there is no such file", fault);
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void What_is_no_certificate_is_left_out() => Assert.Equal(1, new TrustStore([A, default, new("x"u8.ToArray()), A]).Count);

    private static string Pem(Octets der) => PemEncoding.WriteString("CERTIFICATE", der.Span) + "\n";
}
