#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the image of the Dockerfile: with Docker where it runs, otherwise on Debian with
# buildah, which needs no engine and no registry, and elsewhere with Podman.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

usage() {
  cat <<'EOF'
Usage: ./dev image [OPTION...] [TAG]

Builds an image. The tag is by default localhost/dissectd: and the version.

  --engine=NAME   docker, buildah or podman; by default the first one that this machine
                  has, or can install from Debian
  --base=IMAGE    Debian 12, for example debian:bookworm@sha256:DIGEST; by default
                  debian:bookworm, and with buildah one made from Debian's packages
  --iidfile=FILE  write the id of the image to a file
  --fresh         build everything, and use no results of earlier builds
EOF
}

engine='' base='' fresh=false tag=''
more=()
while [[ $# -gt 0 ]]; do
  case "$1" in
    --engine=*) engine="${1#*=}" ;;
    --base=*) base="${1#*=}" ;;
    --iidfile=*) more+=("$1") ;;
    --fresh) fresh=true ;;
    -h | --help)
      usage
      exit
      ;;
    -*) die "there is no option \"$1\"; see ./dev image --help" ;;
    *)
      [[ -z $tag ]] || die 'more than one tag; see ./dev image --help'
      tag="$1"
      ;;
  esac
  shift
done

choose_engine() {
  if docker info >/dev/null 2>&1; then
    echo docker
  elif command -v apt-get >/dev/null || ! command -v podman >/dev/null; then
    echo buildah
  else
    echo podman
  fi
}

# Makes an image of Debian's packages, which `buildah bud` finds by its name.
make_base() {
  local folder container
  base=localhost/dissectd-base:bookworm
  if ! $fresh && as_root buildah inspect --type image "$base" >/dev/null 2>&1; then
    return
  fi
  say "making $base from Debian's packages"
  folder="$(mktemp -d)"
  # shellcheck disable=SC2064 # The folder is known now.
  trap "rm -rf '$folder'" EXIT
  as_root mmdebstrap --quiet --variant=minbase bookworm "$folder/base.tar"
  container="$(as_root buildah from scratch)"
  as_root buildah add --quiet "$container" "$folder/base.tar" / >/dev/null
  as_root buildah commit --quiet --rm "$container" "$base" >/dev/null
}

# Prints the answer of git to a question, or the first argument if it has none.
git_or() {
  local otherwise=$1
  shift
  git -C "$root" "$@" 2>/dev/null || echo "$otherwise"
}

version="$(<"$root/VERSION")"
tag="${tag:-localhost/dissectd:$version}"
revision="$(git_or unknown describe --always --abbrev=40 --dirty --exclude='*')"
epoch="${SOURCE_DATE_EPOCH:-$(git_or 0 log -1 --format=%ct)}"
source="$(git_or '' config --get remote.origin.url)"
# Others can't use a path of this machine.
[[ $source == https://* ]] || source=unknown

[[ -n $engine ]] || engine="$(choose_engine)"
arguments=("${more[@]}" --tag "$tag"
  --build-arg "VERSION=$version" --build-arg "REVISION=$revision"
  --build-arg "SOURCE=$source" --build-arg "SOURCE_DATE_EPOCH=$epoch")
# Only Docker's format has health checks.
of_buildah=(--format docker --timestamp "$epoch")
if $fresh; then
  # The Dockerfile deletes it.
  arguments+=(--no-cache --build-arg BUILD_CACHE=/root/.cache/bazel/fresh)
elif [[ $engine != docker && $EUID -eq 0 ]]; then
  # Uses what `./dev build` has built, and the other way round. Another user's cache
  # would get files that belong to root.
  mkdir -p "$cache/bazel"
  of_buildah+=(--volume "$cache/bazel:/tmp/image/dissectd/bazel")
  arguments+=(--build-arg BUILD_CACHE=/tmp/image)
fi

case "$engine" in
  docker) command=(docker build --progress=plain) ;;
  podman) command=(as_root podman build "${of_buildah[@]}") ;;
  buildah)
    need image
    [[ -n $base ]] || make_base
    command=(as_root buildah bud --isolation chroot --layers "${of_buildah[@]}")
    [[ $base != localhost/* ]] || command+=(--pull-never)
    ;;
  *) die "the engine is docker, podman or buildah, not \"$engine\"" ;;
esac
[[ -z $base ]] || arguments+=(--build-arg "BASE=$base")

say "building $tag with $engine"
started=$SECONDS
"${command[@]}" "${arguments[@]}" "$root" >&2
say "built $tag within $((SECONDS - started)) s"
