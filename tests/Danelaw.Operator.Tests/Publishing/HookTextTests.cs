using Danelaw.Operator.Publishing.Hooks;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>What a hook says is a set or a fault, whatever it says.</summary>
public sealed class HookTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"records\":[\"\\ud800\"]}")]
    [InlineData("{\"\\ud800ecords\":[]}")]
    [InlineData("{\"records\":[],\"ttl\":-1}")]
    [InlineData("{\"records\":[],\"ttl\":4294967295}")]
    [InlineData("{\"records\":[[]]}")]
    public void What_is_no_set_is_a_fault(string text)
    {
        Assert.False(HookText.TryReadSet(text, out _, out _, out var fault));
        Assert.NotEmpty(fault);
    }
}
