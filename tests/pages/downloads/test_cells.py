"""A page cut into cells reads well, and runs, where this site's Markdown isn't known."""

from pathlib import Path

import pytest

from tf2docs.pages.downloads.cells import Place, cut
from tf2docs.pages.reading.page import read_page

PAGE = """---
title: Sums
description: A page.
---

# Sums { #sums }

See [the reference](../reference.md#sums), [`lessons`][], [below](#end) and [Python](https://python.org).
It is 98.1 %<!--= accuracy .1% rtol=0.1 --> of 2019<!-- fact -->, and `{ .class }` or `<!-- = -->` in code stay.

```python {#drawn data-rtol="0.1"}
print(1)
```

```output
1
```

![a picture](../assets/figures/sums/drawn.svg)

```source
tf2docs.pages.reading.definitions.Definition
```

1. An exercise.

    ??? success "Solution"

        Because
        it is.

        ```python
        if True:
            print(2)
        ```

        So it is.

2. Another one.

!!! note

    Mind the step.
"""  # noqa: E501


def cells(tmp_path: Path, text: str = PAGE, **place):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    return list(cut(read_page(path, "page.md"), Place("lessons/sums.md", **place)))


def test_code_and_prose_alternate_and_outputs_are_left_to_the_record(tmp_path):
    found = cells(tmp_path)
    assert [cell.block.index if cell.block else None for cell in found] == [None, 0, None, 1, None]
    assert [cell.text for cell in found if cell.block] == ["print(1)", "if True:\n    print(2)"]
    assert not any("```output" in cell.text for cell in found)


def test_front_matter_attributes_pictures_and_bindings_are_gone(tmp_path):
    first, *_, last = (cell.text for cell in cells(tmp_path))
    assert first.startswith("# Sums\n\nSee ")
    assert "It is 98.1 % of 2019, and `{ .class }` or `<!-- = -->` in code stay." in first
    assert not any("picture" in cell.text for cell in cells(tmp_path))
    assert last.startswith("So it is.\n\n2. Another one.")


def test_an_optional_section_says_so_in_words(tmp_path):
    text = "# A { #a }\n\n## B `c` { #b .optional }\n\nText { .optional }\n\n## D { #optional }\n"
    (cell,) = cells(tmp_path, text, optional="{} (optional)")
    assert cell.text == "# A\n\n## B `c` (optional)\n\nText\n\n## D"


def test_formulas_stay_as_they_are(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("With $[a](b)_{.c}$:\n\n$$ x {.y} $$\n", encoding="utf-8")
    (cell,) = cut(read_page(path, "page"), Place("page.md"))
    assert cell.text == "With $[a](b)_{.c}$:\n\n$$ x {.y} $$"


def test_links_lead_to_the_site_or_are_words_where_its_address_is_unknown(tmp_path):
    known = cells(tmp_path, address="https://example.org/en/")[0].text
    assert "[the reference](https://example.org/en/reference/#sums)" in known
    assert "[below](https://example.org/en/lessons/sums/#end)" in known
    unknown = cells(tmp_path)[0].text
    assert "See the reference, `lessons`, below and [Python](https://python.org)." in unknown


def test_a_link_to_a_file_that_both_languages_share_leads_to_it(tmp_path):
    text = "[weights](../../assets/files/a/w.f32) beside\n{ .tf2-digit }\n"
    (cell,) = cells(tmp_path, text, address="https://example.org/en/", site="https://example.org/")
    assert cell.text == "[weights](https://example.org/assets/files/a/w.f32) beside"


def test_quoted_source_is_shown(tmp_path):
    assert "```python\n@dataclass(frozen=True)\nclass Definition:\n" in cells(tmp_path)[2].text


def test_boxes_become_titles_in_bold_with_their_text_at_the_margin(tmp_path):
    found = [cell.text for cell in cells(tmp_path, box_titles={"note": "注意"})]
    assert found[2].endswith("1. An exercise.\n\n**Solution**\n\nBecause\nit is.")
    assert found[4].endswith("**注意**\n\nMind the step.")


def test_a_box_without_a_title_is_called_by_its_kind(tmp_path):
    assert "**Note**" in cells(tmp_path)[4].text


def test_chinese_lines_are_joined(tmp_path):
    text = "---\ntitle: 和\n---\n\n一行字，\n又一行。\n\nEnglish\nlines.\n"
    assert cells(tmp_path, text)[0].text == "一行字，又一行。\n\nEnglish\nlines."


@pytest.mark.parametrize(
    "text",
    [
        "三样：\n\n- 一，\n- 二。\n\n1. 三。\n2. 四。",
        "表。\n\n| 一， |\n|---|",
        "一。\n## 二",
        "一。\n> two",
    ],
)
def test_chinese_lines_that_begin_something_stay_lines(tmp_path, text):
    assert cells(tmp_path, text)[0].text == text


def test_a_chinese_line_is_joined_to_latin_letters_behind_a_full_width_mark(tmp_path):
    assert (
        cells(tmp_path, "一行，\nKeras 也是；\n`code` 也是。")[0].text
        == "一行，Keras 也是；`code` 也是。"
    )
