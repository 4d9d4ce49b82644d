using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What is wrong with the keys and certificates on disk.</summary>
internal static class ChainFindings
{
    internal static void Add(ChainFacts facts, DateTimeOffset now, TimeSpan expiresSoon, FindingList findings)
    {
        var subject = facts.Use.Subject;
        foreach (var file in facts.Files.Where(file => file.State is FileState.Missing or FileState.Folder or FileState.Special or FileState.TooLarge))
        {
            findings.Error(AuditCodes.TlsFileUnusable, subject, facts.Use.Place, $"{file.Path} {(file.State == FileState.Missing ? "does not exist" : file.State == FileState.Folder ? "is a folder" : "is no ordinary file")}: the server has no certificate. {Harm(facts.Use)}", "Name the file that holds the chain.");
        }

        foreach (var fault in facts.Faults) findings.Error(AuditCodes.TlsFileUnusable, subject, fault.Place, $"The server cannot use the file: {fault.Text}.", IsOfKey(facts, fault.Place.File) ? "Put the private key there, in PEM." : facts.Use.Files.Length > 1 ? "Put the certificate and its issuers there, in PEM." : "Put private key, certificate and issuers there, in PEM.");
        foreach (var block in facts.Blocks)
        {
            var problem = block.Object.Kind switch
            {
                PemObjectKind.EncryptedPrivateKey => "The private key is encrypted: the server cannot start by itself with it.",
                PemObjectKind.UnreadablePrivateKey => "The private key cannot be read, or is of a kind that is not supported.",
                PemObjectKind.UnreadableCertificate => "The certificate cannot be read.",
                _ => null,
            };
            if (problem is not null) findings.Error(AuditCodes.TlsFileUnusable, subject, block.Place, problem, "Replace it.");
        }

        foreach (var file in facts.OpenKeys)
        {
            findings.Error(AuditCodes.TlsKeyReadable, subject, new(file.RealPath, 0), string.Create(CultureInfo.InvariantCulture, $"Everybody on this host can read the private key (mode {Convert.ToString((int)file.Owner!.Mode, 8)})."), $"chmod o-r {file.RealPath}; if others have accounts here, make a new key and roll it.",
                new Change.SetMode(file.RealPath, file.Owner.Mode & ~UnixFileMode.OtherRead));
        }

        if (facts.Files.All(file => file.IsRead) && facts.Faults.IsEmpty) AddPairs(facts, findings);
        AddDates(facts, now, expiresSoon, findings);
    }

    /// <summary>Of several files the first is that of the key.</summary>
    private static bool IsOfKey(ChainFacts facts, string file) => facts.Use.Files is [var key, _, ..] && key == file;

    private static void AddPairs(ChainFacts facts, FindingList findings)
    {
        var blocks = facts.Blocks.Where(block => block.Object.Kind is PemObjectKind.PrivateKey or PemObjectKind.Certificate).ToImmutableArray();
        var subject = facts.Use.Subject;
        var firstCertificate = blocks.FirstOrDefault(block => block.Summary is not null);
        if (facts.Use.IsKeyFirst && blocks is [{ Summary: not null } early, ..] && facts.Keys.Any())
        {
            findings.Error(AuditCodes.TlsChainOrder, subject, early.Place, "A certificate stands before the private key: of each chain Postfix wants the key first, then its certificate, then the issuers (postconf(5), smtpd_tls_chain_files). STARTTLS is answered with 454.", "Put the key first.");
            return;
        }

        if (!facts.Keys.Any() || firstCertificate is null)
        {
            if (facts.Blocks.Any(block => block.Object.Kind is PemObjectKind.EncryptedPrivateKey or PemObjectKind.UnreadablePrivateKey or PemObjectKind.UnreadableCertificate)) return;
            findings.Error(AuditCodes.TlsFileUnusable, subject, facts.Use.Place, !facts.Keys.Any() ? $"There is no private key in {string.Join(" and ", facts.Use.Files)}." : $"There is no certificate in {string.Join(" and ", facts.Use.Files)}.", "Put private key, certificate and issuers there, in this order.");
            return;
        }

        foreach (var (key, certificates) in Chains(facts.Use, blocks))
        {
            if (certificates.Length == 0 || certificates[0].Summary!.PublicKey == key.Object.Data)
            {
                AddOrder(subject, certificates, findings);
            }
            else if (certificates.FirstOrDefault(certificate => certificate.Summary!.PublicKey == key.Object.Data) is { } leaf)
            {
                findings.Error(AuditCodes.TlsChainOrder, subject, certificates[0].Place, $"{Name(certificates[0])} stands before {Name(leaf)}, to which the private key belongs: the server's own certificate must come first. The server takes the first one, and finds that the key is another's. {Harm(facts.Use)}", "Put the server's own certificate first, then its issuer, and so on.");
            }
            else
            {
                findings.Error(AuditCodes.TlsKeyMismatch, subject, key.Place, $"The private key does not belong to the certificate {Name(certificates[0])} ({certificates[0].Place}). {Harm(facts.Use)}", "Put the key and the certificate that were made together into the files, and reload the server.");
            }
        }
    }

    /// <summary>Each key with the certificates that the server takes for its chain.</summary>
    private static IEnumerable<(ChainBlock Key, ChainBlock[] Certificates)> Chains(TlsUse use, ImmutableArray<ChainBlock> blocks)
    {
        var keys = blocks.Where(block => block.Summary is null).ToArray();
        if (keys.Length == 1 || !use.IsKeyFirst)
        {
            var certificates = blocks.Where(block => block.Summary is not null).ToArray();
            yield return (keys[0], certificates);
            yield break;
        }

        foreach (var key in keys) yield return (key, [.. blocks.SkipWhile(block => block != key).Skip(1).TakeWhile(block => block.Summary is not null)]);
    }

    private static void AddOrder(string subject, ChainBlock[] certificates, FindingList findings)
    {
        for (var i = 0; i + 1 < certificates.Length; i++)
        {
            var (lower, upper) = (certificates[i].Summary!, certificates[i + 1].Summary!);
            if (lower.Issuer == upper.Subject || lower.IsSelfIssued) continue;
            findings.Warning(AuditCodes.TlsChainOrder, subject, certificates[i + 1].Place, $"{Name(certificates[i + 1])} did not issue {Name(certificates[i])}, which stands before it: each certificate should be followed by its issuer (RFC 5246 §7.4.2).", "Put the issuers in order, and leave out what does not belong to the chain.");
            return;
        }
    }

    private static void AddDates(ChainFacts facts, DateTimeOffset now, TimeSpan expiresSoon, FindingList findings)
    {
        foreach (var leaf in facts.Leaves)
        {
            var (begin, end) = (leaf.Summary!.NotBefore, leaf.Summary.NotAfter);
            if (begin is null || end is null) continue;
            if (now < begin) findings.Warning(AuditCodes.TlsFileDates, facts.Use.Subject, leaf.Place, $"{Name(leaf)} is valid from {Day(begin.Value)} on, and not yet.", "Look at this host's clock, and at who issued the certificate.");
            else if (now > end) findings.Warning(AuditCodes.TlsFileDates, facts.Use.Subject, leaf.Place, $"{Name(leaf)} has expired on {Day(end.Value)}. DANE-EE records do not mind; DANE-TA records and everybody without DANE do.", "Renew it.");
            else if (end - now < expiresSoon) findings.Warning(AuditCodes.TlsFileDates, facts.Use.Subject, leaf.Place, string.Create(CultureInfo.InvariantCulture, $"{Name(leaf)} expires on {Day(end.Value)}, in {(int)(end.Value - now).TotalDays} days."), "See that the renewal runs.");
        }
    }

    /// <summary>What comes of a chain that the server cannot show.</summary>
    private static string Harm(TlsUse use) => use.Program switch
    {
        ServerProgram.Postfix => "STARTTLS is answered with 454, and no mail comes in from senders that know DANE.",
        ServerProgram.Dovecot => "Mail programs cannot connect by TLS.",
        ServerProgram.Nginx or ServerProgram.Apache => "It does not start so, and one that runs goes on with what it has read before.",
        ServerProgram.Other => "TLS fails there.",
    };

    private static string Name(ChainBlock block) => block.Summary!.DnsNames is [var first, ..] ? first : block.Summary.Subject;

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
