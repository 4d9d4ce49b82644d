using Xunit.v3;

namespace Danelaw.Testing.Peers;

/// <summary>Names a real server or tool that the test holds us against; <see cref="Peer.Require"/> sees to it that it is there.</summary>
/// <param name="name">The peer, such as <c>unbound</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class PeerAttribute(string name) : Attribute, ITraitAttribute
{
    public string Name { get; } = name;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Peer", Name)];
}
