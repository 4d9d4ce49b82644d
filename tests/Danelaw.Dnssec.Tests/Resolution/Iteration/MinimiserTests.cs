using Danelaw.Dnssec.Resolution.Iteration;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

/// <summary>How much of a name each zone's servers get to see.</summary>
public class MinimiserTests
{
    [Theory, Rfc(9156, "2.3"), Rfc(8552, "1.1")]
    [InlineData("www.example.org.", ".", "org.")]
    [InlineData("www.example.org.", "org.", "example.org.")]
    [InlineData("www.example.org.", "example.org.", "www.example.org.")]
    [InlineData("_25._tcp.mx.example.org.", "org.", "example.org.")]
    [InlineData("_25._tcp.mx.example.org.", "example.org.", "_25._tcp.mx.example.org.")]
    [InlineData("_443._tcp.example.org.", "org.", "_443._tcp.example.org.")]
    [InlineData("selector._domainkey.example.org.", "example.org.", "selector._domainkey.example.org.")]
    [InlineData("a.b._domainkey.example.org.", "example.org.", "b._domainkey.example.org.")]
    [InlineData("example.org.", "example.org.", "example.org.")]
    [InlineData(".", ".", ".")]
    public void The_next_name_is_one_label_longer_than_the_zone(string name, string zone, string shown) =>
        Assert.Equal(Text.Name(shown), new Minimiser(Text.Name(name)).Next(Text.Name(zone)));

    [Fact, Rfc(9156, "2.3")]
    public void After_four_single_steps_they_grow_so_that_ten_suffice()
    {
        var name = Text.Name(string.Concat(Enumerable.Range(0, 100).Select(_ => "x.")));
        var minimiser = new Minimiser(name);

        var labels = new List<int>();
        while (labels.Count == 0 || labels[^1] < 100) labels.Add(minimiser.Next(default).LabelCount);

        Assert.Equal([1, 2, 3, 4], labels[..4]);
        Assert.InRange(labels.Count, 5, 11);
        Assert.Equal(labels.Order(), labels);
    }

    [Fact, Rfc(9156, "2.3")]
    public void The_whole_name_is_shown_once_a_server_stumbled()
    {
        var minimiser = new Minimiser(Text.Name("a.b.c.example.org."));
        minimiser.ShowAll();

        Assert.Equal(Text.Name("a.b.c.example.org."), minimiser.Next(Text.Name("org.")));
    }
}
