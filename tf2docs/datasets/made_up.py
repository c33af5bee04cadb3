"""Rows that are made up, with the columns and categories of a published table."""

import numpy as np

from tf2docs.datasets.csv_table import Table

__all__ = ["made_up_passengers"]

_CLASSES = {1: "First", 2: "Second", 3: "Third"}
_TOWNS = {"S": "Southampton", "C": "Cherbourg", "Q": "Queenstown", "": ""}
_DECKS = {1: "ABC", 2: "DEF", 3: "EFG"}  # which class lived on which


def made_up_passengers(rows: int = 240, *, seed: int = 0) -> Table:
    """Draw passengers who never lived, in the form of the Titanic's table.

    Women and the first class survive more often, and ages, harbours and most decks are missing as
    often as there, so that code written for the real table runs on these unchanged.

    Args:
        rows: How many to draw.
        seed: The same seed draws the same rows.

    Returns:
        Columns by name, those of [`load_titanic`][tf2docs.datasets.load_titanic], each of shape
            `(rows,)`.

    Examples:
        >>> passengers = made_up_passengers(3)
        >>> list(passengers)[:4], len(passengers["age"])
        (['survived', 'pclass', 'sex', 'age'], 3)
    """
    random = np.random.default_rng(seed)
    pclass = random.choice([1, 2, 3], rows, p=[0.25, 0.2, 0.55])
    female = random.random(rows) < 0.35
    age = np.clip(random.normal(30, 14, rows), 0.5, 80).round(1)
    sibsp, parch = random.binomial(3, 0.15, rows), random.binomial(3, 0.12, rows)
    survived = random.random(rows) < 0.15 + 0.5 * female + 0.1 * (3 - pclass)
    embarked = random.choice(list(_TOWNS), rows, p=[0.7, 0.19, 0.09, 0.02])
    decks = [random.choice(list(_DECKS[one])) for one in pclass]
    man = ~female & (age >= 16)
    return {
        "survived": survived.astype(int),
        "pclass": pclass,
        "sex": np.where(female, "female", "male"),
        "age": np.where(random.random(rows) < 0.2, np.nan, age),
        "sibsp": sibsp,
        "parch": parch,
        "fare": (random.lognormal(5 - pclass, 0.5) + 4).round(4),
        "embarked": embarked,
        "class": np.array([_CLASSES[one] for one in pclass]),
        "who": np.where(age < 16, "child", np.where(female, "woman", "man")),
        "adult_male": man,
        "deck": np.where(random.random(rows) < 0.77, "", decks),
        "embark_town": np.array([_TOWNS[harbour] for harbour in embarked]),
        "alive": np.where(survived, "yes", "no"),
        "alone": (sibsp + parch) == 0,
    }
