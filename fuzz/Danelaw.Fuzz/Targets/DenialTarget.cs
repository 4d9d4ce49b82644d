using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;
using Danelaw.Fuzz.Targets.Denying;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// What NSEC and NSEC3 records prove. A zone is drawn, and its whole chains are made; some of their records are shown (an adversary leaves out what he likes, but signs nothing),
/// and questions are asked. Nothing may be proven that is not so; and where all records are shown, everything that is so must be proven. A second kind of input is records at
/// will, as a zone of the adversary's own may sign them: there only the limits must hold.
/// </summary>
internal sealed class DenialTarget : FuzzTarget
{
    internal override string Name => "denial";

    internal override int MaximumLength => 256;

    internal override void Run(byte[] input)
    {
        if (input.Length < 2) return;
        var draw = new Draw(input);
        var kinds = draw.Next();
        if (kinds >= 0xE0) RunHostile(draw);
        else RunHonest(draw, kinds);
    }

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        // Chains, apex, DNAME at the apex, names of the zone (each: labels, then as many labels, then content), then what is shown, then questions.
        byte[] names = [6, 1, 0, 0, 2, 1, 0, 3, 1, 3, 1, 2, 4, 4, 2, 2, 2, 1, 1, 5, 5, 1, 6, 8];
        byte[] questions = [1, 0, 0, 1, 0, 1, 2, 1, 0, 0, 1, 5, 2, 2, 2, 4, 3, 3, 2, 0, 0, 1, 7, 10];
        for (byte kinds = 1; kinds < 16; kinds++)
        {
            yield return ($"all-{kinds:d2}", [kinds, 1, 0, .. names, 0xFF, 0xFF, 0xFF, 0xFF, .. questions]);
            yield return ($"some-{kinds:d2}", [kinds, 2, 0, .. names, 0x5A, 0x33, 0xF0, 0x11, .. questions]);
        }

        yield return ("root", [3, 0, 0, .. names, 0xFF, 0xFF, 0xFF, 0xFF, .. questions]);
        yield return ("hostile", [0xE0, 3, 1, 0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
        yield return ("hostile-hashes", [0xF1, 8, .. Enumerable.Range(0, 120).Select(i => (byte)(i * 37 % 256))]);
    }

    private static void RunHonest(Draw draw, byte kinds)
    {
        var zone = new ToyZone(draw);
        var nsec = (kinds & 1) != 0 ? ToyChain.Nsec(zone) : [];
        var isOptOut = (kinds & 8) != 0;
        var nsec3 = (kinds & 2) != 0 ? ToyChain.Nsec3(zone, isOptOut, (ushort)(kinds >> 6), [0xAB]) : [];
        if ((kinds & 4) != 0) nsec3.AddRange(ToyChain.Nsec3(zone, (kinds & 16) != 0, 1, []));
        var shown = ((uint)draw.NextUInt16() << 16) | draw.NextUInt16();
        var isWhole = shown == uint.MaxValue && (nsec.Count > 0 || nsec3.Count > 0);

        var records = new DenialRecords(zone.Apex);
        var number = 0;
        foreach (var record in nsec)
            if ((shown >> (number++ % 32) & 1) != 0) records.Add(record);
        foreach (var record in nsec3)
            if ((shown >> (number++ % 32) & 1) != 0) records.Add(record);

        var hasOptOut = nsec3.Any(record => record.Data.IsOptOut);
        for (var questions = 0; questions < 8 && (questions == 0 || !draw.IsAtEnd); questions++)
        {
            var name = zone.DrawName(draw);
            var type = draw.Of(ToyZone.Asked);
            var truth = zone.TruthOf(name, type);
            CheckProof(zone, records, name, type, truth, isNameError: isWhole ? truth == Truth.NameError : draw.Below(2) == 1, isWhole, hasOptOut);
            CheckAbsence(zone, records, name, isWhole, hasOptOut);
        }
    }

    private static void CheckProof(ToyZone zone, DenialRecords records, DomainName name, RecordType type, Truth truth, bool isNameError, bool isWhole, bool hasOptOut)
    {
        var proof = records.Prove(name, type, isNameError, new Work(Limits.Default));
        var what = $"{name} {RecordTypes.ToText(type)} of {zone.Apex} is {truth}, and the proof says {proof}";
        if (proof.Kind == DenialKind.Unproven)
        {
            // Over what an opt-out chain leaves out stands a wildcard that has such a type: shown beside it, the wildcard's record contradicts the denial (RFC 5155 §8.4, §8.7; unbound has it so too).
            FuzzFinding.Unless(!isWhole || truth is Truth.Silent or Truth.Exists || (hasOptOut && zone.IsBelowWhatIsLeftOut(name)), what);
            return;
        }

        FuzzFinding.Unless(proof.Kind is DenialKind.NoData or DenialKind.NameError, what);
        FuzzFinding.Unless(!proof.IsDelegation || (type == RecordType.DS && zone.IsUnsignedCut(name)), what);
        if (proof.IsOptOut)
        {
            // What an opt-out span covers may be an unsigned delegation: that, and nothing that has a record of denial of its own or lies below a signed delegation.
            FuzzFinding.Unless(hasOptOut && !zone.IsSignedElsewhere(name), what);
            FuzzFinding.Unless(zone.IsUnsigned(name) || !zone.IsHidden(name), what);
            FuzzFinding.Unless(zone.IsUnsigned(name) || !zone.Exists(name) || zone.Visible.Where(visible => visible.IsAtOrBelow(name)).All(zone.IsUnsignedCut), what);
            return;
        }

        FuzzFinding.Unless(proof.Kind == DenialKind.NoData ? truth == Truth.NoData : truth == Truth.NameError, what);
    }

    private static void CheckAbsence(ToyZone zone, DenialRecords records, DomainName name, bool isWhole, bool hasOptOut)
    {
        // It is asked about the next closer name beside a wildcard that the zone signed: nothing is signed below a cut or a DNAME.
        if (name.Equals(zone.Apex) || zone.IsHidden(name)) return;
        var proof = records.ProveAbsence(name, new Work(Limits.Default));
        var what = $"{name} of {zone.Apex}, and the proof of absence says {proof}";
        var isAbsent = !zone.Exists(name);
        if (proof.Kind == DenialKind.NameError && !proof.IsOptOut) FuzzFinding.Unless(isAbsent, what);
        if (proof.Kind == DenialKind.NameError && proof.IsOptOut) FuzzFinding.Unless(hasOptOut, what);

        // A next closer name: its parent exists.
        if (isWhole && isAbsent && zone.Exists(name.Parent)) FuzzFinding.Unless(proof.Kind == DenialKind.NameError, what);
    }

    private static void RunHostile(Draw draw)
    {
        var zone = DomainName.Parse("z.");
        var limits = Limits.Default with { Nsec3Hashes = 1 + draw.Below(40) };
        var work = new Work(limits);
        var records = new DenialRecords(zone);
        for (var count = draw.Below(16); count > 0; count--)
        {
            var isHashed = draw.Below(2) == 1;
            if (!TypeBitmap.TryRead(new Octets(draw.Take(draw.Below(6))), out var types)) types = TypeBitmap.Create(draw.Of(ToyZone.Asked), draw.Of(ToyZone.Asked));
            if (isHashed) records.Add(new Nsec3Record(new(AnyHash(draw)), new(Nsec3Hash.Sha1Algorithm, draw.Next(), (ushort)draw.Below(3), new Octets(draw.Take(draw.Below(2))), new Octets(AnyHash(draw)), types)));
            else records.Add(new NsecRecord(AnyName(draw, zone), AnyName(draw, zone), types));
        }

        for (var questions = 0; questions < 6; questions++)
        {
            var (name, type, isNameError) = (AnyName(draw, zone), draw.Of(ToyZone.Asked), draw.Below(2) == 1);
            var proof = records.Prove(name, type, isNameError, work);
            _ = records.ProveAbsence(name, work);
            FuzzFinding.Unless(work.Hashes <= limits.Nsec3Hashes, "hashes are within the limit");

            var again = records.Prove(name, type, isNameError, new Work(Limits.Default));
            FuzzFinding.Unless(proof.Kind == DenialKind.OverLimit || (proof.Kind == again.Kind && proof.IsOptOut == again.IsOptOut), "the same records prove the same");
        }
    }

    private static DomainName AnyName(Draw draw, DomainName zone)
    {
        var name = zone;
        for (var labels = draw.Below(6); labels > 0; labels--)
            if (name.TryPrepend([(byte)('a' + draw.Below(4))], out var longer)) name = longer;
        return draw.Below(4) == 3 ? name.Prepend("*") : name;
    }

    private static byte[] AnyHash(Draw draw) => draw.Below(2) == 0
        ? ToyChain.Hash(AnyName(draw, DomainName.Parse("z.")), (ushort)draw.Below(3), draw.Take(draw.Below(2)))
        : [.. draw.Take(3), .. new byte[17]];
}
