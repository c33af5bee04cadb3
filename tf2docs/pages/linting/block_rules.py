"""Rules for what blocks print and draw, by their record, and for what is drawn at random."""

import ast
import posixpath
import re
from collections.abc import Iterator

from tf2docs.pages.reading.code_keys import block_keys
from tf2docs.pages.reading.page import Block, Page, once_per_page
from tf2docs.pages.reading.records import RecordedBlock, readable_record
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

_SEEDS = {"set_seed", "reinitialize", "set_random_seed", "seed", "default_rng", "from_seed"}
_DECIMAL = re.compile(r"(?<![\w.])(?!0+\.0+(?!\d))\d+\.\d+(?![\w.])", re.ASCII)
_VERDICT = re.compile(r"\b(?:True|False)\b")
_MAY_DRAW = re.compile(rf"random\.|\.fit\(|{'|'.join(sorted(_SEEDS))}")  # Python is read only then
_MEASURED = re.compile(r"evaluate|predict|['\"](?:val_)?(?:loss|accuracy)['\"]")
_DRAWS = re.compile(
    r"(?:tf|tensorflow|np|numpy|keras)\.random\.(?!Generator|get_|SeedGenerator|stateless)\w+"
    r"|random\.\w+"
    r"|\w+(?:\.\w+)*\.fit"
)


def unclaimed_outputs(site: Site, page: Page) -> Found:
    """Find the blocks that print, by their record, and have no output below."""
    for block, recorded in _recorded(site, page):
        if recorded.printed and block.output is None:
            line = recorded.printed[0].strip()[:40]
            yield (
                block.fence.line,
                f"this block prints {line!r}, and no `output` fence shows it; add an empty one "
                "below and refresh, or say why not in a comment right below",
            )


def misplaced_figures(site: Site, page: Page) -> Found:
    """Find the figures that stand above the block that draws them, or below the next that draws."""
    drawing = [(block, each) for block, each in _recorded(site, page) if each.figures]
    starts = [block.fence.start for block, _ in drawing]
    for (block, recorded), end in zip(drawing, [*starts[1:], len(page.text)], strict=False):
        names = {f"{site.name_of(page.path)}/{figure.name}.svg" for figure in recorded.figures}
        shown = [link for link in page.links if link.picture and _is_of(link.target, names)]
        if shown and not any(block.fence.start < link.start < end for link in shown):
            name = posixpath.basename(shown[0].target)
            yield (
                shown[0].line,
                f"the figure {name} is drawn on line {block.fence.line}; show it below that block, "
                "and above the next that draws",
            )


def unseeded_draws(site: Site, page: Page) -> Found:
    """Find the first block that shows decimals, a figure or a verdict of draws without a seed."""
    drawn: set[str] = set()
    for block in page.blocks:
        if not drawn and not _MAY_DRAW.search(block.fence.text):
            continue
        statements = _statements(block.fence.text)
        if any(_is_seeding(call) for each in statements for call in _calls(each)):
            return
        used = [each for each in statements if _follow(each, drawn)]
        if not used:
            continue
        recorded = dict(_by_index(site, page)).get(block.index)
        if _has_decimals(block, recorded) or _compares(block, statements, drawn):
            yield (
                block.fence.line + used[0].lineno,
                "what this block shows was drawn at random, and nothing was seeded; call "
                "keras.utils.set_random_seed above, or give a seed",
            )
            return


def _follow(statement: ast.stmt, drawn: set[str]) -> bool:
    """Whether a statement draws, or shows what was drawn; names that hold it join the others."""
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    draws = [call for call in _calls(statement) if _draws(call)]
    if not draws and not any(name.id in drawn for name in names):
        drawn -= stored
        return False
    drawn |= stored
    drawn |= {ast.unparse(call.func).partition(".")[0] for call in draws if _fits(call)}
    return not all(map(_fits, draws)) or bool(_MEASURED.search(ast.unparse(statement)))


def _has_decimals(block: Block, recorded: RecordedBlock | None) -> bool:
    """Whether a block shows what would be otherwise after other draws."""
    decimals = _DECIMAL.findall(block.output.text) if block.output else []
    shown = any(each not in block.fence.text for each in decimals)
    values = recorded.values.values() if recorded else ()
    computed = any(isinstance(value, float) for value in values)
    drawn = bool(recorded and recorded.figures)
    return not block.varies and (shown or computed or drawn)


def _compares(block: Block, statements: list[ast.stmt], drawn: set[str]) -> bool:
    """Whether a block shows that something drawn is above or below a limit."""
    if block.varies or not (block.output and _VERDICT.search(block.output.text)):
        return False
    nodes = (node for each in statements for node in ast.walk(each))
    orders = (node for node in nodes if isinstance(node, ast.Compare) and _is_order(node))
    return any(_is_drawn(part, drawn) for order in orders for part in ast.walk(order))


def _is_drawn(node: ast.AST, drawn: set[str]) -> bool:
    if isinstance(node, ast.Call):
        return _draws(node)
    return isinstance(node, ast.Name) and node.id in drawn


def _is_order(comparison: ast.Compare) -> bool:
    return any(isinstance(each, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for each in comparison.ops)


def _by_index(site: Site, page: Page) -> Iterator[tuple[int, RecordedBlock]]:
    return ((block.index, recorded) for block, recorded in _recorded(site, page))


def is_recorded(site: Site, page: Page) -> bool:
    """Whether all blocks of a page were recorded as they stand."""
    return len(list(_recorded(site, page))) == len(page.blocks)


def _is_of(target: str, names: set[str]) -> bool:
    return any(target.endswith(f"assets/figures/{name}") for name in names)


def _recorded(site: Site, page: Page) -> Iterator[tuple[Block, RecordedBlock]]:
    """Blocks with their records, where the code is what was recorded."""
    record = readable_record(site.record(site.name_of(page.path))) if page.blocks else None
    keys = _keys(page)
    for block, recorded in zip(page.blocks, record.blocks if record else (), strict=False):
        if recorded.key == keys[block.index]:
            yield block, recorded


@once_per_page
def _keys(page: Page) -> list[str]:
    return block_keys(page.blocks)


def _statements(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except SyntaxError:  # the page's own item says so
        return []


def _calls(statement: ast.stmt) -> list[ast.Call]:
    return [node for node in ast.walk(statement) if isinstance(node, ast.Call)]


def _is_seeding(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    return name in _SEEDS and bool(call.args or call.keywords)


def _fits(call: ast.Call) -> bool:
    return ast.unparse(call.func).endswith(".fit")


def _draws(call: ast.Call) -> bool:
    given = any(keyword.arg == "seed" for keyword in call.keywords)
    return not given and _DRAWS.fullmatch(ast.unparse(call.func)) is not None
