# SPDX-License-Identifier: GPL-2.0-or-later
# ldapsearch of the root: SCHEME HOST PORT PRIORITIES [its own options]. "https" stands for LDAP over TLS.
scheme=$1 host=$2 port=$3
export LDAPTLS_CIPHER_SUITE="$4"
shift 4
[ "$scheme" = ldap ] || scheme=ldaps
[ "$1" = --by-address ] && shift && host=$1 && shift
exec ldapsearch -d 1 -x -H "$scheme://$host:$port/" -b "" -s base "$@" 2>&1
