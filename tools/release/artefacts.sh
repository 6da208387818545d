# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Makes the artefacts of a release: make_ARTEFACT writes to $out. Needs $root, $cache,
# $version, $out, and $work, a temporary folder.
# shellcheck disable=SC2154 # release.sh sets the variables.
: "${root:?}" "${cache:?}"

# Packs a folder so that the same files give the same bytes. Arguments: the archive, the
# folder that contains it, its name there.
pack() {
  tar --create --format=gnu --sort=name --owner=0 --group=0 --numeric-owner \
    --mode=go=rX,u+rw --mtime="@$SOURCE_DATE_EPOCH" --directory "$2" "$3" |
    gzip --no-name --best >"$1"
}

make_sources() {
  git -C "$root" archive --format=tar --prefix="dissectd-$version/" HEAD |
    gzip --no-name --best >"$out/dissectd-$version.tar.gz"
}

make_debs() {
  "$root/tools/dev/package.sh" "$out"
  local bin="$root/bazel-bin"
  "$root/deploy/sbom/program_sbom.py" "$bin/server/dissectd" \
    "$bin/clients/cli/dissectctl" "$bin/core/engine/dissectd-engine" \
    "$bin/server/capture_filter/capture-filter-compiler" \
    "$bin/server/capture_keeper/capture-keeper" "$bin/server/extcap/extcap-launcher" \
    >"$out/dissectd-$version.spdx.json"
}

make_descriptors() {
  install_buf
  (cd "$root" && buf build proto --output "$out/dissectd.v1-$version.binpb")
}

# Makes the Python package from a folder of its sources. Arguments: the folder, the
# target of hatch, where to.
build_python() {
  (cd "$1" && PYTHONDONTWRITEBYTECODE=1 "$python_builder" -m hatchling build \
    --target "$2" --directory "$3" >&2)
}

make_python() {
  python_builder="$(install_python_packages python-build \
    "$root/clients/python/requirements-build.txt")"
  # hatch also packs what git ignores, so it gets what git knows.
  mkdir "$work/python"
  git -C "$root" archive HEAD clients/python proto LICENSES | tar -x -C "$work/python"
  local target
  for target in wheel sdist; do
    build_python "$work/python/clients/python" "$target" "$out"
  done
}

# Prints the SBOM of npm packages. Arguments: their folders, the package itself first.
npm_sbom() {
  local sboms=() package
  for package; do
    sboms+=("$work/$(basename "$package").npm.json")
    (cd "$package" && npm sbom --sbom-format spdx --omit dev --package-lock-only) \
      >"${sboms[-1]}"
  done
  "$root/deploy/sbom/npm_sbom.py" "${sboms[@]}"
}

make_npm() {
  find_node
  build_typescript_client
  local client="$root/clients/typescript"
  (cd "$client" && npm pack --silent --pack-destination "$out" >&2)
  npm_sbom "$client" >"$out/dissectd-client-$version.spdx.json"
}

make_page() {
  find_node
  build_typescript_client
  local web="$root/clients/web" page="dissectd-page-$version"
  link_node_packages "$web"
  (cd "$web" && npm run --silent build -- --logLevel warn --outDir "$work/$page" --emptyOutDir)
  pack "$out/$page.tar.gz" "$work" "$page"
  npm_sbom "$web" "$root/clients/typescript" >"$out/$page.spdx.json"
}

make_docs() {
  local site="dissectd-docs-$version"
  "$root/tools/dev/docs.sh" "$work/$site" | tee "$work/docs.log" >&2
  pack "$out/$site.tar.gz" "$work" "$site"
}

make_image() {
  "$root/deploy/image/build.sh" --engine=buildah --iidfile="$work/id" \
    "localhost/dissectd:$version"
  as_root buildah push --quiet "$(<"$work/id")" \
    "docker-archive:$work/image.tar:dissectd:$version" >/dev/null
  gzip --no-name --best <"$work/image.tar" >"$out/dissectd-$version-image.tar.gz"
}
