using Danelaw.Cli.Running;

// The version is told before anything else is loaded: scripts ask for it often.
if (args is ["--version"])
{
    return ProductVersion.Tell(StandardStream.OpenOutput());
}

return await CommandLine.RunProcessAsync(args).ConfigureAwait(false);
