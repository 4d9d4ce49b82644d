using Danelaw.Cli.Running;

// The version is told before anything else is loaded: scripts ask for it often.
if (args is ["--version"])
{
    Console.Out.Write($"danelaw {ProductVersion.Text}\n");
    return ExitCode.Good;
}

return await CommandLine.RunProcessAsync(args).ConfigureAwait(false);
