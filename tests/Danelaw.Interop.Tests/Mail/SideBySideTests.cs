using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>Mail servers that Debian does not install together stand side by side: one is installed, the others are unpacked.</summary>
[Peer("postfix"), Peer("exim"), Peer("opensmtpd")]
public sealed class SideBySideTests
{
    [Fact]
    public void The_sendmail_of_Postfix_is_not_hidden_by_that_of_another_mail_server()
    {
        Peer.RequireOwnNetwork();
        Peer.Require("postfix");
        Peer.Require("exim4");
        Peer.Require("smtpd");

        // Exim's is a link to exim4, OpenSMTPD's one to smtpctl; Postfix's is a program.
        foreach (var program in (string[])["/usr/sbin/sendmail", "/usr/bin/mailq", "/usr/bin/newaliases"])
        {
            var file = new FileInfo(program);
            Assert.Equal("/usr/sbin/sendmail", (file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName);
        }

        // OpenSMTPD's stands in another folder, which a PATH has before.
        Assert.False(File.Exists("/usr/sbin/newaliases"));
    }
}
