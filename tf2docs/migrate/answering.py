"""Find the rows that answer what somebody pasted: an error, a log line, a name, a line of old code.

Names decide, not prose. What Python says in a form of its own, such as `has no attribute 'lr'`, is
a fact with a name in it, and a row answers it by that name alone.
`docs/assets/javascripts/answering.js` does the same step by step; `tests/migrate` holds the two to
each other.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Any

from tf2docs.migrate.patterns import PREFIXES, Pattern, canonical, read_pattern
from tf2docs.migrate.table import Row, load_rows, rows_by_rank

__all__ = ["Answer", "answer", "payload"]

_ENOUGH = 10  # what a row must be worth to be an answer
_SHOWN = 3  # so many answers, or guesses, are shown
_FEW = 3  # up to so many words are looked for as they stand
_QUOTED = 20  # what a piece of a row's own message is worth, and more the longer it is

# These patterns go to the script as they are: no named groups, and nothing that one of the two
# lacks.
_CLEANING = (
    (r"\x1b?\[\d{1,3}(?:;\d{1,3})*m", ""),  # the colours of Colab and Jupyter
    ("[‘’´]", "'"),
    ("[“”]", '"'),
    ("：", ": "),
    ("（", "("),
    ("）", ")"),
    ("，", ", "),
    (r"\.?\s*Did you mean:? [^\n]*", ""),
)
_HEAD = (
    r"(?:^|[\s|>(:\"'`])(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning)"
    r"(?: \(see above for traceback\))?\s*:(?=\s|$)"
    r"|(?:^|\s)(?:WARNING|ERROR)\s*:"
    r"|^\s*(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)\s*$"  # it says nothing more
)
_END = (
    r"^\s*(?:Traceback \(|File \"|During handling|The above exception|-{9,}|NOTE: If your|Cell In"
    r"|In \[|(?:-+> ?)?\d+(?:\s|$)|except )"  # what ends one: code of a frame is no message
)
_FACTS = (  # what Python says, and which of its groups are the owner and the name
    ("path", r"[Mm]odule '?([\w.]+)'? has no attribute ['\"]?(\w+)"),
    ("path", r"(?:^|[\s:`])(tensorflow|keras|tf(?:\.\w+)*) has no attribute ['\"`]?(?:tf\.)?(\w+)"),
    ("path", r"'module' object has no attribute '()(\w+)'"),  # as Python 2 says it
    ("attribute", r"'?([\w.]+)'? object has no attribute '(\w+)'"),
    ("attribute", r"type object '([\w.]+)' has no attribute '(\w+)'"),
    ("module", r"No module named ()['\"]?([A-Za-z_][\w.]*)"),
    (
        "imported",
        r"cannot import name '?(\w+)'?(?: from (?:partially initialized module )?'([\w.]+)')?",
    ),
    ("argument", r"(?:([\w.]+)\(\) )?[Gg]ot an unexpected keyword argument '(\w+)'"),
    ("arguments", r"not recognized()(?: by [^{}]*)?: \{([^{}]*)"),
    ("arguments", r"[Uu]nrecognized keyword arguments passed to (\w+): \{([^{}]*)"),
    ("argument", r"Keyword argument not understood()[:', ]+(\w+)"),
    ("argument", r"[Uu]nrecognized keyword arguments()[:', ]+(?:dict_keys\()?\['(\w+)'"),
    ("path", r"`(np)\.(\w+)` was (?:removed|a deprecated alias)"),
    ("undefined", r"name ()'(\w+)' is not defined"),
    ("deprecated", r"calling (\w+) \(from [\w.]+\) with (\w+) is deprecated"),
    ("deprecated", r"()\b(\w+) \(from (?:tensorflow|keras)[\w.]*\) is deprecated"),
    (
        "deprecated",
        r"()`(?:\w+\.)*(\w+)(?:\(\))?`(?: (?:argument|class|function|layer|method))?"
        r"(?: (?:in|of) `\w+`)? (?:is|are|will be|has been|have been) "
        r"(?:deprecated|removed|renamed)",
    ),
    ("deprecated", r"()\b(\w+) is deprecated(?: in|[,:])"),
)
_UNTOLD = r"cannot import name '?(\w+)'?(?![\w'])(?! from)"  # the module, by an old Python
# how Python shows an object says where its class is, not what failed
_SHOWN_CLASS = (
    r"<(?:[^<>]* object at |class )[^<>]*>|\(from tensorflow\.[\w.]+\)"
    r"|[\"'][\w/.-]+:\d+[\"']"  # and where its value comes from in a graph, such as "batch:0"
    r"|The operation, '[^']*'|Common ops without gradient: [^\n]*"
)
_UNCALLED = r"'module' object is not callable"  # it doesn't say which
_CALLEE = r"\b([A-Za-z_]\w*)\s*\("
# the package whose code a traceback shows
_FRAME = r"(?:(?:site|dist)-packages[/\\]+|^\s+(?=[\w/]+\.py:\d)|File \"(?=\w+[/\\]))(\w+)"
_OURS = ("keras", "tensorflow", "tensorflow_core", "tf_keras", "numpy", "absl", "six", "h5py")
_LITERALS = {
    "<int>": r"(?:-?\d+|\(-?\d+\))",
    "<str>": r"[\"'][^\"']*[\"']",
    "<list>": r"\[",
    "<several>": r"\[[^\]]*,",
}
_TOLD = r"`|\b(?:Received|Expected)\b"  # a message whose exception was left out
_SEPARATORS = r"[\s\"'`,;:()[\]{}=]+"
_KEY = r"'(\w+)':"
_NAME = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\b(?!\s*=(?!=))"  # what is given a value says nothing
_IMPORT = r"from ([A-Za-z_][\w.]*) import \(?([\w, ]+)"
_ATTRIBUTE = r"\.([A-Za-z_]\w*)"
_SUBSCRIPT = r"\[[\"'](\w+)[\"']\]"
_SAID = r"([(=,]\s*|[([,=]\s*\[)[fr]?(?:\"[^\"\n]*\"|'[^'\n]*')"  # text that is handed over
_CALL = r"([A-Za-z_][\w.]*)\s*\(|[()]|([A-Za-z_]\w*)\s*=(?!=)"
_TEXT = r"([A-Za-z_][\w.]*)\(\s*(?:\w+\s*=\s*)?[fr]?[\"']([^\"'\n]+)[\"']"
_BARE = r"^\s*[\w.]*(?:Error|Exception|Warning):?\s*$"  # an exception that says nothing more
_ANYTHING = (
    "Layer",
    "Model",
    "Functional",
    "Sequential",
    "Optimizer",
    "wrapper",
    "__init__",
    "compile",
)  # callees that say nothing
_COMMON = (
    "tf",
    "keras",
    "np",
    "tf.train",
    "keras.layers",
    "keras.models",
    "keras.utils",
    "keras.backend",
    "keras.optimizers",
    "keras.losses",
    "keras.metrics",
    "keras.callbacks",
    "keras.preprocessing",
    "tf.nn",
    "tf.math",
    "tf.compat",
    "tf.compat.v1",
    "tf.config",
    "tf.data",
    "tf.image",
    "tf.io",
    "tf.lite",
    "tf.random",
    "tf.saved_model",
    "tf.strings",
    "tf.summary",
)


@dataclass(frozen=True)
class Answer:
    """What the table has to say.

    Attributes:
        rows: The rows that answer, the best first; nothing where the table doesn't have it.
        guesses: The nearest rows, where none answers.
    """

    rows: tuple[Row, ...]
    guesses: tuple[Row, ...] = ()


@dataclass(frozen=True)
class _Fact:
    kind: str
    owner: str
    name: str

    @property
    def path(self) -> str:
        return canonical(f"{self.owner}.{self.name}" if self.owner else self.name)


@dataclass(frozen=True)
class _Text:
    """A call whose first argument is text with an ending, or without one of several."""

    owner: str  # how the name of the object begins; empty where that is all the same
    name: str
    ends: bool
    pieces: tuple[str, ...]
    barred: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    row: Row
    patterns: tuple[Pattern, ...]
    texts: tuple[_Text, ...]
    calls: tuple[str, ...]
    names: tuple[str, ...]
    says: tuple[str, ...]
    text: str


def answer(pasted: str) -> Answer:
    """Find the rows that answer what was pasted.

    Args:
        pasted: A traceback, a message, a log line, a name, a line of code, with words around it.

    Examples:
        >>> answer("AttributeError: 'Adam' object has no attribute 'lr'").rows[0].id
        'optimizer-lr'
        >>> answer("NameError: name 'x' is not defined").rows
        ()
    """
    text = _clean(pasted)
    messages = [_with_callee(_with_module(each, text), text) for each in _messages(text)]
    messages = messages or [text] * bool(re.search(_TOLD, text))
    said = messages[0] if messages else text
    if re.search(_BARE, said, re.ASCII):
        return _by_program(said, text)
    answers = [row for each in messages or [text] for row in _answers(each, code=not messages)]
    rows = tuple({row.id: row for row in answers}.values())
    if rows := _with_package(rows, text):
        return Answer(rows[:_SHOWN])
    if not messages and (rows := _containing(text)):
        return Answer(rows)
    return Answer((), _nearest(text, messages))


def _with_package(rows: tuple[Row, ...], text: str) -> tuple[Row, ...]:
    """The rows, behind the one on the package in whose code it happened, which isn't one's own."""
    frames = re.findall(_FRAME, text, re.ASCII | re.MULTILINE)
    packages = [each for each in frames if each not in _OURS]
    own = [e.row for e in _entries() if packages and packages[-1] in e.row.packages]
    return tuple({row.id: row for row in (*own, *rows)}.values())


def _by_program(exception: str, text: str) -> Answer:
    """The rows with an exception that says nothing more, and whose code a traceback shows."""
    raising = _containing(exception)
    shown = {entry.row.id for entry in _entries() if _is_shown(entry, text)}
    rows = tuple(row for row in raising if row.id in shown)
    return Answer(rows[:_SHOWN], () if rows else raising[:_SHOWN])


def _is_shown(entry: _Entry, program: str) -> bool:
    quoted = any(_quotes(piece, program.lower()) for piece in entry.says)
    return quoted or max(_code(entry, program), default=0) >= _ENOUGH


def _answers(message: str, *, code: bool) -> tuple[Row, ...]:
    """The rows that answer one message, or code, the best first."""
    scores = [(_worth(entry, message, code=code), entry) for entry in _entries()]
    least = max(_ENOUGH, max(worth for worth, _ in scores) / 2)
    return _best([(worth, entry) for worth, entry in scores if worth >= least])


def payload() -> dict[str, Any]:
    """All that the script needs to answer alike."""
    constants = (
        "CLEANING",
        "HEAD",
        "FRAME",
        "OURS",
        "UNTOLD",
        "UNCALLED",
        "CALLEE",
        "SHOWN_CLASS",
        "TOLD",
        "END",
        "FACTS",
        "KEY",
        "NAME",
        "ATTRIBUTE",
        "SUBSCRIPT",
        "IMPORT",
        "CALL",
        "SAID",
        "TEXT",
        "BARE",
        "SEPARATORS",
    )
    rows = [
        {
            "id": entry.row.id,
            "patterns": [
                [p.base, p.argument, p.key] if p.argument or p.key else p.base
                for p in entry.patterns
            ],
            "texts": [astuple(each) for each in entry.texts],
            "calls": entry.calls,
            "packages": entry.row.packages,
            "there": sorted(entry.row.there),
            "names": entry.names,
            "says": entry.says,
            "text": entry.text,
        }
        for entry in _entries()
    ]
    working = sorted(_working())
    return {
        "rows": rows,
        "working": working,
        "anything": _ANYTHING,
        "common": _COMMON,
        "prefixes": PREFIXES,
    } | {name.lower(): globals()[f"_{name}"] for name in constants}


@functools.cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(map(_entry, rows_by_rank()))


def _entry(row: Row) -> _Entry:
    says = tuple(" ".join(piece.split()).lower() for piece in (*row.says, *row.said))
    found = list(map(read_pattern, (*row.finds, *row.fixes)))
    patterns = tuple(each for each in found if not each.value and not each.compared)
    texts = tuple(filter(None, map(_read_text, found)))
    calls = tuple(filter(None, map(_read_call, found)))
    names = tuple(map(canonical, row.names))
    words = [*row.old.values(), *row.new.values(), *row.effect.values(), row.raises, *names]
    return _Entry(row, patterns, texts, calls, names, says, " ".join(dict.fromkeys(words)).lower())


def _read_text(pattern: Pattern) -> _Text | None:
    """What a pattern says of a call's first argument, if that is text with an ending."""
    kind, *pieces = pattern.value[1:-1].split(" ")
    if pattern.argument != "0" or kind not in ("ends", "not", "trained"):
        return None
    at = pieces.index("but") if "but" in pieces else len(pieces)
    owner, _, name = pattern.base.rpartition(".")
    owner = owner[1:4] if owner.startswith(".") else ""
    return _Text(owner, name, kind != "not", tuple(pieces[:at]), tuple(pieces[at + 1 :]))


def _read_call(pattern: Pattern) -> str:
    """A regular expression for a call with a literal, such as `tf.concat(1,`; or nothing."""
    is_literal = pattern.value in _LITERALS or not pattern.value.startswith("<")
    if not pattern.value or not is_literal or pattern.unless:
        return ""
    callee = re.escape(pattern.base).replace(r"\*", r"\w+")
    is_short = pattern.base.count(".") == 1 and pattern.base[0] != "."
    callee = callee if is_short else callee.split(r"\.")[-1]
    value = _LITERALS.get(pattern.value) or re.escape(pattern.value).replace('"', "[\"']")
    before = r"(?:[^()]|\([^()]*\))*?"
    name, kind = pattern.beside
    beside = rf"(?={before}\b{name}\s*=\s*{_LITERALS[kind]})" if name else ""
    given = rf"{before}\b{pattern.argument}\s*=\s*" if pattern.argument != "0" else r"\s*"
    return rf"\b{callee}\({beside}{given}{value}" + (
        "" if value.endswith(("[", ",")) else r"\s*[,)]"
    )


def _clean(text: str) -> str:
    for pattern, instead in _CLEANING:
        text = re.sub(pattern, instead, text, flags=re.ASCII)
    return text


def _messages(text: str) -> list[str]:
    """The messages of the exceptions in a text, the last one first, since it counts."""
    found: list[list[str]] = []
    for line in text.split("\n"):
        heads = [head.start() for head in re.finditer(_HEAD, line, re.ASCII)]
        if heads:  # several where the lines were lost on the way
            ends = [*heads[1:], len(line)]
            found += [[line[start:end]] for start, end in zip(heads, ends, strict=True)]
        elif re.search(_END, line, re.ASCII):
            found.append([])
        elif found and found[-1]:
            found[-1].append(line)
    return [" ".join(" ".join(lines).split()) for lines in reversed(found) if lines]


def _with_module(message: str, text: str) -> str:
    """A message with the module that a name wasn't found in, where only the code shows it."""
    if not (untold := re.search(_UNTOLD, message, re.ASCII)):
        return message
    line = rf"from ([A-Za-z_][\w.]*) import (?:[^\n]*\b{untold[1]}\b|[^\n]*[\\(,]\s*$)"
    modules = re.findall(line, text, re.ASCII | re.MULTILINE)
    return message.replace(untold[0], f"{untold[0]} from '{modules[-1]}'") if modules else message


def _with_callee(message: str, text: str) -> str:
    """A message on a module that was called, with the name that the code above it shows."""
    if not re.search(_UNCALLED, message):
        return message
    above = re.split(_UNCALLED, text)[0].rpartition("\n")[0]
    called = re.findall(_CALLEE, above, re.ASCII)
    return f"{message}, 'module' object has no attribute '{called[-1]}'" if called else message


def _containing(text: str) -> tuple[Row, ...]:
    """The rows that hold all of a few words, such as a part of a name."""
    pieces = re.split(_SEPARATORS, text.lower())
    pieces = [piece for piece in pieces if piece]
    if not 0 < len(pieces) <= _FEW or any(len(each) < 2 for each in pieces):
        return ()
    return tuple(entry.row for entry in _entries() if all(p in entry.text for p in pieces))


def _best(scored: list[tuple[float, _Entry]]) -> tuple[Row, ...]:
    ordered = sorted(scored, key=lambda pair: -pair[0])  # stable: the table's order where equal
    return tuple(entry.row for _, entry in ordered[:_SHOWN])


def _worth(entry: _Entry, message: str, *, code: bool) -> float:
    """What a row is worth as an answer to a message, or to code and names."""
    quoted = max((_quotes(piece, message.lower()) for piece in entry.says), default=0)
    facts = _facts(message)
    known = [_knows(entry, fact) for fact in facts]
    if all(fact.kind == "deprecated" for fact in facts):
        shown = re.sub(_SHOWN_CLASS, " ", message)
        known += [_mentions(entry, name, code=code) for name in _names(shown)]
        if code:
            known += _code(entry, message)
    return quoted + max(known, default=0)


def _quotes(piece: str, message: str) -> float:
    """What it is worth that a message says this, where `…` stands for anything."""
    start = 0
    message = " ".join(message.split())
    for part in piece.split("…"):
        found = message.find(part, start)
        if found < 0:
            return 0
        start = found + len(part)
    return _QUOTED + len(piece) / 10


@functools.lru_cache(maxsize=8)  # every row asks
def _facts(message: str) -> tuple[_Fact, ...]:
    return tuple(_read_facts(message))


def _read_facts(message: str) -> Iterator[_Fact]:
    for kind, pattern in _FACTS:
        for found in re.finditer(pattern, message, re.ASCII):
            owner, name = found[1] or "", found[2] or ""
            if kind == "imported":
                yield _Fact(kind, name, owner)
            elif kind == "arguments":
                yield from (
                    _Fact("argument", owner, key) for key in re.findall(_KEY, name, re.ASCII)
                )
            else:
                yield _Fact(kind, owner, name)


def _knows(entry: _Entry, fact: _Fact) -> float:
    """What a row is worth as an answer to a fact."""
    if fact.kind == "undefined":
        return 0
    if fact.kind == "deprecated":
        return _by_deprecated(entry, fact)
    if _is_there(entry, fact):
        return 10
    worth = [_by_pattern(pattern, fact) for pattern in entry.patterns]
    worth += [_by_name(name, fact) for name in entry.names]
    return max(worth, default=0)


def _is_there(entry: _Entry, fact: _Fact) -> bool:
    """Whether a message misses what a row says is there today."""
    is_whole = fact.kind in ("path", "imported") or (fact.kind == "module" and "." in fact.path)
    return is_whole and fact.path in entry.row.there


def _by_deprecated(entry: _Entry, fact: _Fact) -> float:
    """What a row is worth for a name that some version called deprecated, whatever it is."""
    arguments = [_by_argument(each, fact) for each in entry.patterns if each.argument]
    is_named = fact.name in {each.name for each in entry.patterns} | set(entry.names)
    return max([*arguments, 11 if is_named and not fact.owner else 0])


def _by_pattern(pattern: Pattern, fact: _Fact) -> float:
    if fact.kind == "attribute":
        is_attribute = pattern.base.startswith(".") and not pattern.argument
        return 12 if is_attribute and pattern.name == fact.name else 0
    if fact.kind == "argument":
        return _by_argument(pattern, fact)
    if pattern.argument or pattern.key or pattern.base.startswith("."):
        return 0
    return _by_path(pattern.base, fact.path, fact.kind)


def _by_argument(pattern: Pattern, fact: _Fact) -> float:
    if pattern.argument != fact.name:
        return 0
    callee = [part for part in fact.owner.split(".") if part != "__init__"]
    called, expected = (callee or [""])[-1], pattern.base.split(".")[-1]
    if expected in ("*", called):
        return 12
    if not called and pattern.base.startswith("tf."):  # of which function, isn't told
        return 5
    return 11 if not called or called in _ANYTHING else 5


def _by_path(base: str, path: str, kind: str) -> float:
    """What a name of the table is worth for the name that a message, or code, is about."""
    if path == base or path.startswith(f"{base}."):
        return 12 + base.count(".")
    is_module = kind in ("module", "path") and "." in path and path not in _COMMON
    if is_module and base.startswith(f"{path}."):
        return 11
    same_root = base.split(".")[0] == path.split(".")[0]
    if "." not in path and kind in ("path", "imported"):  # of a module that isn't told
        return 10 if base.endswith(f".{path}") else 0
    # such as `tf.math.log`, which works
    if kind == "mention" and path.count(".") > base.count("."):
        return 0
    if same_root and kind != "module" and base.split(".")[-1] == path.split(".")[-1]:
        return 10
    return 0


def _by_name(name: str, fact: _Fact) -> float:
    if fact.kind in ("attribute", "argument"):
        return 11 if name == fact.name else 0
    if name.endswith(".*"):  # whatever else a module lacks
        is_of = fact.kind in ("path", "imported", "module")
        return 10 if is_of and fact.path.startswith(name[:-1]) else 0
    if "." in name:
        return _by_path(name, fact.path, fact.kind)
    return 11 if name in fact.path.split(".") else 0


@functools.lru_cache(maxsize=8)  # every row asks
def _names(text: str) -> tuple[str, ...]:
    """The dotted names in a text, and those that an import of it stands for."""
    names = re.findall(_NAME, text, re.ASCII)
    for found in re.finditer(_IMPORT, text, re.ASCII):
        names += [f"{found[1]}.{name}" for name in re.findall(_NAME, found[2], re.ASCII)]
    return tuple(canonical(name) for name in names)


def _mentions(entry: _Entry, name: str, *, code: bool) -> float:
    """What it is worth that a text mentions a name, in whatever role; in code, a part of it too."""
    parts = [name, *(name.split(".") if code else ())]
    bases = [p.base for p in entry.patterns if not p.argument and not p.key]
    worth = [
        _by_path(base, name, "mention")
        for base in (*bases, *entry.names)
        if "." in name and "." in base.lstrip(".")
    ]
    return max(worth + [11 for part in parts if part in entry.names], default=0)


def _code(entry: _Entry, text: str) -> list[float]:
    """What a row is worth for code: attributes, arguments and keys count too."""
    attributes, keys = (
        set(re.findall(_ATTRIBUTE, text, re.ASCII)),
        set(re.findall(_SUBSCRIPT, text, re.ASCII)),
    )
    names = set(re.findall(_NAME, re.sub(_SAID, r"\1", text, flags=re.ASCII), re.ASCII))
    alone = next(iter(names)) if len(names) == 1 else ""
    given = [(callee.split(".")[-1], name) for callee, name in _arguments(text)]
    arguments = [_Fact("argument", *each) for each in given if each not in _working()]
    calls = re.findall(_TEXT, text, re.ASCII)
    worth = [12.0 * _is_meant(each, *call) for each in entry.texts for call in calls]
    worth += [12.0 for call in entry.calls if re.search(call, text, re.ASCII)]
    for pattern in entry.patterns:
        last = pattern.base.split(".")[-1]
        if pattern.key:
            worth.append(12 if pattern.key in keys | {alone} else 0)
        elif pattern.argument:
            worth += [_by_argument(pattern, fact) for fact in arguments]
            worth.append(11 if pattern.argument == alone else 0)
        elif pattern.base.startswith("."):
            worth.append(12 if last in attributes else 11 if last == alone else 0)
        else:
            distinct = "_" in last or (last.lower() != last and f"{last}(" in text)
            worth.append(11 if last == alone or (distinct and last in names) else 0)
            suffix = any("." in name and pattern.base.endswith(f".{name}") for name in names)
            worth.append(12 if suffix else 0)
    return worth


@functools.cache
def _working() -> frozenset[tuple[str, str]]:
    """Calls with an argument that others have lost and these still have."""
    patterns = (read_pattern(name) for row in load_rows() for name in row.works if "(" in name)
    return frozenset((each.base.split(".")[-1], each.argument) for each in patterns)


def _is_meant(expected: _Text, callee: str, text: str) -> bool:
    """Whether a call is the one with such a text."""
    owner, _, name = f".{callee}".rpartition(".")
    if name != expected.name or expected.owner not in owner.rpartition(".")[2].lower():
        return False
    return text.endswith(expected.pieces) == expected.ends and not text.endswith(expected.barred)


@functools.lru_cache(maxsize=8)  # every row asks
def _arguments(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(_read_arguments(text))


def _read_arguments(text: str) -> Iterator[tuple[str, str]]:
    """The callee and the name of each argument in code; no callee where it isn't there."""
    open_calls: list[str] = []
    for found in re.finditer(_CALL, text, re.ASCII):
        if found[2]:
            yield (open_calls[-1] if open_calls else ""), found[2]
        elif found[0] == ")":
            open_calls[-1:] = []
        else:
            open_calls.append(found[1] or "")


def _nearest(text: str, messages: list[str]) -> tuple[Row, ...]:
    """The rows whose names look most like those of the text."""
    told = messages[0] if messages else text
    wanted = {fact.name for fact in _facts(told)} or {n.split(".")[-1] for n in _names(told)}
    code = text if messages else ""  # what a traceback shows of the program
    scored = [
        (_likeness(entry, wanted) + max(_code(entry, code), default=0), entry)
        for entry in _entries()
    ]
    return _best([(worth, entry) for worth, entry in scored if worth > 0])


def _likeness(entry: _Entry, wanted: set[str]) -> float:
    own = {pattern.name for pattern in entry.patterns} | {n.split(".")[-1] for n in entry.names}
    return max((_alike(one, other) for one in own for other in wanted), default=0)


def _alike(one: str, other: str) -> float:
    """How much of two words is the same, in threes of letters, from 0 to 1."""
    here, there = _threes(one.lower()), _threes(other.lower())
    return 2 * len(here & there) / (len(here) + len(there))


def _threes(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
