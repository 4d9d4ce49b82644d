using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Audit.Postfix.Tables.Databases;

namespace Danelaw.Operator.Setup;

/// <summary>The names of other hosts that the configurations of Postfix and Dovecot lead to: a resolver that takes another's place has to know them too.</summary>
internal static partial class UsedNames
{
    /// <summary>What is looked at of one host: more than that is a list of destinations, which everybody's DNS has.</summary>
    private const int MaximumNames = 100, MaximumEntries = 1_000;

    private static readonly string[] Databases = ["mysql", "pgsql", "ldap", "memcache"];
    private static readonly string[] DatabaseSettings = ["hosts", "server_host", "memcache"];
    private static readonly string[] Relays = ["relayhost", "smtp_fallback_relay"];
    private static readonly string[] RouteTables = ["transport_maps", "sender_dependent_relayhost_maps", "sender_dependent_default_transport_maps", "fallback_transport_maps"];

    internal static ImmutableArray<DomainName> Of(HostFacts host, HostFiles files, string resolverText)
    {
        var found = new List<string>();
        foreach (var postfix in host.Postfix) AddPostfix(postfix.Instance, files, found);
        foreach (var setting in host.Dovecot?.Settings ?? [])
        {
            found.AddRange(Assignments().Matches($"{setting.Name}={setting.Value}").Select(match => match.Groups[1].Value));

            // The settings of a database stand in a file of their own before 2.4.
            if (setting is { Name: "args", Value: ['/', ..] } && files.Read(setting.Value) is { IsRead: true } file) found.AddRange(Assignments().Matches(file.Text).Take(MaximumEntries).Select(match => match.Groups[1].Value));
        }

        var search = resolverText.Split('\n').Select(line => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)).LastOrDefault(words => words is ["search" or "domain", ..])?.Skip(1).ToArray() ?? [];
        var known = files.Read("/etc/hosts").Text.Split('\n').SelectMany(line => line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).Skip(1)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. found.Where(name => !known.Contains(name) && !IPAddress.TryParse(name, out _))
                .SelectMany(name => name.Contains('.', StringComparison.Ordinal) ? [name] : search.Select(domain => $"{name}.{domain}"))
                .Where(name => !name.EndsWith("localhost", StringComparison.OrdinalIgnoreCase))
                .SelectMany(name => DomainName.TryFromUserInput(name, out var parsed, out _) ? [parsed] : Array.Empty<DomainName>()).Distinct().Order().Take(MaximumNames),
        ];
    }

    private static void AddPostfix(PostfixInstance instance, HostFiles files, List<string> found)
    {
        var settings = instance.Main.Definitions.Select(definition => instance.Get(definition.Name)).Concat(instance.Services.SelectMany(service => service.Options.Select(option => instance.Get(option.Name, service))));
        var tables = new HashSet<TableName>();
        foreach (var setting in settings)
        {
            found.AddRange(Hosts().Matches(setting.Value).Select(match => match.Groups["name"].Value));
            if (Relays.Contains(setting.Name)) found.AddRange(Words.OfList(setting.Value).Select(word => word.Split(':')[0]));
            foreach (var word in Words.OfList(setting.Value))
            {
                if (!TableName.TryParse(word, out var table) || !tables.Add(table)) continue;
                if (Databases.Contains(table.Type) && files.Read(table.Name) is { IsRead: true } file) found.AddRange(MainText.Read(file.Text, table.Name).Definitions.Where(definition => DatabaseSettings.Contains(definition.Name)).SelectMany(definition => Words.OfList(definition.Value)).Select(HostOf));
                else if (RouteTables.Contains(setting.Name)) found.AddRange(new TableReader(files).List(table, setting.Place ?? new(instance.Directory + "/main.cf", 0)).Entries.Take(MaximumEntries).SelectMany(entry => Hosts().Matches(entry.Value)).Select(match => match.Groups["name"].Value));
            }
        }
    }

    /// <summary>The host of <c>hosts</c>, of an LDAP URL, or of memcache's <c>inet:HOST:PORT</c>.</summary>
    private static string HostOf(string word) => Uri.TryCreate(word, UriKind.Absolute, out var url) && url.Scheme is "ldap" or "ldaps" ? url.Host : DatabaseHost.Read(word) is { IsSocket: false } host ? host.Name : "";

    /// <summary>A host in brackets, which no MX record leads to, or behind inet: and tcp:, as milters and policy servers are named.</summary>
    [GeneratedRegex(@"(?:\[|\b(?:inet|tcp):)(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}))(?:\]|:)", RegexOptions.CultureInvariant)]
    private static partial Regex Hosts();

    [GeneratedRegex("""\bhosts?[ \t]*=[ \t]*([A-Za-z0-9][A-Za-z0-9._-]{0,252})""", RegexOptions.CultureInvariant)]
    private static partial Regex Assignments();
}
