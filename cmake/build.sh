#!/usr/bin/env bash
# Configures build/PRESET where that is due and builds the targets:
#   cmake/build.sh PRESET TARGET... [-- ARGUMENTS FOR CMAKE]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=$1
shift
targets=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  targets+=("$1")
  shift
done
[ $# -eq 0 ] || shift # the --

# Two builds in one tree would spoil each other.
tree=build/$preset
mkdir -p "$tree"
exec 8>"$tree/.lock"
flock 8

export NINJA_STATUS='[%f/%t, %es] '
if [ $# -gt 0 ] || [ ! -f "$tree/build.ninja" ]; then
  cmake --preset "$preset" "$@" --log-level=WARNING
fi
cmake --build --preset "$preset" --target "${targets[@]}"
