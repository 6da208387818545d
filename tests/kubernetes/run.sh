#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests deploy/kubernetes: renders the chart by Helm and the bases by kubectl, compares them
# with each other and with Kubernetes' schemas, and runs the containers of their pods with the
# programs that `./dev build` makes. Helm is built once, into the cache. Needs root for
# namespaces, dumpcap, openssl and Python's venv. Arguments are for unittest, for example the
# names of tests; "--render" renders the bases instead. The last line has the tests' counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"
# shellcheck source=tools/dev/go.sh
source "$root/tools/dev/go.sh"

tests="$root/tests/kubernetes"

# Argument: where to install. Built from Go's modules, as Helm's packages are elsewhere.
build_helm() {
  (cd "$tests" && nice go build -ldflags='-s -w' -o "$1/helm" helm.sh/helm/v4/cmd/helm)
}

python="$(install_python_packages kubernetes "$tests/requirements.txt")"
provide_go "$tests/go.mod"
folder="$cache/lint/helm-$(cat "$tests"/go.{mod,sum} | sha256sum | cut -c 1-16)"
fill_cache_folder "$folder" build_helm
export HELM="$folder/helm"
# shellcheck source=tests/running/programs.sh
source "$root/tests/running/programs.sh"
export PYTHONPATH="$tests:$root/deploy/kubernetes:$root/tests/running:$root/tests/metrics"
if [[ ${1:-} == --render ]]; then
  exec "$python" "$root/deploy/kubernetes/render.py" "$HELM"
fi
exec "$python" "$root/tests/running/run_tests.py" "$tests" "$@"
