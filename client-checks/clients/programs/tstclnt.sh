#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# NSS's tstclnt with a certificate database that is made from PEM files first:
#
#   tstclnt.sh --empty FOLDER --database FOLDER --ca FILE [--cert FILE --key FILE] [--crl FILE] [--last]
#              [options of tstclnt ...]
#
# --empty holds a database without certificates, as "tstclnt.sh --make FOLDER" makes it: that takes longer than the
# connection. --last leaves out the first answer's status line, where tstclnt connects twice (-L 2).
set -u -o pipefail

if [ "$1" = --make ]; then
    rm -f "$2/cert9.db" "$2/key4.db" "$2/pkcs11.txt" # certutil asks for the password of one that is there
    exec certutil -N -d "sql:$2" --empty-password < /dev/null
fi

empty='' database='' ca='' chain='' key='' crl='' last=''
options=()
while [ $# -gt 0 ]; do
    case $1 in
    --empty) empty=$2 && shift 2 ;;
    --database) database=$2 && shift 2 ;;
    --ca) ca=$2 && shift 2 ;;
    --cert) chain=$2 && shift 2 ;;
    --key) key=$2 && shift 2 ;;
    --crl) crl=$2 && shift 2 ;;
    --last) last=yes && shift ;;
    *) options+=("$1") && shift ;;
    esac
done

# Says what failed, and ends.
try() {
    local said
    said=$("$@" 2>&1) || { echo "$said" >&2; exit 1; }
}

rm -rf "$database"
mkdir -p "$database" || exit 1
trap 'rm -rf "$database"' EXIT
try cp "$empty/cert9.db" "$empty/key4.db" "$empty/pkcs11.txt" "$database"

# certutil takes one certificate from a file, the first.
anchor='' count=0
while IFS= read -r line; do
    case $line in -----BEGIN*) anchor='' ;; esac
    anchor+=$line$'\n'
    case $line in
    -----END*)
        count=$((count + 1))
        printf %s "$anchor" > "$database/anchor.pem"
        try certutil -A -d "sql:$database" -n "anchor $count" -t C,, -i "$database/anchor.pem"
        ;;
    esac
done < "$ca"
if [ -n "$chain" ]; then
    # A password, though an empty one would do: openssl and NSS encode an empty one in different ways.
    try openssl pkcs12 -export -in "$chain" -inkey "$key" -name client -passout pass:alert40 -out "$database/client.p12"
    try pk12util -i "$database/client.p12" -d "sql:$database" -W alert40 -K ''
    options+=(-n client)
fi
if [ -n "$crl" ]; then
    try openssl crl -in "$crl" -outform DER -out "$database/crl.der"
    try crlutil -I -d "sql:$database" -i "$database/crl.der"
fi

if [ -z "$last" ]; then
    tstclnt -d "sql:$database" "${options[@]}"
else
    tstclnt -d "sql:$database" "${options[@]}" | sed '0,/^HTTP\// { /^HTTP\//d }'
fi
