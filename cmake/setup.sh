#!/usr/bin/env bash
# Makes a Debian machine ready to build switchgear, and changes nothing where
# all is in place already: cmake/setup.sh demo | tests | coverage
#
# Packages come from the machine's own Debian archive, OpenTelemetry from its
# backports; the demo does without that where it is not to be had. CAF is built
# once, from Debian's source package, into the user's cache, where every
# checkout finds it.
#
# Ends with 0 when the machine is ready, else says what to do by hand and ends
# with 3 (no apt), 4 (not Debian), 5 (not allowed to install), 6 (no space),
# 7 (nothing could be downloaded) or 8 (CAF did not build).
set -euo pipefail
exec </dev/null 1>&2 # asks nothing; standard output belongs to the caller

readonly caf_minimum=0.18.7
readonly demo_packages=(ca-certificates g++ cmake ninja-build pkg-config
  libspdlog-dev libexpected-dev libcurl4-openssl-dev libcpp-httplib-dev
  nlohmann-json3-dev)
# The integrations, and the servers that their tests start. Line by line: what
# is missing leaves out one.
readonly integration_packages=(
  python3-aiosmtpd # notifications
  libpq-dev postgresql # postgresql
  libhiredis-dev redis-server # redis
)
# Of these only the programs are wanted, which the tests start by themselves.
readonly services=(postgresql redis-server)
readonly test_packages=("${demo_packages[@]}" ccache libgtest-dev libgmock-dev
  librapidcheck-dev libbenchmark-dev prometheus python3 python3-jsonschema curl
  tmux chromium fonts-dejavu-core nodejs npm webp pngquant
  "${integration_packages[@]}")
# The package needs more to be built against than it says.
readonly opentelemetry_packages=(opentelemetry-cpp-dev libabsl-dev libgrpc++-dev
  protobuf-compiler-grpc libprotobuf-dev protobuf-compiler libssl-dev zlib1g-dev
  pkg-config)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/switchgear

say() { printf '[switchgear] %s\n' "$*"; }

# fail CODE LINE...
fail() {
  local code=$1 line
  shift
  for line in "$@"; do say "$line"; done
  exit "$code"
}

packages_by_hand() {
  printf '  apt-get update && apt-get install --no-install-recommends -y %s' "$*"
}
readonly caf_by_hand="build CAF $caf_minimum or newer (core and io) yourself and name its prefix in the environment variable CMAKE_PREFIX_PATH."
readonly install_options=(-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
readonly go_on="Then run this again; with SWITCHGEAR_SKIP_SETUP=1 it looks at nothing and goes straight to the build."

# require_space MEGABYTES DIRECTORY PURPOSE
require_space() {
  local free
  mkdir -p "$2" 2>/dev/null ||
    fail 6 "$2 cannot be made; it is needed for $3." \
      "The place of the cache can be changed with the environment variable XDG_CACHE_HOME."
  free=$(df -Pm "$2" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$1" ] ||
    fail 6 "no space: $3 needs $1 MB in $2, and $free MB are free."
}

# --- Packages ---------------------------------------------------------------

missing_packages() {
  local package installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    # Often from elsewhere, where Debian's would be in conflict with it.
    case $package in
      nodejs | npm) ! command -v "${package%js}" >/dev/null || continue ;;
    esac
    grep -qFx "$package installed" <<<"$installed" || printf '%s\n' "$package"
  done
}

# require_debian THING BY_HAND...: before anything is asked of apt.
require_debian() {
  local thing=$1 ID='' PRETTY_NAME='an unknown system'
  shift
  # shellcheck source=/dev/null
  . "${SWITCHGEAR_OS_RELEASE:-/etc/os-release}" 2>/dev/null || true
  [ "$ID" = debian ] ||
    fail 4 "missing: $thing" \
      "This set-up knows Debian only, and this is $PRETTY_NAME. Install by hand what Debian calls:" \
      "$@" "$go_on"
  command -v apt-get >/dev/null ||
    fail 3 "missing: $thing" \
      "apt-get, which would install it, is not on this machine. Install by hand:" \
      "$@" "$go_on"
  codename=${VERSION_CODENAME:-bookworm}
}

# may_install PACKAGE...: sets as_root, or says why they cannot be installed.
may_install() {
  require_debian "$*" "  $*"
  as_root=(env DEBIAN_FRONTEND=noninteractive)
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null ||
      fail 5 "missing: $*" \
        "Only root may install packages, and sudo is not there or asks for a password. As root, run:" \
        "$(packages_by_hand "$@")" "Then run this again."
    as_root=(sudo -n "${as_root[@]}")
  fi
  require_space $((200 + 60 * $#)) /var/cache/apt "installing packages"
}

# without_services COMMAND...: as root, while no package may start a service. It
# asks a policy, which may be there already: then that is somebody's decision.
without_services() (
  policy=${SWITCHGEAR_POLICY_RC_D:-/usr/sbin/policy-rc.d}
  if [ ! -e "$policy" ]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  "$@"
)

# keep_down PACKAGE...: those of them that are services do not start at the next
# boot either.
keep_down() {
  local package
  command -v systemctl >/dev/null || return 0
  for package in "$@"; do
    case " ${services[*]} " in
      *" $package "*) "${as_root[@]}" systemctl --quiet disable "$package" 2>/dev/null || true ;;
    esac
  done
}

install_packages() {
  local missing as_root
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  may_install "${missing[@]}"

  say "installing: ${missing[*]}"
  local apt=("${as_root[@]}" apt-get -q -y -o Acquire::Retries=3 "${install_options[@]}")
  # Lists that cannot be renewed may still do.
  "${apt[@]}" -o APT::Update::Error-Mode=any update ||
    say "the package lists could not be renewed; trying with the old ones"
  without_services "${apt[@]}" install --no-install-recommends "${missing[@]}" ||
    fail 7 "apt-get could not download or install the packages; what it said is above. Is there a network? By hand, as root:" \
      "$(packages_by_hand "${missing[@]}")" "Then run this again."
  keep_down "${missing[@]}"
}

# open_suite SUITE TYPE: makes suite_apt an apt-get that sees SUITE of the
# Debian archive, as deb-src or (beside the system's own sources) as deb. Lists
# and cache are private: the system's apt does not learn of it.
open_suite() {
  local suite=$1 type=$2 dir="$cache/apt/$1-$2" sources SOURCES='' PARTS=''
  eval "$(apt-config shell SOURCES Dir::Etc::sourcelist/f PARTS Dir::Etc::sourceparts/d)"
  rm -rf "$dir/parts"
  mkdir -p "$dir"/{parts,lists/partial,cache/archives/partial}
  shopt -s nullglob
  sources=("$PARTS"*.sources "$PARTS"*.list)
  shopt -u nullglob
  [ ! -f "$SOURCES" ] || sources+=("$SOURCES")
  awk -v codename="$codename" -v suite="$suite" -v type="$type" \
    -f "$root/cmake/debian-stanza.awk" "${sources[@]}" >"$dir/parts/$suite.sources"
  [ -s "$dir/parts/$suite.sources" ] || {
    say "apt's sources name no Debian archive for $codename"
    return 1
  }
  [ "$type" = deb-src ] || cp "${sources[@]}" "$dir/parts"
  suite_apt=(apt-get -q -y -o Dir::Etc::sourcelist=/dev/null
    -o "Dir::Etc::sourceparts=$dir/parts" -o "Dir::State::lists=$dir/lists"
    -o "Dir::Cache=$dir/cache" -o Acquire::Retries=3)
  # The download user of apt cannot enter a home directory.
  [ "$(id -u)" -ne 0 ] || suite_apt+=(-o APT::Sandbox::User=root)
  "${suite_apt[@]}" -o APT::Update::Error-Mode=any update
}

# --- OpenTelemetry ----------------------------------------------------------

install_opentelemetry() {
  local missing as_root
  mapfile -t missing < <(missing_packages "${opentelemetry_packages[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  may_install "${missing[@]}"
  say "installing, also from Debian's backports: ${missing[*]}"
  # Only what the suite itself lacks is taken from its backports: that is how
  # apt ranks them. root runs it even where the cache is a user's, so it keeps
  # nothing there.
  if ! open_suite "$codename-backports" deb ||
    ! "${as_root[@]}" "${suite_apt[@]}" "${install_options[@]}" \
      -o APT::Sandbox::User=root -o APT::Keep-Downloaded-Packages=false \
      install --no-install-recommends "${missing[@]}"; then
    fail 7 "OpenTelemetry could not be installed from $codename-backports; the reason is above." \
      "By hand, as root, with that suite among apt's sources:" \
      "  apt-get update && apt-get install --no-install-recommends -y ${missing[*]}"
  fi
}

# For those who can do without it: what failed is not tried again for a day.
offer_opentelemetry() {
  local tried="$cache/opentelemetry-tried"
  [ -z "$(find "$tried" -mmin -1440 2>/dev/null)" ] || return 0
  if ! (install_opentelemetry); then
    say "going on without OpenTelemetry: the log takes its place. It is tried again tomorrow, or when $tried is gone."
    mkdir -p "$cache" 2>/dev/null || return 0
    : >"$tried"
  fi
}

# --- CAF --------------------------------------------------------------------

caf_is_there() { cmake -P "$root/cmake/find-caf.cmake" >/dev/null 2>&1; }

# Prints every tenth of the way instead of 200 lines.
progress() {
  awk -F'[][/]' -v what="$1" '/^\[[0-9]+\/[0-9]+\]/ {
    tenth = int($2 * 10 / $3)
    if (tenth > last) { last = tenth; printf "[switchgear] %s: %d %%\n", what, tenth * 10; fflush() }
  }'
}

# fetch_caf: the sources of CAF in ./src and the version in caf_version. apt
# compares what it downloads with the signed list.
fetch_caf() {
  local tarball
  say "fetching the sources of CAF from Debian's experimental suite"
  if ! open_suite experimental deb-src ||
    ! "${suite_apt[@]}" source --download-only --tar-only actor-framework; then
    fail 7 "the sources of CAF could not be downloaded; the reason is above. Is there a network?" \
      "Run this again when there is, or $caf_by_hand"
  fi
  tarball=$(find . -maxdepth 1 -name 'actor-framework_*.orig.tar.*' ! -name '*.asc' | head -n 1)
  caf_version=${tarball#*_}
  caf_version=${caf_version%%.orig.tar.*}
  dpkg --compare-versions "${caf_version:-0}" ge "$caf_minimum" ||
    fail 7 "Debian's experimental suite has CAF ${caf_version:-in no version}, which is too old: $caf_by_hand"
  mkdir unpacked
  (cd unpacked && cmake -E tar xf "../$tarball")
  mv unpacked/* src # the one directory that a tarball holds
}

build_caf() {
  local log="$cache/caf-build.log"
  say "building CAF $caf_version; once, it takes some minutes (log: $log)"
  {
    cmake -S src -B build -G Ninja -DCMAKE_BUILD_TYPE=Release \
      -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
      -DCAF_ENABLE_EXAMPLES=OFF -DCAF_ENABLE_TESTING=OFF \
      -DCAF_ENABLE_TOOLS=OFF -DCAF_ENABLE_OPENSSL_MODULE=OFF \
      -DCAF_ENABLE_NET_MODULE=OFF && # that one is of 1.x
      cmake --build build &&
      cmake --install build --prefix "$PWD/prefix"
  } 2>&1 | tee "$log" | progress "CAF $caf_version" || {
    tail -n 20 "$log"
    fail 8 "CAF $caf_version did not build: see $log" "To go on without it, $caf_by_hand"
  }
  # Whoever finds the directory finds all of it.
  rm -rf "$cache/caf-$caf_version"
  mv prefix "$cache/caf-$caf_version"
  caf_is_there || fail 8 "CAF $caf_version was built into $cache/caf-$caf_version, but CMake does not find it there."
  say "CAF $caf_version is in $cache/caf-$caf_version"
}

install_caf() {
  caf_is_there && return
  require_debian "CAF $caf_minimum" "  $caf_by_hand"
  require_space 200 "$cache" "building CAF"
  exec 9>"$cache/lock"
  flock -n 9 || {
    say "waiting for another run that sets CAF up"
    flock 9
    caf_is_there && return
  }
  # Nobody else is here, so what an interrupted run left can go.
  rm -rf "$cache"/work.*
  work=$(mktemp -d "$cache/work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  fetch_caf
  build_caf
}

# ----------------------------------------------------------------------------

case ${1:-} in
  demo) packages=("${demo_packages[@]}") ;;
  tests) packages=("${test_packages[@]}") ;;
  coverage) packages=("${test_packages[@]}" gcovr) ;;
  *) fail 2 "usage: cmake/setup.sh demo | tests | coverage" ;;
esac
[ "${SWITCHGEAR_SKIP_SETUP:-}" != 1 ] || exit 0
if [ ! -d "$root/build" ]; then
  [ -w "$root" ] || fail 6 "$root is not yours to write; copy or clone it to a place that is."
  require_space 500 "$root" "building switchgear"
fi
install_packages "${packages[@]}"
if [ "$1" = demo ]; then
  offer_opentelemetry
else
  install_opentelemetry
fi
install_caf
