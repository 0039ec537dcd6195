"""What the program `scenario` does with good and bad input."""

import subprocess
import sys

STATEM = ["--kind", "statem", "--driver"]
GOOD = """\
name door
init a
rule a call open -> next_state b ; reply @ done
run
call 1 open
wait 20
"""
TRACE = """\
start ok
init
event a call:1 open d=0
reply 1 done
@20
end b d=1
"""


def check(arguments, given, code, out, err):
    """`out` must be all that was printed; `err` a part of it."""
    run = subprocess.run([sys.argv[1], *arguments], input=given, text=True,
                         capture_output=True, timeout=60)
    if run.returncode != code or run.stdout != out or err not in run.stderr:
        sys.exit(f"{arguments}: expected {code}, {out!r}, ...{err!r}...\n"
                 f"got {run.returncode}, {run.stdout!r}, {run.stderr!r}")


for driver in "virtual", "actor":
    check([*STATEM, driver], GOOD, 0, TRACE, "")
    check([*STATEM, driver], GOOD.replace("open ->", "open =>"), 2, "",
          "line 3: '=>' after the content; allowed: max=N, ->")
    check([*STATEM, driver], "", 2, "", "ends before 'run'")
check(["--kind", "door", "--driver", "actor"], GOOD, 2, "",
      "--kind is 'door'; allowed: statem, breaker, sup")
check([*STATEM, "real"], GOOD, 2, "",
      "--driver is 'real'; allowed: virtual, actor")
check([*STATEM], GOOD, 2, "", "--driver has no value")
check(["--kind", "statem"], GOOD, 2, "", "must be given")
check(["-x"], GOOD, 2, "", "unknown option '-x'")
