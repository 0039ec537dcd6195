"""Keeps docs/mirrored.md true.

    check_mirrored.py [FILE]

Of each row of its tables:

- The last column has references in backquotes, and nothing else: tests
  (`suite.name`), files under tests/ and examples/, measurements (as in
  tests/bench/names.txt). All of them exist. There is at least one, unless the
  row says "to come".
- The second column is not empty. What it quotes exists: files, requests (in
  actors/admin/routes.cpp), commands with their options, metrics (in README.md),
  and all other names somewhere in include/. Its figures in ns and bytes are in
  README.md, "What it costs".
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = ["what it has", "here", "shown by"]
TOPS = r"(?:\.ci|actors|cmake|demo|docs|examples|include|src|tests)/[\w./-]+|[A-Z]\w+\.\w+"
TEST = r"\b(?:TYPED_)?(?:TEST(?:_F|_P)?|RC_GTEST_(?:FIXTURE_)?PROP)\s*\(\s*([\w#]+)\s*,\s*([\w#]+)"

errors = []


def text_of(name):
    return (ROOT / name).read_text()


def files_in(directory, *suffixes):
    return (p for p in (ROOT / directory).rglob("*") if p.suffix in suffixes)


# -- what there is -------------------------------------------------------------

def tests_of(code):
    """The tests of a source file as `suite.name`, also those that a macro of its
    own makes."""
    code = re.sub(r"//[^\n]*", "", code).replace("\\\n", " ")
    for suite, name in re.findall(TEST, re.sub(r"^\s*#define.*$", "", code, flags=re.M)):
        yield f"{suite}.{name}"
    for macro, parameters, body in re.findall(r"^\s*#define (\w+)\(([^)]*)\)(.*)$", code, re.M):
        made = re.findall(TEST, body)
        for arguments in re.findall(rf"^\s*{macro}\s*\(([^)]*)\)", code, re.M) if made else ():
            values = dict(zip(words(parameters), words(arguments)))
            for parts in made:
                yield ".".join("".join(values.get(word, word) for word in part.split("##"))
                               for part in parts)


def words(text):
    return re.findall(r"\w+", text)


def names_in_headers():
    names = set()
    for path in files_in("include", ".hpp"):
        names.update(words(path.read_text()))
    return names


class Project:
    def __init__(self):
        self.tests = {test for path in files_in("tests", ".cpp")
                      for test in tests_of(path.read_text())}
        self.measurements = set(text_of("tests/bench/names.txt").split())
        self.names = names_in_headers()
        readme = text_of("README.md")
        self.metrics = set(re.findall(r"\bcircuit_breaker\w*", readme))
        costs = re.search(r"^## What it costs$(.*?)^## ", readme, re.S | re.M)
        self.figures = set(figures(costs[1])) if costs else set()
        self.routes = set(re.findall(r'\{"([A-Z]+)", "([^"]+)"', text_of("actors/admin/routes.cpp")))
        self.options = "".join(p.read_text() for p in files_in("demo", ".cpp", ".hpp"))
        self.presets = {p["name"] for p in json.loads(text_of("CMakePresets.json"))["configurePresets"]}


def figures(text):
    return re.findall(r"\b\d[\d.,]* (?:ns|bytes)\b", text)


# -- what is said --------------------------------------------------------------

def wrong_with_reference(there, quoted):
    if quoted in there.measurements or quoted in there.tests:
        return None
    if re.fullmatch(r"(?:tests|examples)/[\w./-]+", quoted):
        return None if (ROOT / quoted).is_file() else f"there is no file {quoted}"
    if re.fullmatch(r"\w+\.\w+", quoted):
        return f"there is no test {quoted}"
    if "/" in quoted:
        return f"there is no file or measurement {quoted}"
    return f"{quoted} is neither test, file, nor measurement"


def wrong_with_quote(there, quoted):
    """All that is wrong with what the second column quotes."""
    if re.fullmatch(TOPS, quoted):
        if not (ROOT / quoted).exists():
            yield f"there is no {quoted}"
    elif request := re.fullmatch(r"(GET|POST|PUT|DELETE) (/\S*)", quoted):
        if (request[1], request[2].replace("NAME", "{tool}")) not in there.routes:
            yield f"there is no request {quoted}"
    elif quoted.startswith("./"):
        yield from wrong_with_command(there, *quoted.split())
    else:
        for name in re.findall(r"[A-Za-z_]\w+", quoted):
            known, where = ((there.metrics, "README.md") if name.startswith("circuit_breaker")
                            else (there.names, "include/"))
            if name not in known:
                yield f"there is no {name} in {where}, of `{quoted}`"


def wrong_with_command(there, program, *arguments):
    if not (ROOT / program).is_file():
        yield f"there is no {program}"
    for each in arguments:
        if each.startswith("--"):
            if f'"{each}"' not in there.options:
                yield f"{program} has no option {each}"
        elif each.split(":")[0] not in there.presets:
            yield f"there is no preset {each.split(':')[0]}"


def wrong_with_row(there, cells):
    if len(cells) != len(HEAD):
        yield f"{len(cells)} columns, not {len(HEAD)}"
        return
    what, here, shown = cells
    if not what:
        yield "it does not say what it is about"
    if not here:
        yield "it does not say where it is here"
    for quoted in re.findall(r"`([^`]+)`", here):
        yield from wrong_with_quote(there, quoted)
    for figure in figures(here):
        if figure not in there.figures:
            yield f"{figure} is not in README.md, What it costs"
    references = re.findall(r"`([^`]+)`", shown)
    if rest := re.sub(r"`[^`]+`|,", "", shown).strip():
        yield f"not a reference: {rest}"
    if not references and "to come" not in here:
        yield "nothing shows it, and it is not to come"
    for quoted in references:
        if wrong := wrong_with_reference(there, quoted):
            yield wrong


def rows(lines):
    """Number and cells of each line of a table, with a check of its head."""
    before = ""
    for number, line in enumerate(lines, 1):
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not before.startswith("|"):
                if cells != HEAD:
                    errors.append((number, f"a table has the columns {' | '.join(HEAD)}"))
            elif not re.fullmatch(r"[|\s:-]+", line):
                yield number, cells
        before = line


def main():
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/mirrored.md"
    there = Project()
    lines = path.read_text().splitlines()
    count = 0
    for number, cells in rows(lines):
        count += 1
        errors.extend((number, wrong) for wrong in wrong_with_row(there, cells))
    if count == 0:
        errors.append((1, "it has no rows"))
    for number, wrong in sorted(errors):
        print(f"{path.name}:{number}: {wrong}", file=sys.stderr)
    print(f"{count} rows, {len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
