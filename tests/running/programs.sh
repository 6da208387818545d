# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Names the programs that tests and benchmarks in Python start: those that `./dev build`
# makes, unless the variables are set. Needs $root.
: "${root:?}"
export DISSECTD="${DISSECTD:-$root/bazel-bin/server/dissectd}"
export DISSECTCTL="${DISSECTCTL:-$root/bazel-bin/clients/cli/dissectctl}"
export DISSECTD_FLEET="${DISSECTD_FLEET:-$root/bazel-bin/server/fleet/dissectd-fleet}"
# Python writes nothing into the checkout.
export PYTHONDONTWRITEBYTECODE=1
