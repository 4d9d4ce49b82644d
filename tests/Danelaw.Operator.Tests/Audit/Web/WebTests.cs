using Danelaw.Operator.Audit.Web;

namespace Danelaw.Operator.Tests.Audit.Web;

public sealed class WebTests
{
    [Fact]
    public void Server_blocks_of_nginx_show_their_chains()
    {
        using var host = new HostFolder();
        host.Write("/etc/nginx/nginx.conf", "http {\n  include sites/*;\n}\n")
            .Write("/etc/nginx/sites/a", "server {\n  listen 443 ssl; # here\n  server_name mail.example.org 'other.example.org';\n  ssl_certificate /etc/ssl/chain.pem;\n  ssl_certificate_key /etc/ssl/key.pem;\n}\n");
        var use = Assert.Single(NginxConfiguration.Uses(NginxText.Read(host.Files, "/etc/nginx/nginx.conf"), []));
        Assert.Equal(["/etc/ssl/key.pem", "/etc/ssl/chain.pem"], use.Files);
        Assert.Equal("/etc/nginx/sites/a:4", use.Place.ToString());
    }

    [Fact]
    public void A_path_that_is_not_absolute_begins_at_the_folder_of_the_configuration_and_a_variable_is_unseen()
    {
        using var host = new HostFolder();
        host.Write("/etc/nginx/nginx.conf", "http {\n  server {\n    listen 443 ssl;\n    ssl_certificate certs/b.crt;\n    ssl_certificate_key certs/b.key;\n  }\n  server {\n    listen 443 ssl;\n    ssl_certificate /etc/ssl/$ssl_server_name.pem;\n    ssl_certificate_key /etc/ssl/$ssl_server_name.pem;\n  }\n}\n");
        var unseen = new List<Danelaw.Operator.Audit.Unseen>();
        var use = Assert.Single(NginxConfiguration.Uses(NginxText.Read(host.Files, "/etc/nginx/nginx.conf"), unseen));
        Assert.Equal(["/etc/nginx/certs/b.key", "/etc/nginx/certs/b.crt"], use.Files);
        Assert.Equal("nginx's certificate at /etc/nginx/nginx.conf:9", Assert.Single(unseen).What);
    }

    [Fact]
    public async Task Blocks_of_Lua_are_passed_over()
    {
        using var host = new HostFolder();
        host.Write("/etc/nginx/nginx.conf", "http {\n  server {\n    listen 80;\n    access_by_lua_block {\n      -- it's a } comment\n      local t = { a = \"}\", b = 'x' } if t.a == '{' then return end\n    }\n    set_by_lua_block $x { return \"a;b\" }\n    server_name a.example;\n  }\n}\n");
        Assert.Empty(await host.FindAsync());
    }

    [Fact]
    public async Task What_nginx_would_not_read_is_an_error()
    {
        using var host = new HostFolder();
        host.Write("/etc/nginx/nginx.conf", "http {\n  server {\n    listen 443 ssl;\n  }\n");
        Assert.StartsWith("error WEB-SYNTAX /etc/nginx/nginx.conf:", Assert.Single(await host.FindAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public void Virtual_hosts_of_Apache_show_their_chains()
    {
        using var host = new HostFolder();
        host.Write("/etc/apache2/apache2.conf", "Include sites-enabled/*.conf\n")
            .Write("/etc/apache2/sites-enabled/a.conf", "<VirtualHost *:443>\n  ServerName mail.example.org\n  SSLEngine on\n  SSLCertificateFile /etc/ssl/chain.pem\n  SSLCertificateKeyFile \"/etc/ssl/key.pem\"\n</VirtualHost>\n");
        var use = Assert.Single(ApacheConfiguration.Uses(ApacheText.Read(host.Files, "/etc/apache2/apache2.conf")));
        Assert.Equal(["/etc/ssl/key.pem", "/etc/ssl/chain.pem"], use.Files);
    }
}
