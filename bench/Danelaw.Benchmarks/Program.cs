using Danelaw.Benchmarks;

// Rows side by side with ARSoft.Tools.Net: `dotnet run -c Release --project bench/Danelaw.Benchmarks -- [ROW…]`; without a name, all of them.
if (args is ["verify"])
{
    VerifyTable.Take();
    return 0;
}

if (args is ["cache-zone", var made, var hosts])
{
    CacheTable.MakeZones(made, int.Parse(hosts, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["cache", var address, var port, var folder])
{
    await CacheTable.TakeAsync(address, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), folder);
    return 0;
}

if (args is ["survive-budgets", var besieged, var danelaw])
{
    await SurviveBudgets.TakeAsync(besieged, danelaw);
    return 0;
}

if (args is ["survive", var hostile])
{
    await SurviveTable.TakeAsync(hostile);
    return 0;
}

Row[] rows = [.. MessageRows.All, .. ZoneRows.All];
var chosen = args.Length == 0 ? rows : [.. rows.Where(row => args.Contains(row.Name, StringComparer.Ordinal))];
if (chosen.Length == 0 || args.Except(rows.Select(row => row.Name), StringComparer.Ordinal).Any())
{
    Console.Error.WriteLine($"danelaw-bench: error: rows are verify (alone), survive (by bench/survive/run), {string.Join(", ", rows.Select(row => row.Name))}");
    return 2;
}

Console.WriteLine(Measurement.Heading);
foreach (var row in chosen) Console.WriteLine(Measurement.Take(row));
return 0;
