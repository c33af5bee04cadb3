"""How pages are read, run, checked and shown. Knows nothing of TensorFlow.

```
page.md ── read_page ──> Page ── Session.run ──> Run ── Checks ──> a pytest item for each part
                                                  └── refresh ──> record, figures, outputs, numbers
```

A site makes tests of its pages in its `docs/conftest.py`, with
[`pages_as_tests`][tf2docs.pages.testing.collecting.pages_as_tests] and a
[`Site`][tf2docs.pages.reading.site.Site].
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tf2docs.pages.reading.site import Data, Site
    from tf2docs.pages.testing.collecting import pages_as_tests

__all__ = ["Data", "Site", "pages_as_tests"]

_HOMES = {
    "Data": "tf2docs.pages.reading.site",
    "Site": "tf2docs.pages.reading.site",
    "pages_as_tests": "tf2docs.pages.testing.collecting",
}


def __getattr__(name: str) -> Any:
    """What the package shows, imported when it is asked for.

    The site is built where there is no pytest.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
