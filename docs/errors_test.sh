#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares the tables of errors.md with the reasons in the sources. Arguments:
# errors.md, then all sources of the programs.
set -euo pipefail

document=$1
shift

# Every text in upper case with an underscore is a reason, and two words are, except
# environment variables (also systemd's), names of the values of options, units, names
# of libpcap, dumpcap, GLib, Wireshark, time zones, algorithms and TLS secrets, and the end
# of a template for names of folders. Single letters are settings of columns.
listed="$(sed -nE 's/^\| \x60([A-Z][A-Z_0-9]*)\x60 \|.*/\1/p' "$document" | sort)"
used="$(grep -hvE '>type_name\(|^ *label\(' -- "$@" |
  grep -oE '"(INTERNAL|UNAUTHENTICATED|[A-Z][A-Z0-9]+(_[A-Z0-9]+)+)"' | tr -d '"' |
  grep -vxE 'TZ|TZDIR|HOME|USER|LOGNAME|XDG_[A-Z]+_(DIR|HOME)|WIRESHARK_CONFIG_DIR|(LISTEN|WATCHDOG)_[A-Z]+|NOTIFY_SOCKET|X+|UTC|GMT|GLIB_DOMAIN|MESSAGE|PATH|CAP_NET_RAW|CAP_NET_ADMIN|EN10MB|RAW|LINUX_SLL|IEEE802_11_RADIO|PPP|SUNATM|MTP2|PFLOG|MB|NOHT|TS_.*|[ERH]S[0-9]{3}|EC|RSA|AC_(CAS|ISDN)|CLIENT_RANDOM|(CLIENT|SERVER)_([A-Z]+_)?TRAFFIC_SECRET(_0)?' | sort -u)"

[[ $(wc -l <<<"$used") -gt 40 ]] || {
  echo 'FAIL: the sources have hardly any reasons: are they all here?'
  exit 1
}
failed=0
while read -r reason; do
  echo "FAIL: $reason is listed more than once"
  failed=1
done < <(uniq -d <<<"$listed")
while read -r reason; do
  echo "FAIL: $reason is used and not listed"
  failed=1
done < <(comm -13 <(uniq <<<"$listed") <(echo "$used"))
while read -r reason; do
  echo "FAIL: $reason is listed and not used"
  failed=1
done < <(comm -23 <(uniq <<<"$listed") <(echo "$used"))
exit "$failed"
