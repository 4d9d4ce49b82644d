using System.Globalization;
using System.Net;
using Danelaw.HostileWorld;

// Serves an Internet of hostile zones beside honest ones on port 53 of loopback addresses: `danelaw-hostile-world FOLDER [HONEST]`.
// FOLDER gets hints, anchors, and two lists of questions, hostile and honest. It says "ready", and serves until it is ended. `queries. TXT` asks an address how many other queries it had.
if (args is not [var folder, .. var rest]) return 2;
var honest = rest is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1;
Directory.CreateDirectory(folder);
var world = HostileInternet.Create(honest);
File.WriteAllText(Path.Combine(folder, "hints"), world.Hints);
File.WriteAllText(Path.Combine(folder, "anchors"), world.Anchors);
File.WriteAllLines(Path.Combine(folder, "hostile"), world.Hostile.Select(zone => $"{zone.Question.Name}\t{Danelaw.Dns.Records.RecordTypes.ToText(zone.Question.Type)}\t{zone.Outcome}\t{zone.Title}"));
File.WriteAllLines(Path.Combine(folder, "honest"), world.Honest.Select(question => $"{question.Name}\tTLSA"));

var servers = new List<Server>();
foreach (var group in world.Zones.GroupBy(zone => zone.Address)) servers.Add(Server.Start(new IPEndPoint(group.Key, 53), [.. group]));
Console.WriteLine("ready");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
foreach (var server in servers) server.Dispose();
return 0;
