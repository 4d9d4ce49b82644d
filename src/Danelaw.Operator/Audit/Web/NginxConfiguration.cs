using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Audit.Certificates;

namespace Danelaw.Operator.Audit.Web;

/// <summary>The chains that nginx shows: those of its http, mail and stream servers.</summary>
internal static class NginxConfiguration
{
    internal static ImmutableArray<TlsUse> Uses(NginxText text)
    {
        var uses = ImmutableArray.CreateBuilder<TlsUse>();
        foreach (var context in text.Directives.Where(directive => directive.Name is "http" or "mail" or "stream"))
        {
            foreach (var server in context.Block.Where(directive => directive.Name == "server")) Add(context, server, uses);
        }

        return uses.ToImmutable();
    }

    private static void Add(NginxDirective context, NginxDirective server, ImmutableArray<TlsUse>.Builder uses)
    {
        var certificates = Of(server, "ssl_certificate");
        var keys = Of(server, "ssl_certificate_key");
        if (certificates.Length == 0) certificates = Of(context, "ssl_certificate");
        if (keys.Length == 0) keys = Of(context, "ssl_certificate_key");
        var names = server.Block.Where(directive => directive.Name == "server_name").SelectMany(directive => directive.Words.Skip(1)).ToArray();
        var ports = server.Block.Where(directive => directive.Name == "listen" && directive.Words.Length > 1).Select(directive => (Port: PortOf(directive.Words[1]), IsTls: directive.Words.Contains("ssl") || directive.Words.Contains("quic"))).ToArray();

        // Several pairs are several kinds of key of the same server (ngx_http_ssl_module).
        for (var i = 0; i < Math.Min(certificates.Length, keys.Length); i++)
        {
            var (certificate, key) = (certificates[i].Words[1], keys[i].Words[1]);
            if (certificate is not ['/', ..] || key is not ['/', ..] || certificate.Contains('$', StringComparison.Ordinal)) continue;
            uses.Add(new(ServerProgram.Nginx, $"nginx{(names.Length > 0 ? $", server {names[0]}" : "")}", names.FirstOrDefault() ?? "", key == certificate ? [certificate] : [key, certificate], false, certificates[i].Place)
            {
                KeyPlace = keys[i].Place,
                Ports = [.. ports.Where(port => port.IsTls || context.Name != "http").Select(port => port.Port).Distinct().Order()],
            });
        }
    }

    private static NginxDirective[] Of(NginxDirective block, string name) => [.. block.Block.Where(directive => directive.Name == name && directive.Words.Length == 2)];

    private static int PortOf(string listen)
    {
        var colon = listen.LastIndexOf(':');
        var text = listen[(colon + 1)..];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 80;
    }
}
