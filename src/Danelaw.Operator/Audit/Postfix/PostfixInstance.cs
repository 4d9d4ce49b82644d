using System.Collections.Immutable;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>One instance of Postfix as it is configured: main.cf, master.cf, and the defaults of its release.</summary>
public sealed class PostfixInstance
{
    /// <summary>What Postfix takes as it is written (postconf -x of 3.7 leaves these alone): a $ in it is for whoever reads it.</summary>
    private static readonly HashSet<string> Unexpanded = new(StringComparer.Ordinal)
    {
        "command_execution_directory", "default_rbl_reply", "forward_path", "luser_relay", "mailbox_command", "postscreen_expansion_filter", "postscreen_reject_footer",
        "smtpd_expansion_filter", "smtpd_reject_footer",
    };

    private const string DefaultDomain = "localdomain";

    private readonly ImmutableDictionary<string, Definition> _definitions;

    /// <summary>Puts an instance together.</summary>
    /// <param name="directory">Its folder, such as <c>/etc/postfix</c>.</param>
    /// <param name="main">main.cf.</param>
    /// <param name="master">master.cf.</param>
    public PostfixInstance(string directory, MainText main, MasterText master)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(master);
        Directory = directory;
        Main = main;
        Master = master;

        // The last definition of a name counts (postconf(5)).
        var definitions = ImmutableDictionary.CreateBuilder<string, Definition>(StringComparer.Ordinal);
        foreach (var definition in main.Definitions) definitions[definition.Name] = definition;
        _definitions = definitions.ToImmutable();
        Services = [.. master.Services.Reverse().DistinctBy(service => (service.Name, service.Type)).Reverse()];
    }

    /// <summary>The folder of its configuration.</summary>
    public string Directory { get; }

    /// <summary>main.cf.</summary>
    public MainText Main { get; }

    /// <summary>master.cf.</summary>
    public MasterText Master { get; }

    /// <summary>The services that run: of two of one name and type the last counts (master(5)).</summary>
    internal ImmutableArray<MasterService> Services { get; }

    /// <summary>The release; null where it is not known.</summary>
    public PostfixVersion? Version { get; init; }

    /// <summary>The host's own name, as <c>/etc/hostname</c> has it; empty where that is not known.</summary>
    internal string HostName { get; init; } = "";

    /// <summary>What its own <c>postconf -d</c> says; empty where it was not asked.</summary>
    public ImmutableDictionary<string, string> Defaults { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What a parameter is set to.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="service">The service whose own settings go before main.cf; null for the instance.</param>
    public Setting Get(string name, MasterService? service = null)
    {
        var (raw, place) = Find(name, service);
        var expansion = new Expansion(other => Find(other, service).Raw);
        return new(name, raw, !Unexpanded.Contains(name) && expansion.TryExpand(raw, out var value, out _) ? value : raw, place);
    }

    /// <summary>Every definition before the last one of its name: none of them has any effect.</summary>
    public IEnumerable<Definition> Overridden() => Main.Definitions.Where(definition => !ReferenceEquals(_definitions[definition.Name], definition));

    /// <summary>What cannot be expanded in what main.cf and master.cf say, with the reason.</summary>
    public IEnumerable<SyntaxFault> ExpansionFaults()
    {
        var expansion = new Expansion(name => Find(name, null).Raw);
        foreach (var definition in _definitions.Values.OrderBy(definition => definition.Place.Line))
        {
            if (!Unexpanded.Contains(definition.Name) && !expansion.TryExpand(definition.Value, out _, out var fault)) yield return new(definition.Place, $"{definition.Name}: {fault}", true);
        }

        foreach (var service in Master.Services)
        {
            var own = new Expansion(name => Find(name, service).Raw);
            foreach (var option in service.Options)
            {
                if (!Unexpanded.Contains(option.Name) && !own.TryExpand(option.Value, out _, out var fault)) yield return new(option.Place, $"-o {option.Name}: {fault}", true);
            }
        }
    }

    /// <summary>mydomain's default: the host's name less its first label (postconf(5)).</summary>
    private string DomainOf(string hostName)
    {
        // A name that is made of mydomain says nothing of it.
        var name = new Expansion(other => other is "mydomain" or "myhostname" ? "" : Find(other, null).Raw).TryExpand(hostName, out var value, out _) ? value : hostName;
        return name.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? name[(dot + 1)..] : DefaultDomain;
    }

    private (string Raw, Place? Place) Find(string name, MasterService? service)
    {
        if (service?.Options.LastOrDefault(option => option.Name == name) is { } own) return (own.Value, own.Place);
        if (_definitions.TryGetValue(name, out var definition)) return (definition.Value, definition.Place);
        if (name == "config_directory") return (Directory, null);

        // postconf -d has not read main.cf: both names follow from what stands there.
        if (name == "myhostname" && HostName.Length > 0) return (HostName.Contains('.', StringComparison.Ordinal) ? HostName : $"{HostName}.{(_definitions.TryGetValue("mydomain", out var domain) ? domain.Value : DefaultDomain)}", null);
        if (name == "mydomain") return (DomainOf(Find("myhostname", service).Raw), null);
        return (Defaults.TryGetValue(name, out var told) ? told : PostfixDefaults.Of(name, Version) ?? "", null);
    }
}
