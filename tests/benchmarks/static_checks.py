"""What all checks that need no run cost together, and each of them, in seconds of processor time.

    python tests/benchmarks/static_checks.py      # from the root of a clone

They may take 2 s for pages of 650 kB in both languages, and in proportion; reading the pages,
which every other use of them shares, is told apart. Who asks first for the links of a page, say,
pays for all.
"""

import runpy
import time
from collections import Counter
from pathlib import Path

import tf2docs.pages
from tf2docs.pages import Site
from tf2docs.pages.linting.catalogue import CHECKS

ROOT = Path(__file__).parents[2]
BYTES_A_SECOND = 650_000 / 2


def our_site() -> Site:
    """The site that `docs/conftest.py` describes."""
    described: list[Site] = []
    tf2docs.pages.pages_as_tests = described.append
    runpy.run_path(str(ROOT / "docs/conftest.py"))
    return described[0]


def main() -> None:
    """Print what each check costs, the dearest first."""
    site, began = our_site(), time.process_time()
    pages = [site.read(path) for language in site.languages for path in site.paths(language)]
    print(f"{time.process_time() - began:6.2f} s  reading {len(pages)} pages")
    costs: Counter[str] = Counter()
    for check in CHECKS:
        began = time.process_time()
        for given in [(site,)] if check.of_site else [(site, page) for page in pages]:
            list(check.find(*given))
        costs[f"{check.code}: {check.find.__name__}"] += time.process_time() - began
    for name, seconds in costs.most_common():
        print(f"{seconds:6.2f} s  {name}")
    allowed = sum(len(page.text.encode()) for page in pages) / BYTES_A_SECOND
    print(f"{costs.total():6.2f} s  all together, of {allowed:.1f} s allowed")


if __name__ == "__main__":
    main()
