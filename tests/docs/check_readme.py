"""Keeps README.md true.

    check_readme.py README_PARTS [--update]

Between `<!-- begin KIND NAME -->` and `<!-- end -->` stands what comes from
elsewhere: `file` a file of the project, `part` what the program readme_parts
prints, `recordings` the number of recorded scenarios. --update rewrites it.

Besides: all C++ in code blocks comes from files that are compiled; where
`<!-- compiled in FILE -->` precedes a table, what its last column quotes is in
that file; where `<!-- named in DIRECTORY -->` does, the names there are; files,
commands and Prometheus metrics that are named exist.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- begin (\w+) ?(\S*) -->\n)(.*?)(<!-- end -->\n)", re.S)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
TABLE = re.compile(r"<!-- (compiled|named) in (\S+) -->\n\n?((?:\|.*\n)+)")
LANGUAGES = {".cpp": "cpp", ".txt": "cmake", ".conf": "", ".yml": "yaml", ".expected": "text",
             ".scenario": "text", ".trace": "text"}
TRACES = {"statem_hand": "written to pin down one rule each",
          "statem_rand": "generated, many rules at once",
          "statem_more": "what the first two left open",
          "breaker_hand": "a breaker's rules",
          "breaker_rand": "a breaker's life, generated",
          "sup": "supervisors"}

errors = []


def from_file(name):
    path = ROOT / name
    if not path.is_file():
        errors.append(f"{name}: there is no such file")
        return ""
    return f"```{LANGUAGES[path.suffix]}\n{path.read_text()}```\n"


def recordings():
    rows = ["| recorded | scenarios | drivers |", "|---|---|---|"]
    total = 0
    for name, about in TRACES.items():
        path = ROOT / "tests/conformance/traces" / f"{name}.jsonl"
        count = sum("trace" in json.loads(line) for line in path.open())
        drivers = "virtual time, CAF actor"
        if name.startswith("breaker"):
            drivers += ", threads that count for themselves"
        rows.append(f"| `{name}`: {about} | {count} | {drivers} |")
        total += count
    rows.append(f"| together | {total} | all as recorded |")
    return "\n".join(rows) + "\n"


def from_program(program, name):
    run = subprocess.run([program, name], capture_output=True, text=True)
    if run.returncode != 0:
        errors.append(run.stderr.strip())
    return run.stdout


def content(program, kind, name):
    if kind == "file":
        return from_file(name)
    if kind == "part":
        return from_program(program, name)
    if kind == "recordings":
        return recordings()
    errors.append(f"begin {kind} {name}: what kind is that?")
    return ""


def squeeze(text):
    return re.sub(r"\s+", "", text)


def last_cells(table):
    """The code that the last column quotes, without the heading."""
    for row in table.splitlines()[2:]:
        yield from re.findall(r"`([^`]+)`", row.rstrip("| ").rpartition(" | ")[2])


def check_tables(text):
    tables = TABLE.findall(text)
    if len(tables) != len(re.findall("<!-- (?:compiled|named) in", text)):
        errors.append("a table is to be checked, and is not found")
    for kind, where, table in tables:
        path = ROOT / where
        files = [path] if path.is_file() else path.rglob("*.hpp")
        code = "".join(file.read_text() for file in files)
        for quoted in last_cells(table):
            if kind == "named":
                names = re.findall(r"[a-z_]\w+", quoted)
                missing = [n for n in names if not re.search(rf"\b{n}\b", code)]
            else:
                # Whitespace does not matter, and `…` stands for anything within
                # a statement.
                pattern = "[^;]*?".join(re.escape(squeeze(p))
                                        for p in quoted.split("…"))
                missing = [] if re.search(pattern, squeeze(code)) else [quoted]
            for each in missing:
                errors.append(f"{where} has no {each}")


def check_code(text):
    outside = BLOCK.sub("", text)
    for language, code in FENCE.findall(outside):
        if language in ("cpp", "c++", "mermaid", "cmake"):
            errors.append(f"a {language} block that nothing keeps true: {code[:60]!r}")
        if language == "sh":
            check_commands(code)


def check_commands(code):
    presets = json.loads((ROOT / "CMakePresets.json").read_text())
    known = {p["name"] for p in presets["configurePresets"] if not p.get("hidden")}
    for name in re.findall(r"--preset[ =](\w+)", code):
        if name not in known:
            errors.append(f"there is no preset {name}")
    for program in re.findall(r"^(\./\S+)", code, re.M):
        if not (ROOT / program).is_file():
            errors.append(f"there is no {program}")


def check_paths(text):
    tops = "src|include|actors|tests|examples|demo|cmake"
    named = re.findall(rf"`((?:{tops})/[\w./-]*)`", text)
    named += [link for link in re.findall(r"(?:\]\(|src=\")([^)\"#]+)", text)
              if "://" not in link]
    for path in named:
        if not (ROOT / path).exists():
            errors.append(f"there is no {path}")
    headings = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-")
                for h in re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.M)}
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        if anchor not in headings:
            errors.append(f"there is no heading #{anchor}")


def check_metrics(text):
    """Metrics that rules and sentences name are in the table of metrics."""
    table = re.search(r"<!-- begin part metrics-table -->.*?<!-- end -->", text, re.S)
    known = set(re.findall(r"`(circuit_breaker_\w+)`", table[0] if table else ""))
    for name in re.findall(r"\bcircuit_breaker_\w+", text):
        if re.sub(r"_(bucket|sum|count)$", "", name) not in known:
            errors.append(f"there is no metric {name}")


def main():
    program = sys.argv[1]
    text = README.read_text()
    rendered = BLOCK.sub(lambda m: m[1] + content(program, m[2], m[3]) + m[5], text)
    if "--update" in sys.argv[2:]:
        README.write_text(rendered)
        text = rendered
    for old, new in zip(BLOCK.findall(text), BLOCK.findall(rendered)):
        if old != new:
            errors.append(f"{' '.join(old[1:3])} is not as it should be; "
                          "tests/docs/check_readme.py --update mends it")
    if text.count("<!-- begin ") != len(BLOCK.findall(text)):
        errors.append("a block without an end")
    check_tables(text)
    check_code(text)
    check_paths(text)
    check_metrics(text)
    for each in errors:
        print("README.md:", each, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
