using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Running;

/// <summary>A process without file descriptors fails in strange places; what is told is the cause.</summary>
public sealed class DescriptorsTests
{
    public static TheoryData<string, bool> Faults => new()
    {
        { "EMFILE", true }, { "ENFILE", true }, { "a part that is there", true }, { "a part that is not there", false }, { "ENOSPC", false }, { "a fault of ours", false },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Only_a_lack_of_descriptors_is_taken_for_one(string what, bool isLack)
    {
        Exception fault = what switch
        {
            "EMFILE" => new IOException("Too many open files", 24),
            "ENFILE" => new InvalidOperationException("outer", new IOException("Too many open files in system", 23)),
            "a part that is there" => new FileNotFoundException("Could not load file or assembly", "System.Text.Json, Version=10.0.0.0, Culture=neutral"),
            "a part that is not there" => new FileNotFoundException("Could not load file or assembly", "Danelaw.Nowhere, Version=1.0.0.0"),
            "ENOSPC" => new IOException("No space left on device", 28),
            _ => new InvalidOperationException("a fault"),
        };

        Assert.Equal(isLack, Descriptors.AreUsedUp(fault));
    }
}
