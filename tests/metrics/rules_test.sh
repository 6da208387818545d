#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Checks the configuration for Prometheus, and runs the tests of the alert rules.
# Argument: prometheus.yml.
set -euo pipefail

cd "$(dirname "$1")"
promtool check config prometheus.yml
promtool test rules alerts_test.yml

# Each alert is shown to fire, and shown not to.
failed=0
while read -r alert; do
  for what in fires 'does not fire'; do
    grep -q "^  - name: $alert $what" alerts_test.yml && continue
    echo "FAIL: no test shows that $alert $what"
    failed=1
  done
done < <(sed -n 's/^ *- alert: //p' alerts.yml)
exit "$failed"
