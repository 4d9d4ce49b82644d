using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>Names in letters of a language, as the built command takes them: the native one where there is one. Neither it nor the ordinary one has ICU.</summary>
public sealed class InternationalNameTests
{
    [Theory, Rfc(5891, "4.2.1")]
    [InlineData("check")]
    [InlineData("lookup")]
    public async Task A_letter_written_in_parts_is_refused_before_anybody_is_asked(string verb)
    {
        var run = await DanelawCommand.RunAsync([verb, "bu\u0308cher.example"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("written in parts", run.Error, StringComparison.Ordinal);
    }

    [Fact, Rfc(5891, "4.4")]
    public async Task A_composed_letter_becomes_the_A_label()
    {
        var run = await DanelawCommand.RunAsync(["lookup", "B\u00DCCHER.example", "A", "--resolver", "127.0.0.1:1"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("xn--bcher-kva.example", run.Output, StringComparison.Ordinal);
    }
}
