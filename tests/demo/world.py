"""What the demo's test scripts share: starting it, looking at its processes,
and a terminal (tmux) to run it in."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]

sys.path.append(str(ROOT / "tests/support"))
from waiting import PATIENCE, eventually  # noqa: E402, F401: for all tests here

DEMO = os.environ.get("SWITCHGEAR_DEMO", str(ROOT / "build/release/demo/switchgear_demo"))


def environment(**changes):
    """The environment, without what would change how the demo looks, and what
    it says in the end."""
    result = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NO_COLOR", "LC_ALL", "LC_CTYPE", "TMUX")
        and not name.startswith(("OTEL_", "SWITCHGEAR_ADMIN_"))
    }
    result["LANG"] = "C.UTF-8"
    result.update(changes)
    return result


def process_status(pid):
    """Name, state letter and parent of a process; None if there is none."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name, rest = re.fullmatch(r"\d+ \((.*)\) (.*)", text, re.DOTALL).groups()
    state, parent = rest.split()[:2]
    return name, state, int(parent)


def children_of(pid):
    """Zombies included."""
    result = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            status = process_status(entry.name)
            if status and status[2] == pid:
                result.append(int(entry.name))
    return result


def has_ended(pid):
    """A zombie has ended: reaping it is up to whoever inherited it."""
    status = process_status(pid)
    return status is None or status[1] == "Z"


def exit_code(process):
    return process.wait(timeout=PATIENCE)


class Terminal:
    """A command in a terminal of its own, with a shell around it that writes
    down the terminal's modes before and after, and the exit code."""

    def __init__(self, arguments="", columns=80, rows=24, job_control=False,
                 **variables):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="demo-test-"))
        settings = " ".join(f"{name}={value}" for name, value in variables.items())
        # The shell stays, so that what is left on the screen can be seen.
        script = self.directory / "session.sh"
        script.write_text(
            f"""ulimit -c 0
trap : INT  # Ctrl-C is for the demo
stty -g >{self.directory}/before
env {settings} sh -c 'echo $$ >{self.directory}/pid; exec {DEMO} {arguments}'
echo $? >{self.directory}/code.new
stty -g >{self.directory}/after
mv {self.directory}/code.new {self.directory}/code
exec sleep 1000
"""
        )
        shell = "bash --norc --noprofile -i" if job_control else f"sh {script}"
        self.tmux(
            "-f/dev/null", "-u", "new-session", "-d",
            "-x", str(columns), "-y", str(rows), shell,
        )
        if job_control:
            self.press(f"sh {script}", "Enter")

    def tmux(self, *arguments):
        return subprocess.run(
            ["tmux", "-S", f"{self.directory}/tmux", *arguments],
            env=environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=True,
        ).stdout

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self, escapes=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if escapes else []))

    def wait_for(self, pattern):
        """Waits until the screen shows a regular expression."""

        def found():
            ended = (self.directory / "code").exists()
            match = re.search(pattern, self.screen())
            if ended and not match:
                raise AssertionError(f"ended before /{pattern}/:\n{self.screen()}")
            return match

        return eventually(found, lambda: f"/{pattern}/ in:\n{self.screen()}")

    def enter_live_view(self):
        """Past the phases. The view comes by itself, too, after a while."""
        if "Enter" in self.wait_for("Enter: now|q quit")[0]:
            self.press("Enter")
        self.wait_for("q quit")

    def pid(self):
        path = self.directory / "pid"
        return int(eventually(lambda: path.exists() and path.read_text()))

    def signal(self, number):
        os.kill(self.pid(), number)

    def services(self):
        return children_of(self.pid())

    def exit_code(self):
        path = self.directory / "code"
        eventually(path.exists, self.screen)
        return int(path.read_text())

    def is_restored(self):
        """After the end: all is as if the program had never run."""
        flags = self.tmux(
            "display-message", "-p", "#{alternate_on} #{cursor_flag} #{wrap_flag}"
        ).split()
        before = (self.directory / "before").read_text()
        after = (self.directory / "after").read_text()
        return (flags, before) == (["0", "1", "1"], after)

    def close(self):
        try:
            os.kill(self.pid(), signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.tmux("kill-server")
        shutil.rmtree(self.directory, ignore_errors=True)
