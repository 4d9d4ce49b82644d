namespace Danelaw.Cli.Running;

/// <summary>The version of the command.</summary>
internal static class ProductVersion
{
    /// <summary>Writes it, and gives the exit code.</summary>
    public static int Tell(Stream output)
    {
        try
        {
            output.Write(System.Text.Encoding.ASCII.GetBytes($"danelaw {Text}\n"));
            return ExitCode.Good;
        }
        catch (BrokenPipeException)
        {
            return ExitCode.BrokenPipe;
        }
        catch (IOException exception)
        {
            StandardStream.OpenError().Write(System.Text.Encoding.UTF8.GetBytes($"danelaw: error: cannot write the results: {FileText.Reason(exception)}\n"));
            return ExitCode.Misuse;
        }
    }

    /// <summary>As the assembly has it, three numbers.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
