namespace Danelaw.Cli.Running;

/// <summary>The version of the command.</summary>
internal static class ProductVersion
{
    /// <summary>As the assembly has it, three numbers.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
