"""When an output agrees with what was printed, and what is said when it doesn't."""

import pytest

from tf2docs.pages.comparing import agrees, exact, explain, fill, masked, within


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("3", "3", True),
        ("3", "4", False),
        ("3", "3.4", False),
        ("100000", "100001", False),
        ("1,000", "1,000", True),
        ("1,000", "1,001", False),
        ("0.98", "0.98", True),
        ("0.98", "0.9766", True),
        ("0.98", "0.9849", True),
        ("0.98", "0.9851", False),
        ("0.98", "0.9749", False),
        ("0.980", "0.98", True),
        ("0.981", "0.98", False),
        ("-0.5", "-0.5", True),
        ("-0.5", "0.5", False),
        ("1.5e+3", "1549", True),
        ("1.5e+3", "1551", False),
        ("1e-03", "1.04e-03", True),
        ("1e-03", "2e-03", False),
        ("1.", "1.", True),
        ("1.", "1.0", True),
        ("1.", "1.3", False),
        ("0.", "0.3", False),
        ("2.21.0", "2.21.0", True),
        ("2.21.0", "2.21.1", False),
        ("97.7%", "97.66%", True),
        ("准确率97.7%", "准确率97.66%", True),
    ],
)
def test_exact_numbers_agree_to_the_digits_shown(shown, came, agree):
    assert agrees(shown, came, exact) is agree


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("100", "100", True),
        ("100000", "100001", False),
        ("0.98", "0.99", True),
        ("0.98", "0.97", True),
        ("0.98", "1.00", False),
        ("0.98", "0.96", False),
        ("-0.98", "-0.99", True),
        ("1.5e-7", "1.6e-7", True),
        ("1.5e-7", "1.7e-7", False),
        ("5.87225e-17", "-4.77121e-17", True),
        ("5.87225e-14", "4.77121e-14", False),
        ("10000.00", "10000.9", True),
        ("10000.00", "10001.1", False),
        ("1.", "1.00005", True),
        ("1.", "1.3", False),
        ("2.21.0", "2.21.3", True),
        ("2.21.0", "2.22.0", False),
        ("2.21.0", "3.21.0", False),
        ("word 0.98", "ward 0.98", False),
    ],
)
def test_two_runs_may_differ_by_one_in_the_last_digit(shown, came, agree):
    assert agrees(shown, came, within()) is agree


@pytest.mark.parametrize(
    ("shown", "came", "rtol", "atol", "agree"),
    [
        ("1.000", "1.09", 0.1, 0.0, True),
        ("1.000", "1.11", 0.1, 0.0, False),
        ("-1.000", "-1.09", 0.1, 0.0, True),
        ("0.", "0.02", 0.0, 0.03, True),
        ("0.", "0.04", 0.0, 0.03, False),
        ("0.000", "-0.02", 0.0, 0.03, True),
        ("100", "101", 0.1, 5.0, False),
    ],
)
def test_two_decimals_may_differ_by_a_tolerance(shown, came, rtol, atol, agree):
    assert agrees(shown, came, within(rtol, atol)) is agree


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("loss 0.13", "loss 2.15", True),
        ("loss 0.13", "lost 0.13", False),
        ("loss 0.13", "loss", False),
        ("epoch 1/5", "epoch 2/9", True),
        ("2.21.0", "9.9.9", True),
        ("-1", "1", True),
        ("[1 2]", "[1 2 3]", False),
        ("1, 2", "1; 2", False),
        ("1\n2", "1 2", False),
        ("准确率97.7", "准确率1.5", True),
        ("准确率97.7", "正确率97.7", False),
        ("float32", "float64", False),
        ("x1", "x2", False),
        ("conv2d_1", "conv2d_2", False),
        ("v2", "v3", False),
        ("2d", "3d", False),
        ("28x28", "32x32", False),
        ("nan", "1.0", False),
        ("1.0", "nan", False),
        ("inf", "1e9", False),
    ],
)
def test_masked_only_words_marks_and_their_order_count(shown, came, agree):
    assert agrees(shown, came, masked) is agree


@pytest.mark.parametrize("close", [exact, within(), masked])
@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "inf",
        "-inf",
        "float32",
        "a_1",
        "训练 完成",
        "é ü 😀",
        "1/0",
        "...",
        "a ... b",
        "1..2",
    ],
)
def test_a_text_agrees_with_itself(text, close):
    assert agrees(text, text, close)


@pytest.mark.parametrize(
    ("shown", "came"),
    [
        ("nan", "inf"),
        ("-inf", "inf"),
        ("float32", "float64"),
        ("训练", "训炼"),
        ("a-1", "a_1"),
        ("A", "a"),
    ],
)
def test_words_agree_to_the_letter(shown, came):
    assert not agrees(shown, came, exact)
    assert not agrees(shown, came, within(1, 1))


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("a b", "a   b", True),
        ("a b", "a\tb", True),
        ("a  \nb", "a\nb", True),
        ("\n\na\n\n", "a", True),
        ("a\n\nb", "a\nb", True),
        ("ab", "a b", False),
        ("a b", "a\nb", False),
        ("", "", True),
        ("\n", "", True),
        ("", "x", False),
        ("x", "", False),
    ],
)
def test_white_space_within_a_line_doesnt_count_and_lines_do(shown, came, agree):
    assert agrees(shown, came, exact) is agree


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("[1 2 3]", "[ 1  2  3]", True),
        ("[1 2 3]", "[1 2\n 3]", True),
        ("[1 2\n 3]", "[1 2 3]", True),
        ("[1 2\n 3 4]", "[1\n 2 3\n 4]", True),
        ("[[1. 2.]\n [3. 4.]]", "[[1.  2.]\n\n [3.  4.]]", True),
        ("[1 2]\nend", "[1\n 2]\nend", True),
        ("[1 2]\nend", "[1 2] end", False),
        ("[1 2] end", "[1 2]\nend", False),
        ("[1 2 3]", "[1 2\n 4]", False),
        ("[[1 2]]", "[1 2]", False),
        ("[]", "[\n]", True),
        ("f(a, b)", "f(\n  a,\n  b)", True),
        ("{'a': 1}", "{'a':\n 1}", True),
    ],
)
def test_arrays_may_be_padded_and_wrapped_otherwise(shown, came, agree):
    assert agrees(shown, came, exact) is agree


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("a ... c", "a b c", True),
        ("a ... c", "a b b c c", True),
        ("a ... c", "a c", True),
        ("a ... c", "a b\nc", False),
        ("a ... c", "a b d", False),
        ("a ...", "a", True),
        ("a ...", "a b c", True),
        ("a ...", "a b\nc", False),
        ("... c", "a b c", True),
        ("... c", "c", True),
        ("... c", "b\nc", False),
        ("a ... b ... c", "a x b y z c", True),
        ("a ... b ... c", "a x c", False),
        ("a ...\nb", "a 1 2\nb", True),
        ("a ...\nb", "a 1\n2\nb", False),
        ("[1 ... 3]", "[1 2 3]", True),
        ("f( ...\nb", "f(x)\nb", True),
        ("f( ...\nb", "f(x)\nc", False),
    ],
)
def test_three_dots_in_a_line_stand_for_anything_in_it(shown, came, agree):
    assert agrees(shown, came, exact) is agree


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("...", "", True),
        ("...", "a\nb", True),
        ("a\n...\nc", "a\nb\nb b\nc", True),
        ("a\n...\nc", "a\nc", True),
        ("a\n...\nc", "a b\nc", False),
        ("a\n...\nc", "a\nb\nd", False),
        ("a\n...\nc", "a\nc\nd", False),
        ("a\n...", "a\nb\nc", True),
        ("a\n...", "b\nc", False),
        ("...\nc", "a\nb\nc", True),
        ("...\nc", "c", True),
        ("...\nc", "a\nb", False),
        ("  ...  \nc", "a\nc", True),
        ("a\n\n...\n\nc", "a\nb\nc", True),
        ("a\n...\nb\n...\nc", "a\n1\nb\n2\n3\nc", True),
        ("a\n...\nb\n...\nc", "a\n1\n2\nc", False),
        ("a\n...\na\nb", "a\na\na\nb", True),
        ("[1\n...\n3]", "[1\n2\n3]", True),
        ("e 1: ...\n...\ne 3: 0.04", "e 1: 0.1\ne 2: 0.1\ne 3: 0.0422", True),
    ],
)
def test_three_dots_alone_stand_for_any_lines(shown, came, agree):
    assert agrees(shown, came, exact) is agree


def test_three_dots_that_were_printed_stand_for_themselves():
    assert not agrees("a b c", "a ... c", exact)
    assert agrees("[0 1 2 ... 97 98 99]", "[0 1 2 ... 97 98 99]", exact)


# explain


def test_an_explanation_shows_the_lines_that_differ():
    lines = explain("a\nloss 0.1\nb\nc\nd", "a\nloss 0.2\nb\nc\nd", exact).split("\n")
    assert "-loss 0.1" in lines
    assert "+loss 0.2" in lines
    assert " d" not in lines


def test_an_explanation_leaves_out_lines_that_agree_although_they_differ():
    text = explain("loss 0.13\nword", "loss 0.1317\nward", exact)
    assert text.split("\n") == ["-word", "+ward"]


@pytest.mark.parametrize(
    ("shown", "came", "lines"),
    [
        ("a\nb", "a", ["-b"]),
        ("a", "a\nb", ["+b"]),
        ("", "a", ["+a"]),
        ("a\nb", "", ["-a", "-b"]),
        ("[1 2 3]", "[1 2\n 4]", ["-[1 2 3]", "+[1 2", "+ 4]"]),
    ],
)
def test_an_explanation_marks_what_is_missing_and_what_is_new(shown, came, lines):
    assert [line for line in explain(shown, came, exact).split("\n") if line[0] != " "] == lines


def test_an_explanation_knows_masked_numbers():
    assert [
        line for line in explain("a 1\nb 1", "a 2\nc 1", masked).split("\n") if line[0] != " "
    ] == ["-b 1", "+c 1"]


# fill


@pytest.mark.parametrize(
    ("shown", "came", "filled"),
    [
        ("loss 0.1\n", "loss 12.25\n", "loss 12.25\n"),
        ("a 100 b 200", "a 1 b 2", "a 1 b 2"),
        ("x\n", "x\n", "x\n"),
        ("1 2.21.0", "100 2.22.1", "100 2.22.1"),
        ("acc 97.7%", "acc 100.0%", "acc 100.0%"),
        ("准确率 1.", "准确率 1.25", "准确率 1.25"),
        ("a 9\n...\nb 10\n", "a 10\nx 1\ny 2\nb 9\n", "a 10\n...\nb 9\n"),
        ("... 1", "x y 22", "... 22"),
        ("1 ... 3", "10 20 30", "10 ... 30"),
        ("...", "any\nthing", "..."),
        ("\n  a 1\n", "a 2", "\n  a 2\n"),
        ("-1", "1", "1"),
    ],
)
def test_new_numbers_are_filled_into_a_text_that_keeps_its_cuts(shown, came, filled):
    assert fill(shown, came) == filled


def test_an_array_that_was_filled_agrees_with_what_came():
    came = "[[-0.1   0.2 ]\n [10.25  0.  ]]\n"
    filled = fill("[[0.1 0.2] [0.3 0.4]]\n", came)
    assert agrees(filled, came, exact)


@pytest.mark.parametrize(
    ("shown", "came"),
    [("a 1", "b 1"), ("a 1", "a 1 2"), ("[1 2]", "[1 2 3]"), ("a\n...\nb", "a"), ("1", "nan")],
)
def test_nothing_is_filled_where_more_than_numbers_changed(shown, came):
    assert fill(shown, came) is None


def test_long_texts_are_compared():
    came = "\n".join(f"epoch {line}: loss {line / 7:.5f}" for line in range(5000))
    shown = "\n".join(f"epoch {line}: loss {line / 7:.3f}" for line in range(5000))
    cut = "\n".join(
        "..." if line % 1000 == 3 else text for line, text in enumerate(shown.split("\n"))
    )
    assert agrees(shown, came, exact)
    assert agrees(cut, came, exact)
    assert not agrees(shown, f"{came}\nend", exact)
    assert not agrees(cut, f"{came}\nend", exact)
