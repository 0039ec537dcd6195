#!/usr/bin/env python3
"""Makes the README's picture from the demo itself.

    make_picture.py DEMO_PROGRAM PICTURE.svg

Runs the demo in a terminal (tmux), kills a service and mends it again, and
draws what the screen showed on the way as an SVG that moves.
"""

import os
import pathlib
import re
import sys
import time
import xml.sax.saxutils

COLUMNS, ROWS = 80, 24
CELL, LINE = 8.4, 18  # of one character, in pixels
FRAME_SECONDS = 2.5
POSTER = 2  # the frame that a viewer without animation sees
COLOURS = {0: "#6e7681", 1: "#ff7b72", 2: "#3fb950", 3: "#d29922", 4: "#58a6ff",
           5: "#bc8cff", 6: "#39c5cf", 7: "#f0f6fc"}
PAPER, INK = "#0d1117", "#c9d1d9"


def record(program):
    """What the screen showed, with escape sequences, frame by frame."""
    os.environ["SWITCHGEAR_DEMO"] = program
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "demo"))
    from world import Terminal

    terminal = Terminal(columns=COLUMNS, rows=ROWS)
    frames = []

    def frame(pattern, pause=0.0):
        terminal.wait_for(pattern)
        time.sleep(pause)
        frames.append(terminal.screen(escapes=True).splitlines())

    try:
        terminal.enter_live_view()
        terminal.press("2", "T")
        frame("traffic on 4 of 4", 3)
        terminal.press("k")
        frame(r"payments +●╱ ● +open +in \d", 0.2)
        frame(r"killed +⇄ .*✗✗✗.*–", 2)
        terminal.press("f")
        frame("you: service is healthy|healthy +⇄ .*✗✗✗.*–", 1)
        frame(r"payments +\S+ +half.open")
        frame("payments +closed: recovered", 1.5)
    finally:
        terminal.close()
    return frames


class Style:
    def __init__(self):
        self.fg = self.bg = None
        self.bold = self.dim = False

    def apply(self, codes):
        for code in (int(c or 0) for c in codes.split(";")):
            if code == 0:
                self.__init__()
            elif code == 1:
                self.bold = True
            elif code == 2:
                self.dim = True
            elif code == 22:
                self.bold = self.dim = False
            elif code == 39:
                self.fg = None
            elif code == 49:
                self.bg = None
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fg = PAPER if code == 30 else COLOURS[code % 10]
            elif 40 <= code <= 47:
                self.bg = COLOURS[code % 10]


def draw_row(row, style, y):
    """A row of the screen as SVG elements; `style` goes on into the next."""
    out, column = [], 0
    for escape, text in re.findall(r"(\x1b\[[0-9;]*m)|([^\x1b]+)", row):
        if escape:
            style.apply(escape[2:-1])
            continue
        x, width = column * CELL, len(text) * CELL
        column += len(text)
        if style.bg:
            out.append(f'<rect x="{x:.1f}" y="{y - 13}" width="{width:.1f}" '
                       f'height="{LINE}" fill="{style.bg}"/>')
        # Each word gets its place, so that the columns stand whatever the font.
        for word in re.finditer(r"\S+(?: \S+)*", text):
            attributes = f' fill="{style.fg}"' if style.fg else ""
            attributes += ' font-weight="bold"' if style.bold else ""
            attributes += ' opacity="0.6"' if style.dim else ""
            out.append(f'<text x="{x + word.start() * CELL:.1f}" y="{y}" '
                       f'textLength="{len(word[0]) * CELL:.1f}"{attributes}>'
                       f"{xml.sax.saxutils.escape(word[0])}</text>")
    return "".join(out)


def draw_frame(rows):
    style = Style()
    return [draw_row(row, style, 28 + i * LINE) for i, row in enumerate(rows)]


def shown_during(first, last, count):
    """The animation of what is to be seen from frame `first` to `last`."""
    if (first, last) == (0, count - 1):
        return ""
    points = [(0, first == 0), (first / count, True), ((last + 1) / count, False)]
    points = [p for i, p in enumerate(points) if p[0] < 1 and (i != 1 or first)]
    values = ";".join("inline" if on else "none" for _, on in points)
    times = ";".join(f"{at:.4f}".rstrip("0").rstrip(".") for at, _ in points)
    return (f'<animate attributeName="display" values="{values}" keyTimes="{times}" '
            f'calcMode="discrete" dur="{count * FRAME_SECONDS}s" '
            'repeatCount="indefinite"/>')


def draw(frames):
    count, drawn = len(frames), [draw_frame(f) for f in frames]
    height = max(map(len, drawn))
    for rows in drawn:
        rows.extend([""] * (height - len(rows)))
    body = []
    for row in range(height):
        first = 0
        for i in range(1, count + 1):
            if i < count and drawn[i][row] == drawn[first][row]:
                continue
            if drawn[first][row]:
                visible = "" if first <= POSTER < i else ' display="none"'
                body.append(f"<g{visible}>{shown_during(first, i - 1, count)}"
                            f"{drawn[first][row]}</g>")
            first = i
    width, tall = COLUMNS * CELL + 20, height * LINE + 30
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" '
            f'height="{tall}" viewBox="-10 0 {width:.0f} {tall}" '
            "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, "
            f'monospace" font-size="14" fill="{INK}">\n'
            "<title>The live view of the demo: a tool goes down, its breaker "
            "opens, probes, and closes again</title>\n"
            f'<rect x="-10" width="100%" height="100%" rx="8" fill="{PAPER}"/>\n'
            + "\n".join(body) + "\n</svg>\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    pathlib.Path(sys.argv[2]).write_text(draw(record(sys.argv[1])))
