#!/bin/sh
# Made once with OpenSSL 3.0: keys of every kind in every container. The password is pass.txt's first line; digests.txt is what
#   openssl pkey -pubout -outform DER | sha256sum   (key)   and   openssl x509 -outform DER | sha256sum   (certificate)
# give. The keys protect nothing.
set -eu
cd "$(dirname "$0")"
password='pass:schlüssel 7'
printf 'schlüssel 7\n' > pass.txt
: > digests.txt
days=36500
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca-key.tmp
openssl req -x509 -new -key ca-key.tmp -subj "/CN=Key sources authority" -days $days -out ca.pem
make() {
  name=$1; shift
  openssl genpkey "$@" -out $name.key.pem
  openssl pkey -in $name.key.pem -outform DER -out $name.key.der
  openssl pkey -in $name.key.pem -pubout -out $name.public.pem
  openssl pkcs8 -topk8 -in $name.key.pem -passout "$password" -out $name.encrypted.pem
  openssl pkcs8 -topk8 -in $name.key.pem -passout "$password" -v1 PBE-SHA1-3DES -out $name.encrypted-3des.pem
  openssl req -new -key $name.key.pem -subj "/CN=$name.example.org" -out $name.request.pem
  openssl x509 -req -in $name.request.pem -CA ca.pem -CAkey ca-key.tmp -set_serial 7 -days $days -out $name.cert.pem 2>/dev/null
  openssl pkcs12 -export -inkey $name.key.pem -in $name.cert.pem -certfile ca.pem -passout "$password" -out $name.new.p12
  openssl pkcs12 -export -inkey $name.key.pem -in $name.cert.pem -certfile ca.pem -passout "$password" -legacy -out $name.old.p12
  echo "$name $(openssl pkey -in $name.key.pem -pubout -outform DER | sha256sum | cut -c1-64) $(openssl x509 -in $name.cert.pem -outform DER | sha256sum | cut -c1-64)" >> digests.txt
}
make rsa -algorithm RSA -pkeyopt rsa_keygen_bits:2048
make pss -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
make p256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
make p384 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
make ed25519 -algorithm ED25519
make ed448 -algorithm ED448
# The older forms of single keys, and the odd ones out of RSA's and P-256's.
openssl rsa -in rsa.key.pem -traditional -out rsa.pkcs1.pem 2>/dev/null
openssl ec -in p256.key.pem -out p256.sec1.pem 2>/dev/null
openssl rsa -in rsa.key.pem -traditional -outform DER -out rsa.pkcs1.der 2>/dev/null
openssl ec -in p256.key.pem -outform DER -out p256.sec1.der 2>/dev/null
openssl rsa -in rsa.key.pem -traditional -aes128 -passout "$password" -out rsa.proc-type.pem 2>/dev/null
openssl pkcs8 -topk8 -in p256.key.pem -passout "$password" -scrypt -out p256.scrypt.pem
openssl pkcs8 -topk8 -in p256.key.pem -passout "$password" -v1 PBE-MD5-DES -provider legacy -provider default -out p256.md5-des.pem
openssl pkcs8 -topk8 -in p256.key.pem -passout "$password" -v1 PBE-SHA1-RC2-40 -provider legacy -provider default -out p256.rc2-40.pem
openssl pkcs12 -export -inkey p256.key.pem -in p256.cert.pem -passout pass: -out p256.no-password.p12
openssl pkcs12 -export -inkey p256.key.pem -nocerts -passout "$password" -out p256.key-only.p12
openssl pkcs12 -export -nokeys -in p256.cert.pem -certfile ca.pem -passout "$password" -out p256.no-key.p12
openssl pkcs12 -export -inkey rsa.key.pem -in rsa.cert.pem -certfile ca.pem -keypbe NONE -certpbe NONE -nomac -passout pass: -out rsa.plain.p12
openssl pkcs12 -export -inkey rsa.key.pem -in rsa.cert.pem -certfile ca.pem -macalg sha512 -keypbe AES-128-CBC -certpbe PBE-SHA1-3DES -passout "$password" -out rsa.mixed.p12
rm ca-key.tmp
