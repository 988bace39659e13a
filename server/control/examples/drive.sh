#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Drives alert40-server from another process with curl and openssl: makes a listener, connects, reads what happened,
# applies the fix, deletes.
#
#     alert40-server serve cipher/no-shared-cipher-tls12      prints the URL of its control API and the token
#     drive.sh URL TOKEN [SCENARIO]
set -eu
[ $# -ge 2 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 2; }
url=${1%/} token=$2 scenario=${3:-certificate/expired-tls13}
work=$(mktemp -d)

call() { # call METHOD PATH [BODY]
    curl -sS --fail-with-body --noproxy '*' -X "$1" -H "Authorization: Bearer $token" ${3:+-d "$3"} "$url$2"
}
field() { # field NAME: of the JSON object on standard input, its first member of that name
    sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" | head -n 1
}
handshake() {
    printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -connect "127.0.0.1:$port" -servername "$server_name" \
        -CAfile "$work/root.pem" -verify_return_error -ign_eof -quiet 2>&1 | grep -E 'verify error|alert number|connected' || true
}
ended() { # how the newest connection of the listener ended
    call GET "/api/connections?listener=$name&limit=1" | sed -n 's/.*"ended":"\([^"]*\)".*/\1/p'
}

call GET /root.pem > "$work/root.pem"
listener=$(call POST /api/listeners "{\"scenario\":\"$scenario\"}")
name=$(echo "$listener" | field name)
port=$(echo "$listener" | field port)
server_name=$(echo "$listener" | field server_name)
trap 'call DELETE "/api/listeners/$name" && echo deleted; rm -rf "$work"' EXIT

echo "$scenario on port $port:"
handshake
ended
call PATCH "/api/listeners/$name" '{"fixed":true}' > "$work/fixed"
echo "fixed, on the same port $(field port < "$work/fixed"):"
handshake
ended
