# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Checks the artefacts of a release: check_ARTEFACT uses what make_ARTEFACT made as
# somebody does who gets nothing else. Needs what artefacts.sh needs.
# shellcheck disable=SC2154 # release.sh sets the variables.
: "${root:?}" "${cache:?}"

# Arguments: what is checked, the answer, what it should be.
expect() {
  [[ $2 == "$3" ]] || die "$1: got \"$2\" instead of \"$3\""
}

# Checks documents with the official library for SPDX.
check_sboms() {
  local python sbom
  python="$(install_python_packages image "$root/deploy/testing/requirements.txt")"
  for sbom; do
    "${python%/*}/pyspdxtools" --infile "$sbom" || die "$sbom isn't valid"
    [[ $("$python" -c 'import json, sys
print(len(json.load(open(sys.argv[1]))["packages"]) > 1)' "$sbom") == True ]] ||
      die "$sbom lists nothing"
  done
}

# Runs a command that finds a daemon with the project's captures in DISSECTD_SERVER.
# Arguments: the folder that has the programs, the command.
with_daemon() (
  programs=$1
  shift
  export DISSECTD_SERVER="unix:$work/socket"
  rm -f "$work/socket"
  "$programs/dissectd" "--listen=$DISSECTD_SERVER" "--store=$root/tests/captures" \
    2>"$work/daemon.log" &
  daemon=$!
  trap 'kill -TERM "$daemon" && wait "$daemon"' EXIT
  wait_for_daemon "$root/bazel-bin/clients/cli/dissectctl" "$DISSECTD_SERVER" "$daemon"
  "$@"
)

# Puts what `./dev build` made into one folder, once.
built_programs() {
  if [[ ! -e $work/programs ]]; then
    mkdir "$work/programs"
    ln -s "$root/bazel-bin/server/dissectd" "$work/programs/"
  fi
  echo "$work/programs"
}

# Prints how many frames each protocol has in a capture, as the examples of all clients do.
# Argument: the command of the example.
count_protocols() {
  with_daemon "$(built_programs)" "$@" count dns.pcap
}

expected_protocols() {
  tshark -r "$root/tests/captures/dns.pcap" -T fields -e _ws.col.Protocol 2>/dev/null |
    LC_ALL=C sort | uniq -c | awk '{ print $2, $1 }'
}

check_sources() {
  local tree="$work/sources/dissectd-$version"
  mkdir "$work/sources"
  tar -xzf "$out/dissectd-$version.tar.gz" -C "$work/sources"
  expect 'the version of the archive' "$("$tree/tools/release/version.py")" "$version"
  expect 'the files of the archive' \
    "$(cd "$tree" && find . ! -type d | sed 's|^\./||' | LC_ALL=C sort)" \
    "$(git -C "$root" ls-tree -r --name-only HEAD | LC_ALL=C sort)"
}

check_debs() {
  local deb root_of_debs="$work/debs"
  lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$out"/*.changes
  for deb in "$out"/*.deb; do dpkg-deb --extract "$deb" "$root_of_debs"; done
  local bin="$root_of_debs/usr/bin" program
  for program in dissectd dissectctl; do
    expect "the version of $program" "$("$bin/$program" --version)" "$program $version"
  done
  expect 'a dissection' \
    "$(with_daemon "$bin" "$bin/dissectctl" read dns.pcap)" \
    "$(tshark -r "$root/tests/captures/dns.pcap" 2>/dev/null)"
  check_sboms "$out/dissectd-$version.spdx.json"
}

check_descriptors() {
  local set="$out/dissectd.v1-$version.binpb"
  (cd "$root" && buf breaking proto --against "$set")
  # A generator that knows nothing but the set.
  protoc --descriptor_set_in="$set" --cpp_out="$work" dissectd/v1/dissection.proto
  [[ -s $work/dissectd/v1/dissection.pb.h ]] || die "$set generates nothing"
}

check_python() {
  local wheel=("$out"/dissectd-*.whl) sdist=("$out"/dissectd-*.tar.gz)
  mkdir "$work/sdist" "$work/rebuilt"
  tar -xzf "${sdist[0]}" -C "$work/sdist" --strip-components=1
  build_python "$work/sdist" wheel "$work/rebuilt"
  cmp "${wheel[0]}" "$work/rebuilt/$(basename "${wheel[0]}")"
  /usr/bin/python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check "${wheel[0]}"
  expect 'the version of the Python package' "$("$work/venv/bin/python" -c \
    'import dissectd; print(dissectd.__version__)')" "$version"
  expect 'the Python package' "$(count_protocols "$work/venv/bin/python" \
    "$root/clients/python/examples/jobs.py")" "$(expected_protocols)"
}

check_npm() {
  local user="$work/npm"
  mkdir "$user"
  echo '{ "type": "module", "private": true }' >"$user/package.json"
  npm install --prefix "$user" --silent --no-audit --no-fund \
    "$out/dissectd-client-$version.tgz" >&2
  cp "$root/clients/typescript/dist/examples/jobs.js" "$user/"
  expect 'the npm package' "$(count_protocols node "$user/jobs.js")" \
    "$(expected_protocols)"
  check_sboms "$out/dissectd-client-$version.spdx.json"
}

check_page() {
  local page="dissectd-page-$version"
  mkdir "$work/unpacked"
  tar -xzf "$out/$page.tar.gz" -C "$work/unpacked"
  [[ -s $work/unpacked/$page/index.html ]] || die 'the page has no index.html'
  # Envoy's configuration has a route for each file, and each must be of a known type.
  "$root/deploy/envoy/derive.py" --page="$work/unpacked/$page" >"$work/envoy.yaml" \
    2>/dev/null
  grep -q 'prefix_path: .*index.html\|index\.html' "$work/envoy.yaml" ||
    die "Envoy wouldn't serve the page"
  check_sboms "$out/$page.spdx.json"
}

check_docs() {
  local site="dissectd-docs-$version"
  tar -tzf "$out/$site.tar.gz" >"$work/docs.files"
  grep -qx "$site/index.html" "$work/docs.files" ||
    die 'the documentation has no index.html'
  expect 'failures of the documentation' \
    "$(tail -n 1 "$work/docs.log" | sed 's/.*passed, //')" '0 failed'
}

check_image() {
  as_root "$root/deploy/testing/test_image.sh" --engine=buildah "localhost/dissectd:$version"
}
