"""Load texts: sentences in two languages, plays, poems."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.choosing import Split, divide_apart, letters
from tf2docs.datasets.csv_table import Table, rows_of
from tf2docs.datasets.obtaining import obtain
from tf2docs.datasets.table import PAIRS, POEMS, SHAKESPEARE

__all__ = ["load_pairs", "load_poems", "load_shakespeare"]

_TESTS = 0.1  # how large a share is for testing


def load_pairs() -> tuple[Split, Split]:
    """Load 29,155 sentences in English and what they are in Chinese, from Tatoeba.

    They are looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as a file
    `cmn.txt`, and verified by its SHA-256. The Chinese is in simplified characters and stays as it
    is. The file begins with a byte order mark, which is left out.

    Many sentences occur with several translations: there are 27,661 in English and 25,543 in
    Chinese, and 100 pairs repeat another. So that no sentence of the test part was seen in
    training, in either language, pairs that share one are kept in the same part, whatever the
    capital letters and the punctuation.

    Returns:
        `train, test`, each `(english, chinese)`: `object` arrays that hold strings, of shape
            `(26172,)` and `(2983,)`. The split is always the same, in an order that was drawn.

    Raises:
        DatasetNotFoundError: The sentences are in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under their
            name.

    Warns:
        StandInWarning: The sentences are those of a stand-in, put together and fewer.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Tatoeba, https://tatoeba.org. Licence: CC BY 2.0 FR; the third column of the file says whose
        each sentence is.
    """
    lines = [line.split("\t") for line in obtain(PAIRS)["lines"] if line]
    english, chinese = (np.array([line[column] for line in lines], object) for column in (0, 1))
    train, test = divide_apart(_connected(english, chinese), share=_TESTS)
    return (english[train], chinese[train]), (english[test], chinese[test])


def load_shakespeare() -> tuple[str, str]:
    """Load a million characters of Shakespeare's plays, for models that write on.

    They are looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as a file
    `tinyshakespeare.txt`, and verified by its SHA-256.

    Returns:
        `train, test`: the first nine tenths of the text, 1,003,788 characters, and the rest,
            111,606, cut between two speeches. Joined they are the text again. 65 different
            characters occur, all of them ASCII.

    Raises:
        DatasetNotFoundError: The text is in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.

    Warns:
        StandInWarning: The text is that of a stand-in, put together and shorter.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Karpathy: char-rnn, tinyshakespeare. The plays are in the public domain.
    """
    text = "\n".join(obtain(SHAKESPEARE)["lines"])
    cut = text.rindex("\n\n", 0, round(len(text) * (1 - _TESTS))) + 2
    return text[:cut], text[cut:]


def load_poems() -> tuple[Table, Table]:
    """Load the Three Hundred Tang Poems, 366 texts in traditional characters.

    They are looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as a file
    `tang300.json`, and verified by its SHA-256. Titles, authors and verses are in traditional
    characters and stay as they are. 12 poems stand there again under another title or another
    author's name; poems with the same characters are kept in the same part. Versions that differ in
    a few characters aren't: 9 of the test poems share a verse of five characters or more with a
    poem of the training part.

    Returns:
        `train, test`: `title`, `author` and `text`, each an `object` array that holds strings, of
            shape `(330,)` and `(36,)`. A text has its verses in lines, with punctuation. The split
            is always the same, in an order that was drawn.

    Raises:
        DatasetNotFoundError: The poems are in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under their
            name.

    Warns:
        StandInWarning: The poems are those of a stand-in, put together and fewer.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        chinese-poetry, https://github.com/chinese-poetry/chinese-poetry. Licence: MIT; the poems
        are in the public domain.
    """
    poems = json.loads("\n".join(obtain(POEMS)["lines"]))
    table: Table = {
        "title": np.array([poem["title"] for poem in poems], object),
        "author": np.array([poem["author"] for poem in poems], object),
        "text": np.array(["\n".join(poem["paragraphs"]) for poem in poems], object),
    }
    train, test = divide_apart([letters(text) for text in table["text"]], share=_TESTS)
    return rows_of(table, train), rows_of(table, test)


def _connected(english: NDArray[Any], chinese: NDArray[Any]) -> list[str]:
    """A key for each pair: the same for pairs that share a sentence, or lead to such a pair."""
    leads_to: dict[str, str] = {}

    def end(sentence: str) -> str:
        while leads_to.setdefault(sentence, sentence) != sentence:
            sentence = leads_to[sentence]
        return sentence

    for one, other in zip(english, chinese, strict=True):
        leads_to[end(letters(one))] = end(letters(other))
    return [end(letters(one)) for one in english]
