using Danelaw.Interop.Tests.Worlds;

[assembly: AssemblyFixture(typeof(World))]
