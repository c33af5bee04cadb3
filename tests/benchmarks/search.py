"""How long the search takes to answer: `python tests/benchmarks/search.py SITE [SITE]`.

Each site is a folder that `mkdocs build` made. All queries of tests/site/queries.csv are asked in
Chromium, three times over, and what is printed is the time from the question to the answer, of the
best of the three: the middle, and what all but one in twenty stay below; and how long it takes
until the first question is answered, the index read. A second site is measured beside the first, in
turns, so that both meet the same machine.
"""

import csv
import functools
import http.server
import statistics
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
ROUNDS = 3
ASK = """async (queries) => {
  const worker = new Worker("/assets/javascripts/search.js");
  const told = (message, type) => new Promise((done) => {
    worker.onmessage = ({ data }) => { if (data.type === type) done(); };
    worker.postMessage(message);
  });
  const timed = async (query) => {
    const start = performance.now();
    await told({ type: 2, data: query }, 3);
    return performance.now() - start;
  };
  const start = performance.now();
  worker.postMessage({ type: 4, data: new URL("search/index.js", location).href });
  await timed("");
  const first = performance.now() - start;
  const times = [];
  for (const query of queries) times.push(await timed(query));
  return { first, times };
}"""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(sites: list[str]) -> None:
    """Print the times of each site."""
    with (ROOT / "tests/site/queries.csv").open(encoding="utf-8", newline="") as file:
        queries = {language: [] for language in ("zh", "en")}
        for row in csv.DictReader(file):
            queries[row["language"]].append(row["query"])
    found = {site: {language: [] for language in queries} for site in sites}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for _ in range(ROUNDS):
            for site in sites:
                for language, asked in queries.items():
                    found[site][language].append(ask(browser, Path(site), language, asked))
        browser.close()
    for site in sites:
        for language, rounds in found[site].items():
            times = sorted(map(min, zip(*(each["times"] for each in rounds), strict=True)))
            first = min(each["first"] for each in rounds)
            print(
                f"{site} {language}: {statistics.median(times):.1f} ms, "
                f"{times[len(times) * 19 // 20]:.1f} ms for 19 of 20, the index {first:.0f} ms"
            )


def ask(browser, site: Path, language: str, queries: list[str]) -> dict:
    """The times of one round, in a page of its own."""
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        home = "" if language == "zh" else "en/"
        page.goto(f"http://127.0.0.1:{server.server_port}/{home}")
        times = page.evaluate(ASK, queries)
        page.close()
        server.shutdown()
    return times


if __name__ == "__main__":
    main(sys.argv[1:])
