using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.HostileWorld.Zones;

/// <summary>Zones whose keys and signatures cost those who check them (KeyTrap, CVE-2023-50387).</summary>
internal static class KeyZones
{
    private const ushort Tag = 4711;

    internal static IEnumerable<HostileZone> All()
    {
        yield return Trap("keytrap", "127.77.1.1", "as many keys of one tag and signatures by it as a message holds", 170, 128, 3);
        yield return Trap("dear", "127.77.1.2", "the dearest keys: RSA-4096 with exponents of 64 bits, all of one tag", 45, 512, 8);
        yield return Spread();
        yield return ManyDelegationSigners();
        yield return HugeKeySet();
    }

    /// <summary>Keys of one tag in the DNSKEY set, and signatures by that tag on it and on an address set; the sound signature of the key set comes last.</summary>
    private static HostileZone Trap(string label, string address, string title, int count, int modulus, int exponent)
    {
        var apex = Text.Name($"{label}.evil.");
        var www = apex.Prepend("www");
        var random = new Random(7);
        var keys = Enumerable.Range(0, count).Select(_ => Colliding(random, modulus, exponent)).ToArray();
        ServedZone? zone = null;
        DnsMessage? Twist(Question question, DnsMessage reply)
        {
            if (question.Type == RecordType.DNSKEY && question.Name.Equals(apex))
            {
                var set = new RecordSet(apex, RecordType.DNSKEY, RecordClass.IN, 3600, [zone!.Key.ToDnskey(), .. keys]);
                var sound = zone.Sign(set);
                return reply with { Answers = [.. set.Records, .. Forged(sound, count, modulus, random), sound] };
            }

            if (question.Type != RecordType.A || !question.Name.Equals(www)) return null;
            var data = new RecordSet(www, RecordType.A, RecordClass.IN, 3600, [Text.Address(1)]);
            return reply with { Answers = [.. data.Records, .. Forged(zone!.Sign(data), count, modulus, random)] };
        }

        zone = ServedZone.Create($"{label}.evil.", address, "www 3600 IN A 192.0.2.1", with: made => made.With(twist: Twist));
        return new(title, new(www, RecordType.A), zone);
    }

    /// <summary>RRSIG records by the tag of the trap; each has another signature.</summary>
    private static IEnumerable<ResourceRecord> Forged(ResourceRecord sound, int count, int length, Random random)
    {
        if (!RrsigData.TryRead(sound.Data, out var view)) throw new InvalidOperationException("no RRSIG");
        for (var i = 0; i < count; i++)
        {
            var signature = new byte[length];
            random.NextBytes(signature);
            signature[0] = 0;
            yield return sound with { Data = (view with { Algorithm = 8, KeyTag = Tag, Signature = new Octets(signature) }).ToOctets() };
        }
    }

    /// <summary>An RSA key with the tag of the trap: two octets of the modulus make up for the rest.</summary>
    private static Octets Colliding(Random random, int modulus, int exponent)
    {
        var field = new byte[1 + exponent + modulus];
        random.NextBytes(field);
        field[0] = (byte)exponent;
        field[1] |= 0x80;
        field[exponent] |= 1;
        field[1 + exponent] |= 0x80;
        field[^1] |= 1;
        var at = 1 + exponent + 8 + ((1 + exponent) % 2);
        for (var guess = 0; guess <= ushort.MaxValue; guess++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(field.AsSpan(at), (ushort)guess);
            var key = new DnskeyData(257, 3, 8, new Octets(field.ToArray()));
            if (key.KeyTag() == Tag) return key.ToOctets();
        }

        throw new InvalidOperationException("no such key");
    }

    /// <summary>Sixteen aliases, each with six hundred signatures by the zone's own key of which only the eighth is sound: about ten thousand.</summary>
    private static HostileZone Spread()
    {
        var apex = Text.Name("spread.evil.");
        ServedZone? zone = null;
        var random = new Random(11);
        DnsMessage? Twist(Question question, DnsMessage reply)
        {
            if (question.Name.LabelCount != 3 || question.Name.GetLabel(0)[0] != (byte)'c') return null;
            var number = int.Parse(System.Text.Encoding.ASCII.GetString(question.Name.GetLabel(0)[1..]), CultureInfo.InvariantCulture);
            var set = new RecordSet(question.Name, RecordType.CNAME, RecordClass.IN, 3600, [new NameData(apex.Prepend($"c{number + 1}")).ToOctets()]);
            var sound = zone!.Sign(set);
            if (!RrsigData.TryRead(sound.Data, out var view)) return null;
            var signatures = new List<ResourceRecord>();
            for (var i = 0; i < 600; i++)
            {
                var signature = new byte[64];
                random.NextBytes(signature);
                signatures.Add(i == 7 ? sound : sound with { Data = (view with { Signature = new Octets(signature) }).ToOctets() });
            }

            return reply with { Answers = [.. set.Records, .. signatures] };
        }

        zone = ServedZone.Create("spread.evil.", "127.77.1.3", "", with: made => made.With(twist: Twist));
        return new("ten thousand signatures over the sets of a chain of aliases", new(apex.Prepend("c0"), RecordType.A), zone);
    }

    /// <summary>A delegation with twelve hundred DS records of the key's tag, of which one fits.</summary>
    private static HostileZone ManyDelegationSigners()
    {
        var zone = ServedZone.Create("dsmany.evil.", "127.77.1.4", "www 3600 IN A 192.0.2.1");
        if (!DsData.TryRead(zone.DelegationSigner().Data, out var sound)) throw new InvalidOperationException("no DS");
        var records = Enumerable.Range(0, 1200).Select(_ => zone.DelegationSigner() with { Data = (sound with { Digest = new Octets(RandomNumberGenerator.GetBytes(32)) }).ToOctets() });
        return new("twelve hundred DS records of one tag", new(Text.Name("www.dsmany.evil."), RecordType.A), zone) { Above = [.. records, zone.DelegationSigner()] };
    }

    /// <summary>A key set that fills a message, of keys with tags of their own.</summary>
    private static HostileZone HugeKeySet()
    {
        var apex = Text.Name("keys.evil.");
        ServedZone? zone = null;
        var others = Enumerable.Range(0, 700).Select(_ =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = key.ExportParameters(false).Q;
            return new DnskeyData(256, 3, (byte)SecurityAlgorithm.EcdsaP256Sha256, new Octets((byte[])[.. point.X!, .. point.Y!])).ToOctets();
        }).ToArray();
        DnsMessage? Twist(Question question, DnsMessage reply)
        {
            if (question.Type != RecordType.DNSKEY) return null;
            var set = new RecordSet(apex, RecordType.DNSKEY, RecordClass.IN, 3600, [zone!.Key.ToDnskey(), .. others]);
            return reply with { Answers = [.. set.Records, zone.Sign(set)] };
        }

        zone = ServedZone.Create("keys.evil.", "127.77.1.5", "www 3600 IN A 192.0.2.1", with: made => made.With(twist: Twist));
        return new("seven hundred keys", new(Text.Name("www.keys.evil."), RecordType.A), zone) { Outcome = "secure" };
    }
}
