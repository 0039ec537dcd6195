#!/usr/bin/env bash
# scenarios.sh NAME: plays one scenario of cmake/setup.sh; see fixture.sh.
# shellcheck disable=SC2016 # what stand-ins do is not expanded here
set -euo pipefail
# shellcheck source=tests/setup/fixture.sh
. "$(dirname "${BASH_SOURCE[0]}")/fixture.sh"

# --- What goes well ---------------------------------------------------------

test_fresh_machine() {
  setup tests
  expect_code 0
  expect_call '^apt-get .*install --no-install-recommends .*g\+\+.*libgtest-dev.*tmux.* nodejs npm '
  expect_call '^apt-get .*source .*actor-framework'
  [ -d "$cache/caf-0.18.7" ] || die "CAF is not in the cache"
  ! compgen -G "$cache/work.*" >/dev/null || die "the work directory is left over"
}

test_demo_installs_no_test_packages() {
  setup demo
  expect_code 0
  expect_call '^apt-get .*install .*libspdlog-dev'
  expect_no_call 'gtest|tmux|benchmark'
}

test_second_run_is_silent_and_offline() {
  everything_is_installed
  caf_is_in_the_cache
  stand_in apt-get <<<'exit 100'
  setup tests
  expect_code 0
  expect_silence
  expect_no_call '^(apt-get|sudo)'
}

test_other_distribution_with_everything_in_place() {
  everything_is_installed
  caf_is_in_the_cache
  echo 'ID=fedora' >"$sandbox/os-release"
  setup demo
  expect_code 0
}

test_node_from_elsewhere_is_kept() {
  stand_in node <<<''
  setup tests
  expect_code 0
  expect_call '^apt-get .*install .*chromium.* npm ' # which is not there
  expect_no_call '^apt-get .*nodejs'
  stand_in npm <<<''
  : >"$calls"
  setup tests
  expect_call '^apt-get .*install .*chromium'
  expect_no_call '^apt-get .*(nodejs|npm)'
}

test_sudo_without_password() {
  stand_in id <<<'echo 1000'
  stand_in sudo <<<'shift; exec "$@"'
  setup demo
  expect_code 0
  expect_call '^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get .*install'
}

test_system_apt_is_left_alone() {
  everything_is_installed
  setup demo
  expect_code 0
  local call
  while read -r call; do
    [[ $call == *"Dir::State::lists=$cache/"*"Dir::Cache=$cache/"* ]] ||
      die "not private: $call"
  done < <(grep '^apt-get' "$calls")
  diff - "$cache/apt/experimental-deb-src/parts/experimental.sources" <<'END'
Types: deb-src
URIs: http://mirror.example/debian
Suites: experimental
Components: main
Signed-By: /usr/share/keyrings/archive.gpg
END
}

test_two_runs_build_caf_once() {
  everything_is_installed
  local first
  setup demo & first=$!
  setup demo
  expect_code 0
  wait $first
  [ "$(grep -c '^cmake --build' "$calls")" = 1 ] || die "not built exactly once"
}

test_rests_of_an_interrupted_run_go() {
  everything_is_installed
  mkdir -p "$cache/work.old/src"
  setup demo
  expect_code 0
  [ ! -e "$cache/work.old" ] || die "the old work directory is still there"
}

test_opentelemetry_comes_from_the_backports() {
  only_opentelemetry_is_missing
  setup tests
  expect_code 0
  expect_call '^apt-get .*Dir::State::lists=.*/bookworm-backports-deb/lists .* install .*opentelemetry-cpp-dev'
  # That would take others from there, too.
  expect_no_call '^apt-get .* -t '
  expect_no_call '^apt-get .*libspdlog-dev'
  local parts="$cache/apt/bookworm-backports-deb/parts"
  diff - "$parts/bookworm-backports.sources" <<'END'
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/archive.gpg
END
  # What it depends on comes from the system's own sources.
  diff "$sandbox/etc/sources.list.d/debian.sources" "$parts/debian.sources"
}

test_opentelemetry_with_sudo() {
  only_opentelemetry_is_missing
  stand_in id <<<'echo 1000'
  stand_in sudo <<<'shift; exec "$@"'
  setup tests
  expect_code 0
  expect_call '^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get .*bookworm-backports-deb.* install'
}

test_demo_goes_on_without_opentelemetry() {
  only_opentelemetry_is_missing
  stand_in apt-get <<<'echo "E: no such suite"; exit 100'
  setup demo
  expect_code 0
  expect_said "E: no such suite"
  expect_said "going on without OpenTelemetry"
  : >"$calls"
  setup demo
  expect_code 0
  expect_silence
  expect_no_call '^apt-get'
}

test_skip() {
  skip=1 setup tests
  expect_code 0
  expect_silence
  expect_no_call .
}

# --- What cannot go on ------------------------------------------------------

test_no_apt() {
  rm "$bin/apt-get"
  setup demo
  expect_code 3
  expect_said "apt-get, which would install it, is not on this machine"
  expect_said "libspdlog-dev"
}

test_other_distribution() {
  printf 'ID=fedora\nPRETTY_NAME="Fedora Linux 40"\n' >"$sandbox/os-release"
  setup tests
  expect_code 4
  expect_said "this is Fedora Linux 40"
  expect_said "libgtest-dev"
  expect_said "SWITCHGEAR_SKIP_SETUP=1"
  expect_no_call '^apt-get'
}

test_not_root() {
  stand_in id <<<'echo 1000'
  stand_in sudo <<<'exit 1' # asks for a password
  stand_in dpkg-query <<<'shift 3; for p; do [ "$p" = g++ ] || echo "$p installed"; done'
  setup demo
  expect_code 5
  expect_said "apt-get update && apt-get install --no-install-recommends -y g++"
  expect_no_call '^apt-get'
}

test_not_root_and_no_sudo() {
  stand_in id <<<'echo 1000'
  setup demo
  expect_code 5
  expect_said "Only root may install packages"
}

test_no_space() {
  stand_in df <<<'printf "h\nx 1 1 12 99%% /\n"'
  setup demo
  expect_code 6
  expect_said "no space"
  expect_said "12 MB are free"
  expect_no_call '^apt-get'
}

test_unwritable_cache() {
  everything_is_installed
  rmdir "$sandbox/cache"
  touch "$sandbox/cache" # not even root can make a directory in a file
  setup demo
  expect_code 6
  expect_said "cannot be made"
  expect_said "XDG_CACHE_HOME"
}

test_download_of_packages_fails() {
  stand_in apt-get <<<'echo "E: Could not resolve host"; exit 100'
  setup demo
  expect_code 7
  expect_said "E: Could not resolve host"
  expect_said "Is there a network?"
  expect_said "apt-get install --no-install-recommends -y ca-certificates g++"
}

test_download_of_caf_fails() {
  everything_is_installed
  stand_in apt-get <<<'exit 100'
  setup demo
  expect_code 7
  expect_said "the sources of CAF could not be downloaded"
  expect_said "CMAKE_PREFIX_PATH"
}

test_tests_need_opentelemetry() {
  only_opentelemetry_is_missing
  stand_in apt-get <<<'echo "E: no such suite"; exit 100'
  setup tests
  expect_code 7
  expect_said "E: no such suite"
  expect_said "from bookworm-backports"
  expect_said "-y opentelemetry-cpp-dev"
}

test_no_debian_archive_in_the_sources() {
  everything_is_installed
  rm "$sandbox/etc/sources.list.d/debian.sources"
  setup demo
  expect_code 7
  expect_said "apt's sources name no Debian archive"
}

test_caf_of_experimental_is_too_old() {
  everything_is_installed
  stand_in apt-get <<<': >actor-framework_0.17.6.orig.tar.xz'
  setup demo
  expect_code 7
  expect_said "has CAF 0.17.6, which is too old"
}

test_caf_does_not_build() {
  everything_is_installed
  stand_in cmake <<'END'
case $1 in
  -P) exit 1 ;;
  -E) mkdir actor-framework-0.18.7 ;;
  --build) echo "error: no such thing"; exit 1 ;;
esac
END
  setup demo
  expect_code 8
  expect_said "error: no such thing"
  ! compgen -G "$cache/caf-0*" >/dev/null || die "half a CAF is in the cache"
  ! compgen -G "$cache/work.*" >/dev/null || die "the work directory is left over"
}

test_unknown_argument() {
  setup everything
  expect_code 2
  expect_said "usage:"
}

# --- The parts --------------------------------------------------------------

stanza() {
  awk -v codename=bookworm -v suite=experimental -v type=deb-src \
    -f "$root/cmake/debian-stanza.awk" "$@"
}

test_stanza_from_one_line_sources() {
  cat >"$sandbox/sources.list" <<'END'
# deb http://commented.example/debian bookworm main
deb cdrom:[Debian 12]/ bookworm main
deb http://security.example/debian-security bookworm-security main
deb [ arch=amd64 signed-by=/k.gpg ] http://mirror.example/debian/ bookworm main contrib
END
  mv "$sandbox"/sources.list "$sandbox/a.list"
  diff <(stanza "$sandbox/a.list") - <<'END'
Types: deb-src
URIs: http://mirror.example/debian/
Suites: experimental
Components: main
Signed-By: /k.gpg
END
}

test_stanza_prefers_debian_and_keeps_an_inline_key() {
  cat >"$sandbox/a.sources" <<'END'
Types: deb
URIs: http://other.example/apt
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://mirror.example/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
END
  diff <(stanza "$sandbox/a.sources") - <<'END'
Types: deb-src
URIs: http://mirror.example/debian
Suites: experimental
Components: main
Signed-By: 
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
END
}

# a_caf PREFIX VERSION: what CMake sees of an installed CAF.
a_caf() {
  mkdir -p "$1/lib/cmake/CAF"
  touch "$1/lib/cmake/CAF/CAFConfig.cmake"
  cat >"$1/lib/cmake/CAF/CAFConfigVersion.cmake" <<END
set(PACKAGE_VERSION $2)
END
}

find_caf() {
  env -u CMAKE_PREFIX_PATH XDG_CACHE_HOME="$sandbox/cache" "$@" \
    cmake -P "$root/cmake/find-caf.cmake" 2>&1
}

test_find_caf_takes_the_newest_of_the_cache() {
  a_caf "$cache/caf-0.18.6" 0.18.6
  said=$(find_caf) || true # nothing, or one that this machine has elsewhere
  [[ $said != *CAF:*"$cache"* ]] || die "took 0.18.6"
  a_caf "$cache/caf-0.18.9" 0.18.9
  a_caf "$cache/caf-0.18.10" 0.18.10
  said=$(find_caf) || die "found none"
  [[ $said == *"/lib/cmake/CAF"* && $said != *caf-0.18.9* ]] || die "took another"
}

test_find_caf_prefers_an_installed_one() {
  a_caf "$cache/caf-0.18.10" 0.18.10
  a_caf "$sandbox/opt" 0.18.8
  said=$(find_caf CMAKE_PREFIX_PATH="$sandbox/opt")
  expect_said "$sandbox/opt"
  a_caf "$sandbox/opt" 0.17.6
  said=$(find_caf CMAKE_PREFIX_PATH="$sandbox/opt")
  [[ $said != *"$sandbox/opt"* ]] || die "took one that is too old"
}

test_layering_sees_a_breach() {
  mkdir -p "$sandbox"/tree/{src,include/switchgear}
  echo '#include "switchgear/a.hpp"' >"$sandbox/tree/src/a.cpp"
  echo '#include "switchgear/b.hpp"' >"$sandbox/tree/include/switchgear/a.hpp"
  echo '#include <vector>' >"$sandbox/tree/include/switchgear/b.hpp"
  "$root/cmake/check-layering" "$sandbox/tree" || die "fault found where none is"
  echo '#include <spdlog/spdlog.h>' >>"$sandbox/tree/include/switchgear/b.hpp"
  ! "$root/cmake/check-layering" "$sandbox/tree" || die "breach not seen"
}

test_results_are_summed_up() {
  mkdir "$sandbox"/{project,results}
  cat >"$sandbox/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(some NONE)
enable_testing()
add_test(NAME good COMMAND sh -c "exit 0")
add_test(NAME bad COMMAND sh -c "echo what is wrong; exit 1")
add_test(NAME skips COMMAND sh -c "exit 77")
set_tests_properties(skips PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME missing COMMAND /nowhere/test)
set_tests_properties(bad PROPERTIES FIXTURES_SETUP bad)
add_test(NAME needs_bad COMMAND sh -c "exit 0")
set_tests_properties(needs_bad PROPERTIES FIXTURES_REQUIRED bad)
add_test(NAME crashes COMMAND sh -c "kill -SEGV $$")
END
  cmake -S "$sandbox/project" -B "$sandbox/project" >/dev/null
  for leg in one two; do
    ctest --test-dir "$sandbox/project" --output-junit "$sandbox/results/$leg.xml" >/dev/null 2>&1 ||
      true
  done
  ! said=$("$root/tests/results.py" "$sandbox/results" --broken 1) || die "is content"
  [ "${said##*$'\n'}" = "2 passed, 9 failed" ] || die "summed up: $said"
  for line in "one, failed: bad" "two, failed: missing" "    what is wrong" "2 skipped"; do
    [[ $said == *"$line"* ]] || die "does not say '$line': $said"
  done
}

"test_$1"
