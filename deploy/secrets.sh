# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Makes certificates and tokens, for scripts that prepare a deployment. Needs openssl, and
# $work, a folder that the script deletes.
: "${work:?}"

# How long certificates are valid.
readonly certificate_days=3650

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

check_host_name() {
  [[ $1 =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] ||
    die "\"$1\" isn't the name of a host"
}

openssl_quietly() { openssl "$@" 2>"$work/errors" || die "$(<"$work/errors")"; }

# Makes a key and a certificate, which an authority signs, or itself. Arguments: the
# paths of the key and of the certificate, the name, and the authority's key and
# certificate.
make_certificate() {
  local options=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes
    -days "$certificate_days" -subj "/CN=$3" -addext "subjectAltName=DNS:$3")
  [[ $# -eq 3 ]] || options+=(-CA "$5" -CAkey "$4" -addext basicConstraints=CA:FALSE)
  openssl_quietly req -x509 "${options[@]}" -keyout "$1" -out "$2"
}

# Makes the private authority of the hop between the edge and the daemons. Arguments: the
# paths of its key and of its certificate.
make_hop_authority() {
  openssl_quietly req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days "$certificate_days" -subj "/CN=dissectd's hop" -keyout "$1" -out "$2"
}

# Makes a token of an administrator as `dissectctl token create` does, which this machine
# may not have. Arguments: the paths of the token, and of the file for the daemon.
make_admin_token() {
  local token hash
  token="$(openssl rand -hex 32)"
  hash="$(printf %s "$token" | sha256sum | cut -d ' ' -f 1)"
  printf '%s\n' "$token" >"$1"
  printf 'admin sha256:%s admins %s\n' "$hash" \
    "$(date --utc --date='90 days' +%FT%TZ)" >"$2"
}
