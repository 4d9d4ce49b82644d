using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Operator.Audit.Certificates;

namespace Danelaw.Operator.Audit.Web;

/// <summary>The chains that nginx shows: those of its http, mail and stream servers.</summary>
internal static class NginxConfiguration
{
    /// <param name="text">The configuration.</param>
    /// <param name="unseen">Where certificates are added that are told by a variable, or stand in no file.</param>
    internal static ImmutableArray<TlsUse> Uses(NginxText text, ICollection<Unseen> unseen)
    {
        var uses = ImmutableArray.CreateBuilder<TlsUse>();
        foreach (var context in text.Directives.Where(directive => directive.Name is "http" or "mail" or "stream"))
        {
            foreach (var server in context.Block.Where(directive => directive.Name == "server")) Add(context, server, text.Prefix, uses, unseen);
        }

        return uses.ToImmutable();
    }

    private static void Add(NginxDirective context, NginxDirective server, string prefix, ImmutableArray<TlsUse>.Builder uses, ICollection<Unseen> unseen)
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
            if (PathOf(certificate, prefix) is not { } certificateFile || PathOf(key, prefix) is not { } keyFile)
            {
                unseen.Add(new($"nginx's certificate at {certificates[i].Place}", "it is told by a variable or stands in no file, and is known when a client connects only") { MayNameChains = true });
                continue;
            }

            uses.Add(new(ServerProgram.Nginx, $"nginx{(names.Length > 0 ? $", server {names[0]}" : "")}", names.FirstOrDefault() ?? "", keyFile == certificateFile ? [certificateFile] : [keyFile, certificateFile], false, certificates[i].Place)
            {
                KeyPlace = keys[i].Place,
                Ports = [.. ports.Where(port => port.IsTls || context.Name != "http").Select(port => port.Port).Distinct().Order()],
            });
        }
    }

    private static NginxDirective[] Of(NginxDirective block, string name) => [.. block.Block.Where(directive => directive.Name == name && directive.Words.Length == 2)];

    /// <summary>A path that is not absolute begins at the folder of the configuration; a variable, data:, engine: and store: name no file that is known.</summary>
    private static string? PathOf(string word, string prefix) =>
        word.Contains('$', StringComparison.Ordinal) || word.Contains(':', StringComparison.Ordinal) ? null : word is ['/', ..] ? word : $"{prefix}/{word}";

    private static int PortOf(string listen)
    {
        var colon = listen.LastIndexOf(':');
        var text = listen[(colon + 1)..];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 80;
    }
}
