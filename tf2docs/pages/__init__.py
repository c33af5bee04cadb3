"""How pages are read, run, checked and shown. Knows nothing of TensorFlow.

```
page.md ── read_page ──> Page ── Session.run ──> Run ── Checks ──> a pytest item for each part
                                                  └── refresh ──> record, figures, outputs, numbers
```

A site makes tests of its pages in its `docs/conftest.py`, with
[`pages_as_tests`][tf2docs.pages.collecting.pages_as_tests] and a [`Site`][tf2docs.pages.site.Site].
"""
