"""What becomes of the figures that a block leaves open."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tf2docs.pages.checking.checks import _COLOURS
from tf2docs.pages.running.figures import take_figures

ROOT = Path(__file__).parents[3]


@pytest.fixture
def pyplot():
    matplotlib = pytest.importorskip(
        "matplotlib", reason="figures are drawn where the tutorials run"
    )
    matplotlib.use("Agg")
    import matplotlib.pyplot as pyplot

    pyplot.close("all")
    yield pyplot
    pyplot.close("all")


def digest():
    ((_, lines),) = take_figures()
    return lines


def draw_everything(pyplot):
    figure, (left, right) = pyplot.subplots(1, 2)
    figure.suptitle("Both")
    left.plot([0, 1, 2], [0.5, 1.5, 4], label="loss")
    left.scatter([1, 2], [3, 4])
    left.legend()
    right.bar([0, 1], [2, 3])
    right.imshow([[0, 1], [1, 0]])
    right.text(0, 0, "here")
    right.fill_between([0, 1], [0, 1], alpha=0.5)


def test_one_drawing_is_the_same_svg_every_time(pyplot):
    draw_everything(pyplot)
    ((first, shows),) = take_figures()
    draw_everything(pyplot)
    assert take_figures() == [(first, shows)]
    assert "<svg" in first


def test_another_drawing_is_another_svg(pyplot):
    pyplot.plot([1, 2])
    ((first, _),) = take_figures()
    pyplot.plot([1, 3])
    assert take_figures()[0][0] != first


def test_an_svg_holds_no_date(pyplot):
    pyplot.plot([1, 2])
    ((svg, _),) = take_figures()
    assert "<dc:date>" not in svg


def test_figures_are_closed_and_taken_once(pyplot):
    pyplot.plot([1, 2])
    assert len(take_figures()) == 1
    assert pyplot.get_fignums() == []
    assert take_figures() == []


def test_figures_come_in_the_order_they_were_made(pyplot):
    for title in ("first", "second", "third"):
        pyplot.figure()
        pyplot.title(title)
    assert [lines[0] for _, lines in take_figures()] == [
        "axes “first”; x “”; y “”",
        "axes “second”; x “”; y “”",
        "axes “third”; x “”; y “”",
    ]


def test_a_digest_has_titles_and_labels(pyplot):
    pyplot.suptitle("All")
    pyplot.title("Two\nlines")
    pyplot.xlabel("epoch")
    pyplot.ylabel("loss")
    assert digest() == ["title “All”", "axes “Two lines”; x “epoch”; y “loss”"]


def test_a_digest_has_a_lines_ends_and_spread(pyplot):
    pyplot.plot([0, 1, 2], [0.5, 1.5, 4], label="loss")
    assert digest()[1:] == [
        "line “loss” of 3 points, from (0, 0.5) to (2, 4), x 1 ± 0.816497 (0.833333), y 2 ± "
        "1.47196 (1.58333)"
    ]


DRAWINGS = {
    "a line": lambda plt, x: plt.plot([x, 2]),
    "a line over words": lambda plt, x: plt.plot(["a", "b"], [x, 2]),
    "a line over dates": lambda plt, x: plt.plot([date(2020, 1, int(x)), date(2020, 1, 9)], [1, 2]),
    "a scatter": lambda plt, x: plt.scatter([1, x], [3, 5]),
    "the colours of a scatter": lambda plt, x: plt.scatter([1, 2], [3, 5], c=[x, 5]),
    "bars": lambda plt, x: plt.bar([0, 1], [x, 3.5]),
    "level bars": lambda plt, x: plt.barh([0, 1], [x, 3.5]),
    "a histogram": lambda plt, x: plt.hist([1, 2, 3, 4, x], bins=[0, 1.5, 2.5, 9]),
    "a pie": lambda plt, x: plt.pie([x, 3]),
    "an image": lambda plt, x: plt.imshow([[0, x], [3, 4]]),
    "a filled area": lambda plt, x: plt.fill_between([0, 1], [x, 3]),
    "the colours of an image": lambda plt, x: plt.imshow([[0, 1]], cmap=["gray", "viridis"][x - 1]),
    "the colours of a mesh": lambda plt, x: plt.pcolor([[0]], cmap=["gray", "magma"][x - 1]),
    "a mesh": lambda plt, x: plt.pcolormesh([[0, x], [3, 4]]),
    "contours": lambda plt, x: plt.contour([[0, x], [3, 9]]),
    "upright lines": lambda plt, x: plt.vlines([x, 3], 0, 1),
    "error bars": lambda plt, x: plt.errorbar([1, 2], [3, 4], yerr=[x, 1]),
    "a text": lambda plt, x: plt.text(0, 0, f"{x}"),
    "a legend of the figure": lambda plt, x: (plt.plot([1], label=f"{x}"), plt.gcf().legend()),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=list(DRAWINGS))
def test_other_data_make_another_digest(pyplot, draw):
    digests = []
    for x in (1, 2, 1):
        draw(pyplot, x)
        digests.append(digest())
    assert digests[0] == digests[2] != digests[1]


def test_a_digest_has_legends_and_texts(pyplot):
    pyplot.plot([1, 1], label="one")
    pyplot.legend()
    pyplot.text(0, 1, "here")
    assert digest()[2:] == ["text “here”", "legend “one”"]


def test_a_digest_has_every_axes(pyplot):
    _, both = pyplot.subplots(1, 2)
    both[0].set_title("left")
    both[1].set_title("right")
    assert digest() == ["axes “left”; x “”; y “”", "axes “right”; x “”; y “”"]


def test_empty_figures_and_lines_are_taken_too(pyplot):
    pyplot.figure()
    assert digest() == []
    pyplot.plot([])
    assert digest()[1:] == ["line “_child0” of 0 points, x none, y none"]


def test_without_matplotlib_there_are_no_figures_and_it_isnt_imported():
    code = "import sys; from tf2docs.pages.running.figures import take_figures; "
    code += "print(take_figures(), 'matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[] False\n"


def test_where_a_record_is_too_old_to_tell_colour_maps_the_rest_is_compared(pyplot):
    pyplot.imshow([[0, 1]], cmap="magma")
    (_, line) = digest()
    assert line.endswith(") in magma")
    assert _COLOURS.sub("", line) == line.removesuffix(" in magma")
