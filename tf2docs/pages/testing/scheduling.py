"""How tests are shared out among the processes of `pytest -n`.

A page goes to one process as a whole, so that none waits for the run that another began; of other
tests so many of a file stay together that what they share is made once or twice, not by every
process for every few of them.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

_TOGETHER = 20  # tests of a file that isn't a page


class LoadPages(LoadScopeScheduling):  # type: ignore[misc]  # xdist brings no types
    """Hands out pages, and files in parts, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the turns of a budget are an order
        self._scopes: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def _split_scope(self, nodeid: str) -> str:
        """The page of a test, or the part of its file."""
        if nodeid not in self._scopes:
            file = nodeid.partition("::")[0]
            count = self._counts.get(file, 0)
            self._counts[file] = count + 1
            part = 0 if file.endswith(".md") else count // _TOGETHER
            self._scopes[nodeid] = f"{file} {part}"
        return self._scopes[nodeid]

    def remove_node(self, node: WorkerController) -> str | None:
        """Take back what a process that ends has left, but for the test that it died of.

        The class above would hand that test to the next process, and to the next.
        """
        work = self.assigned_work.pop(node)
        left: list[tuple[dict[str, bool], str]] = [
            (tests, nodeid)
            for tests in work.values()
            for nodeid, is_done in tests.items()
            if not is_done
        ]
        if not left:
            return None
        tests, fatal = left[0]
        tests[fatal] = True
        self.workqueue.update(
            {scope: tests for scope, tests in work.items() if not all(tests.values())}
        )
        for other in self.assigned_work:
            self._reschedule(other)
        return fatal
