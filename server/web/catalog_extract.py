"""Finds the texts: `t`, `tn` and `N_` in TypeScript; `gettext`, `ngettext`, `t` and `N_` in Python.

In TypeScript a call is found by its shape, not by parsing: JSX text may hold a lone apostrophe, which makes
a JavaScript tokenizer read the rest of the file as one string. The first argument (for `tn` the first two)
must be a string literal, or literals joined with `+`; a template literal is reported by `computed_calls`.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO

_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_LITERAL = re.compile(_STRING)
_JOIN = re.compile(r"\s*\+\s*")
_CALL = re.compile(r"(?<![\w$.])(tn|t|N_)\(\s*")
_COMMA = re.compile(r"\s*,\s*")
_COMMENT_LINE = re.compile(r"^\s*(?://|\*|/\*).*$", re.MULTILINE)


def _unquote(literal: str) -> str:
    """The value of one JavaScript string literal."""
    inner = literal[1:-1].replace("\\'", "'")
    if literal[0] == "'":
        inner = re.sub(r'(?<!\\)"', r"\"", inner)
    value: str = json.loads(f'"{inner}"')
    return value


def _literal_at(source: str, start: int) -> tuple[str, int] | None:
    """The string that begins at `start` (joined literals included) and the index after it."""
    parts: list[str] = []
    at = start
    while found := _LITERAL.match(source, at):
        parts.append(_unquote(found.group()))
        at = found.end()
        join = _JOIN.match(source, at)
        if join is None:
            break
        at = join.end()
    return ("".join(parts), at) if parts else None


def _calls(source: str) -> Iterator[tuple[int, str, list[str | None]]]:
    """Every call with its line, its name and its literal arguments (`None` where one is computed)."""
    blank = _COMMENT_LINE.sub(lambda found: " " * len(found.group()), source)
    for call in _CALL.finditer(blank):
        name, at = call.group(1), call.end()
        values: list[str | None] = []
        for _ in range(2 if name == "tn" else 1):
            found = _literal_at(blank, at)
            if found is None:
                values.append(None)
                break
            values.append(found[0])
            comma = _COMMA.match(blank, found[1])
            at = comma.end() if comma else found[1]
        yield blank.count("\n", 0, call.start()) + 1, name, values


_PYTHON_ARGUMENTS = {"gettext": 1, "ngettext": 2, "t": 1, "N_": 1}


def _python_name(node: ast.Call) -> str:
    """`gettext` for `gettext(…)` and `texts.gettext(…)`; `t` and `N_` only as plain names."""
    if isinstance(node.func, ast.Name):
        return node.func.id
    is_method = isinstance(node.func, ast.Attribute) and node.func.attr in {"gettext", "ngettext"}
    return node.func.attr if is_method and isinstance(node.func, ast.Attribute) else ""


def extract_python(
    fileobj: IO[bytes],
    keywords: Mapping[str, object],
    comment_tags: Collection[str],
    options: Mapping[str, object],
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Babel's extractor interface for Python, f-strings included."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if not isinstance(node, ast.Call):
            continue
        name = _python_name(node)
        wanted = _PYTHON_ARGUMENTS.get(name, 0)
        values = [argument.value for argument in node.args[:wanted] if isinstance(argument, ast.Constant)]
        texts = [value for value in values if isinstance(value, str)]
        if wanted and len(texts) == wanted:
            yield node.lineno, name, tuple(texts) if wanted == 2 else texts[0], []


def extract_tsx(
    fileobj: IO[bytes],
    keywords: Mapping[str, object],
    comment_tags: Collection[str],
    options: Mapping[str, object],
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Babel's extractor interface: (line, function, message or messages, comments)."""
    for line, name, values in _calls(fileobj.read().decode("utf-8")):
        literal = [value for value in values if value is not None]
        if len(literal) == len(values):
            yield line, name, tuple(literal) if name == "tn" else literal[0], []


def computed_calls(source: str) -> list[int]:
    """Lines where a text is a template literal, so that nobody could translate it."""
    blank = _COMMENT_LINE.sub("", source)
    calls = [call for call in _CALL.finditer(blank) if blank.startswith("`", call.end())]
    return [blank.count("\n", 0, call.start()) + 1 for call in calls]
