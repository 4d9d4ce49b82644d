using Xunit.v3;

namespace Danelaw.Testing;

/// <summary>Names the protocol rule (R01 to R74 of <c>docs/rules.md</c>) that the test holds us to.</summary>
/// <param name="id">The rule, such as <c>R41</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RuleAttribute(string id) : Attribute, ITraitAttribute
{
    public string Id { get; } = id;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Rule", Id)];
}
