#!/bin/sh
# Made once with GnuPG 2.2.40: a key with two users and a subkey that somebody else has signed, the same as gpg reduces it to one user,
# and its secret half, which is to be refused. The keys protect nothing.
set -eu
cd "$(dirname "$0")"
GNUPGHOME=$(mktemp -d); export GNUPGHOME
gpg="gpg --batch --quiet --passphrase="
$gpg --quick-generate-key 'Hugh <hugh@example.com>' ed25519 sign never
key=$(gpg --list-keys --with-colons hugh@example.com | awk -F: '$1 == "fpr" { print $10; exit }')
$gpg --quick-add-key "$key" cv25519 encr never
$gpg --quick-add-uid "$key" 'Hugh at home <hugh@home.example>'
$gpg --quick-generate-key 'Friend <friend@example.com>' ed25519 sign never
$gpg --yes --default-key friend@example.com --quick-sign-key "$key"
gpg --export "$key" > hugh.pgp
gpg --armor --export "$key" > hugh.asc
gpg --export-options export-minimal --export-filter keep-uid=mbox=hugh@example.com --export "$key" > hugh.minimal.pgp
$gpg --armor --export-secret-keys "$key" > hugh.secret.asc

# Other kinds of primary key, a key that ends within a day of its making, and one that its owner has revoked.
for kind in rsa2048 nistp256; do
    $gpg --quick-generate-key "Hugh <$kind@example.com>" "$kind" sign never
    gpg --export "$kind@example.com" > "$kind.pgp"
done
$gpg --faked-system-time 20250101T000000! --quick-generate-key 'Hugh <ended@example.com>' ed25519 sign 1d
gpg --export ended@example.com > ended.pgp
$gpg --quick-generate-key 'Hugh <revoked@example.com>' ed25519 sign never
key=$(gpg --list-keys --with-colons revoked@example.com | awk -F: '$1 == "fpr" { print $10; exit }')
sed 's/^:---/---/' "$GNUPGHOME/openpgp-revocs.d/$key.rev" | gpg --batch --quiet --import
gpg --export revoked@example.com > revoked.pgp
# A user's signature, and the newer one that takes the end of the key away: gpg keeps both apart only in two exports.
$gpg --faked-system-time 20260101T000000! --quick-generate-key 'Hugh <renewed@example.com>' ed25519 sign 10y
key=$(gpg --list-keys --with-colons renewed@example.com | awk -F: '$1 == "fpr" { print $10; exit }')
gpg --export renewed@example.com > renewed.pgp
$gpg --faked-system-time 20260201T000000! --quick-set-expire "$key" 0
gpg --export renewed@example.com | python3 -c 'import sys; new = sys.stdin.buffer.read(); old = open("renewed.pgp", "rb").read(); at = new.index(b"renewed@example.com>") + 20; open("renewed.pgp", "wb").write(old + new[at:])'

# A key that names another to revoke it, and what that one wrote.
$gpg --quick-generate-key 'Warden <warden@example.com>' ed25519 sign never
$gpg --quick-generate-key 'Hugh <named@example.com>' ed25519 sign never
printf 'addrevoker\nwarden@example.com\ny\nsave\n' | gpg --quiet --no-tty --passphrase= --pinentry-mode loopback --command-fd 0 --edit-key named@example.com
printf 'y\n0\n\ny\n' | gpg --quiet --no-tty --passphrase= --pinentry-mode loopback --command-fd 0 --desig-revoke named@example.com | gpg --batch --quiet --import
gpg --export named@example.com > revoker.pgp
rm -r "$GNUPGHOME"
