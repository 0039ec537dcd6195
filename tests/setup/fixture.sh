# shellcheck shell=bash disable=SC2016 # what stand-ins do is not expanded here
# A machine made of stand-ins, for scenarios.sh. The commands that set-up calls
# are found in $bin only: real ones that are harmless, and stand-ins.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
sandbox=$(mktemp -d)
trap 'rm -rf "$sandbox"' EXIT
bin=$sandbox/bin
cache=$sandbox/cache/switchgear
calls=$sandbox/calls # what the stand-ins were asked to do, a line a call
mkdir -p "$bin" "$sandbox"/{cache,etc/sources.list.d}
touch "$calls"
for tool in awk bash cat cp dirname env find flock grep head mkdir mktemp mv rm \
  sort tail tee true; do
  ln -s "$(type -P $tool)" "$bin/$tool"
done

# stand_in NAME: the command NAME does what standard input says.
stand_in() {
  {
    printf '#!%s\nprintf "%%s\\n" "%s $*" >>%q\ncache=%q\n' "$(type -P bash)" "$1" "$calls" "$cache"
    cat
  } >"$bin/$1"
  chmod +x "$bin/$1"
}

# A healthy new Debian, on which we are root: nothing is installed, and apt-get
# brings all that it is asked for.
stand_in id <<<'echo 0'
stand_in df <<<'printf "h\nx 1 1 99999 1%% /\n"'
stand_in dpkg <<'END'
[ "$(printf '%s\n%s\n' "$2" "$4" | sort -V | tail -n 1)" = "$2" ]
END
stand_in dpkg-query <<<'exit 1'
stand_in apt-config <<END
echo "SOURCES='$sandbox/etc/sources.list'; PARTS='$sandbox/etc/sources.list.d/'"
END
stand_in apt-get <<'END'
case " $* " in *" source "*) : >actor-framework_0.18.7.orig.tar.gz ;; esac
END
stand_in cmake <<'END'
case $1 in
  -P) compgen -G "$cache/caf-*" ;; # is CAF there?
  -E) mkdir actor-framework-0.18.7 ;;
  --install) mkdir "${!#}" ;;
esac
END
cat >"$sandbox/os-release" <<'END'
ID=debian
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
VERSION_CODENAME=bookworm
END
cat >"$sandbox/etc/sources.list.d/debian.sources" <<'END'
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/archive.gpg
END

everything_is_installed() {
  stand_in dpkg-query <<<'shift 3; for package; do echo "$package installed"; done'
}

only_opentelemetry_is_missing() {
  stand_in dpkg-query <<'END'
shift 3
for package; do [ "$package" = opentelemetry-cpp-dev ] || echo "$package installed"; done
END
  caf_is_in_the_cache
}

caf_is_in_the_cache() { mkdir -p "$cache/caf-0.18.7"; }

# setup ARGUMENTS...: runs it; what it says is in $said, its exit code in $code.
setup() {
  code=0
  said=$(env -i PATH="$bin" HOME="$sandbox" XDG_CACHE_HOME="$sandbox/cache" \
    SWITCHGEAR_OS_RELEASE="$sandbox/os-release" \
    SWITCHGEAR_POLICY_RC_D="$sandbox/os-release" ${skip:+SWITCHGEAR_SKIP_SETUP=1} \
    "$root/cmake/setup.sh" "$@" 2>&1) || code=$?
}

die() {
  printf '%s\nsaid (exit code %s):\n%s\ncalls:\n' "$1" "${code:-}" "${said:-}"
  cat "$calls"
  exit 1
}
expect_code() { [ "$code" = "$1" ] || die "expected exit code $1"; }
expect_said() { [[ $said == *"$1"* ]] || die "expected to be told: $1"; }
expect_silence() { [ -z "$said" ] || die "expected no word"; }
expect_call() { grep -qE -- "$1" "$calls" || die "expected a call: $1"; }
expect_no_call() { ! grep -qE -- "$1" "$calls" || die "expected no call: $1"; }
