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
rm -r "$GNUPGHOME"
