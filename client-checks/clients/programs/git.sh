# SPDX-License-Identifier: GPL-2.0-or-later
# git ls-remote over HTTPS: FOLDER NAME PORT ADDRESS CA [--versions V,V] [--by-address] [git's own options].
# git has the least version alone (http.sslVersion); the rest is taken from GnuTLS, of which its libcurl is made.
folder=$1 name=$2 port=$3 address=$4 ca=$5
shift 5
if [ "$1" = --by-address ]; then
    shift
    name=$address
fi
if [ "$1" = --versions ]; then
    file=$(mktemp "$folder/gnutls.XXXXXX")
    echo "[overrides]" >"$file"
    for version in 1.0 1.1 1.2 1.3; do
        case ",$2," in
        *,$version,*) ;;
        *) echo "disabled-version = tls$version" >>"$file" ;;
        esac
    done
    export GNUTLS_SYSTEM_PRIORITY_FILE="$file"
    shift 2
fi
export GIT_SSL_CAINFO="$ca" HOME="$folder" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 LC_ALL=C
exec git -c http.curloptResolve="$name:$port:$address" "$@" ls-remote "https://$name:$port/x.git" 2>&1
