#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Generates the package dissectdv1 from the API, into the folder that is the only
# argument, or into this one. Needs go and protoc.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
proto="$here/../../proto"
module=github.com/dissectd/dissectd/clients/go
output="${1:-$here}"
plugins="$(mktemp -d)"
trap 'rm -rf "$plugins"' EXIT

go build -C "$here/tools" -o "$plugins" \
  google.golang.org/protobuf/cmd/protoc-gen-go \
  google.golang.org/grpc/cmd/protoc-gen-go-grpc

# The files of the API name no Go package, as it serves any language.
options=(--go_opt="module=$module" --go-grpc_opt="module=$module")
for file in "$proto"/dissectd/v1/*.proto; do
  package="Mdissectd/v1/${file##*/}=$module/dissectdv1"
  options+=(--go_opt="$package" --go-grpc_opt="$package")
done
rm -f "$output"/dissectdv1/*.pb.go
PATH="$plugins:$PATH" protoc -I "$proto" "${options[@]}" \
  --go_out="$output" --go-grpc_out="$output" "$proto"/dissectd/v1/*.proto

# Which protoc it was makes no difference to the code.
sed -i -E '/^\/\/ (- )?\s*protoc +v/d' "$output"/dissectdv1/*.pb.go
