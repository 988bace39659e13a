#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a client of NSS with a certificate database that is made from PEM files first:
#
#   nss.sh --make FOLDER [libcurl.c]    once: an empty database, which takes longer to make than a connection, and libcurl.c
#   nss.sh tstclnt FOLDER DATABASE --ca FILE [--cert FILE --key FILE] [--crl FILE] [--last] [options of tstclnt ...]
#   nss.sh libcurl FOLDER DATABASE [--cert FILE --key FILE] [options of libcurl.c ...]
#
# --last: of two connections (tstclnt -L 2) the first answer's status line is left out.
# libcurl takes anchors and revocation lists from PEM files by itself, but keys of RSA alone (libnsspem).
set -u -o pipefail

if [ "$1" = --make ]; then
    rm -f "$2/cert9.db" "$2/key4.db" "$2/pkcs11.txt" # certutil asks for the password of one that is there
    certutil -N -d "sql:$2" --empty-password < /dev/null || exit
    [ -z "${3-}" ] || cc -O1 -o "$2/libcurl" "$(dirname "$0")/$3"
    exit
fi

client=$1 folder=$2 database=$3
shift 3
ca='' chain='' key='' crl='' last=''
options=()
while [ $# -gt 0 ]; do
    case $client$1 in
    tstclnt--ca) ca=$2 && shift 2 ;;
    tstclnt--crl) crl=$2 && shift 2 ;;
    tstclnt--last) last=yes && shift ;;
    *--cert) chain=$2 && shift 2 ;;
    *--key) key=$2 && shift 2 ;;
    *) options+=("$1") && shift ;;
    esac
done

# Says what failed, and ends.
try() {
    local said
    said=$("$@" 2>&1) || { echo "$said" >&2; exit 1; }
}

# certutil takes one certificate from a file, the first.
import_anchors() {
    local line anchor='' count=0
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
    done < "$1"
}

rm -rf "$database"
mkdir -p "$database" || exit 1
trap 'rm -rf "$database"' EXIT
try cp "$folder/cert9.db" "$folder/key4.db" "$folder/pkcs11.txt" "$database"
[ -z "$ca" ] || import_anchors "$ca"
if [ -n "$chain" ]; then
    # A password, though an empty one would do: openssl and NSS encode an empty one in different ways.
    try openssl pkcs12 -export -in "$chain" -inkey "$key" -name client -passout pass:alert40 -out "$database/client.p12"
    try pk12util -i "$database/client.p12" -d "sql:$database" -W alert40 -K ''
    case $client in
    tstclnt) options+=(-n client) ;;
    libcurl) options+=(--cert client) ;;
    esac
fi
if [ -n "$crl" ]; then
    try openssl crl -in "$crl" -outform DER -out "$database/crl.der"
    try crlutil -I -d "sql:$database" -i "$database/crl.der"
fi

case $client in
tstclnt)
    if [ -z "$last" ]; then
        tstclnt -d "sql:$database" "${options[@]}"
    else
        tstclnt -d "sql:$database" "${options[@]}" | sed '0,/^HTTP\// { /^HTTP\//d }'
    fi
    ;;
libcurl) SSL_DIR="$database" "$folder/libcurl" libcurl-nss.so.4 "${options[@]}" ;;
esac
