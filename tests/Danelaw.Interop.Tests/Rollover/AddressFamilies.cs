namespace Danelaw.Interop.Tests.Rollover;

/// <summary>What systemd does for <c>RestrictAddressFamilies=</c>, done without it: a seccomp filter that lets <c>socket(2)</c> make sockets of some families alone, and stays over every exec.</summary>
internal static class AddressFamilies
{
    /// <summary>In Perl, which every Debian has: <c>perl FILE 1,2,10 COMMAND …</c>. Another family gets EAFNOSUPPORT, as from systemd; another architecture's system calls get EPERM.</summary>
    internal const string Filter = """
        use strict;
        my ($arch, $prctl, $socket) = `uname -m` =~ /aarch64/ ? (0xC00000B7, 167, 198) : (0xC000003E, 157, 41);
        my @families = split /,/, shift;
        my ($load, $equal, $return, $n) = (0x20, 0x15, 0x06, scalar @families);
        my @filter = (
            [$load, 0, 0, 4], [$equal, 1, 0, $arch], [$return, 0, 0, 0x50001],
            [$load, 0, 0, 0], [$equal, 0, $n + 2, $socket],
            [$load, 0, 0, 16], map([$equal, $n - $_, 0, $families[$_]], 0 .. $n - 1), [$return, 0, 0, 0x50000 | 97],
            [$return, 0, 0, 0x7fff0000]);
        my $filter = join '', map pack('S C C L', @$_), @filter;
        my $program = pack 'S x!8 P', scalar @filter, $filter;
        syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
        syscall($prctl, 22, 2, $program) == 0 or die "seccomp: $!";
        exec @ARGV or die "$ARGV[0]: $!";
        """;

    /// <summary>Tries a family: it ends with 0 only where that is refused as the filter refuses it.</summary>
    internal const string Refused = "use Errno; exit(!socket(my $s, shift, 3, 0) && $!{EAFNOSUPPORT} ? 0 : 1)";

    /// <summary>The numbers of families, as the filter takes them.</summary>
    internal static string Numbers(string names) => string.Join(',', names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name switch
    {
        "AF_UNIX" => 1,
        "AF_INET" => 2,
        "AF_INET6" => 10,
        "AF_NETLINK" => 16,
        _ => throw new ArgumentException($"{name} has no number here"),
    }));
}
