using Xunit.v3;

namespace Danelaw.Testing;

/// <summary>Names the section of the RFC that the test holds us to; <c>docs/rfcs.md</c> is made from these.</summary>
/// <param name="number">The RFC's number, 1 or more.</param>
/// <param name="section">The section as the RFC writes it, such as <c>5.3.1</c> or <c>B.2</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RfcAttribute(int number, string section) : Attribute, ITraitAttribute
{
    public int Number { get; } = number;

    public string Section { get; } = section;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("RFC", $"{Number} {Section}")];
}
