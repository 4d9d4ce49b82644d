using Danelaw.Benchmarks;

// Rows side by side with ARSoft.Tools.Net: `dotnet run -c Release --project bench/Danelaw.Benchmarks -- [ROW…]`; without a name, all of them.
if (args is ["verify"])
{
    VerifyTable.Take();
    return 0;
}

Row[] rows = [.. MessageRows.All, .. ZoneRows.All];
var chosen = args.Length == 0 ? rows : [.. rows.Where(row => args.Contains(row.Name, StringComparer.Ordinal))];
if (chosen.Length == 0 || args.Except(rows.Select(row => row.Name), StringComparer.Ordinal).Any())
{
    Console.Error.WriteLine($"danelaw-bench: error: rows are verify (alone), {string.Join(", ", rows.Select(row => row.Name))}");
    return 2;
}

Console.WriteLine(Measurement.Heading);
foreach (var row in chosen) Console.WriteLine(Measurement.Take(row));
return 0;
