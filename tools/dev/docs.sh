#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the documentation and the API's reference as a site of static pages, and
# checks that nothing of the API is missing. Argument: the folder of the site.
# The packages for it are installed into the cache. The last line has the counts
# of the checks.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

site="$(realpath -m "${1:?the folder of the site}")"
python="$(install_python_packages docs "$root/tools/docs/requirements.txt")"
export PYTHONDONTWRITEBYTECODE=1

pages="$(mktemp -d)"
trap 'rm -rf "$pages"' EXIT
mapfile -d '' -t sources < <(list_sources README.md CHANGELOG.md \
  CONTRIBUTING.md SECURITY.md 'docs/*.md' '*/README.md')
"$python" "$root/tools/docs/site_pages.py" "$root" "$pages" "${sources[@]}"
# The theme's makers advertise their next product.
DISSECTD_DOCS_PAGES="$pages" DISSECTD_DOCS_SITE="$site" NO_MKDOCS_2_WARNING=1 \
  "$python" -m mkdocs build --quiet --strict --clean \
  --config-file "$root/tools/docs/mkdocs.yml"
say "the site begins at $site/index.html; its search needs a server, such as" \
  "python3 -m http.server --directory $site"
exec "$python" "$root/tools/docs/check_site.py" "$root/proto" "$site"
