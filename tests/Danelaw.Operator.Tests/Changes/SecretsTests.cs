using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Tests.Changes;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("smtp_sasl_password_maps = static:user:geheim", "smtp_sasl_password_maps = static:***")]
    [InlineData("smtp_sasl_password_maps = hash:/etc/postfix/sasl, static:user:geheim", "smtp_sasl_password_maps = hash:/etc/postfix/sasl, static:***")]
    [InlineData("smtp_sasl_password_maps = inline:{ { a = b:geheim } }", "smtp_sasl_password_maps = inline:***")]
    [InlineData("smtp_sasl_password_maps =\n  # or\n  static:user:geheim\nx = y", "smtp_sasl_password_maps =\n  ***\n  static:***\nx = y")]
    [InlineData("smtp_sasl_password_maps = inline:{\n  { a = b:geheim }\n }\nx = y", "smtp_sasl_password_maps = inline:***\n  ***\n  ***\nx = y")]
    [InlineData("#smtp_sasl_password_maps = static:user:geheim", "#smtp_sasl_password_maps = static:***")]
    [InlineData("smtp inet n - n - - smtp\n  -o smtp_sasl_password_maps=static:user:geheim", "smtp inet n - n - - smtp\n  -o smtp_sasl_password_maps=static:***")]
    [InlineData("ssl_key_password = geheim", "ssl_key_password = ***")]
    [InlineData("ssl_key_password = </etc/dovecot/pw", "ssl_key_password = </etc/dovecot/pw")]
    [InlineData("doveadm_password = geheim # auch", "doveadm_password = ***")]
    [InlineData("connect = host=db user=mail password=geheim dbname=mail", "connect = host=db user=mail password=***")]
    [InlineData("ldapusers_bind_pw = geheim\nldapusers_bind_dn = cn=mail", "ldapusers_bind_pw = ***\nldapusers_bind_dn = cn=mail")]
    [InlineData("  dnpass = geheim", "  dnpass = ***")]
    [InlineData("doveadm_api_key = geheim\noauth2_client_secret = auch\nintrospection_token=dies", "doveadm_api_key = ***\noauth2_client_secret = ***\nintrospection_token=***")]
    [InlineData("smtp_sasl_password_maps = hash:/etc/postfix/sasl\n  regexp:/etc/x", "smtp_sasl_password_maps = hash:/etc/postfix/sasl\n  regexp:/etc/x")]
    [InlineData("smtp_tls_security_level = dane\nvirtual_alias_maps = static:x", "smtp_tls_security_level = dane\nvirtual_alias_maps = static:x")]
    public void Passwords_are_blotted_and_nothing_else_is(string text, string shown) => Assert.Equal(shown, Secrets.Blot(text));

    [Fact]
    public void A_difference_shows_no_password_beside_what_it_alters()
    {
        var before = "smtp_sasl_password_maps = static:relayuser:S3cret\nsmtp_use_tls = yes\n";
        var difference = UnifiedDiff.Of("/etc/postfix/main.cf", before, PostfixEditor.RemoveParameter(before, "smtp_use_tls"));
        Assert.Contains(" smtp_sasl_password_maps = static:***", difference);
        Assert.Contains("-smtp_use_tls = yes", difference);
    }
}
