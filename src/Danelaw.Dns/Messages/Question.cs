using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>What is asked (RFC 1035 §4.1.2).</summary>
/// <param name="Name">The name, spelt as it was asked.</param>
/// <param name="Type">The type.</param>
/// <param name="Class">The class.</param>
public readonly record struct Question(DomainName Name, RecordType Type, RecordClass Class = RecordClass.IN)
{
    /// <summary>The name, the class and the type, as in a zone file.</summary>
    public override string ToString() => $"{Name} {RecordClasses.ToText(Class)} {RecordTypes.ToText(Type)}";
}
