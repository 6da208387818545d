#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Takes the pictures of the dashboard in docs/images. Needs the programs that DISSECTD and
# DISSECTCTL name, the packages of tools/packages/clients-web.txt, and root for captures.
set -euo pipefail

: "${DISSECTD:?}" "${DISSECTCTL:?}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/node.sh
source "$root/tools/dev/node.sh"

find_node
build_typescript_client
link_node_packages "$root/clients/web"
cd "$root/clients/web"
exec npx vitest run --config vitest.screenshots.config.ts
