"""Data that are made up, in the form of published ones: rows, texts, pictures and sounds."""

import io
import itertools
import wave

import numpy as np

from tf2docs.datasets.csv_table import Table
from tf2docs.datasets.photos import PHOTO_CLASSES

__all__ = [
    "made_up_cars",
    "made_up_months",
    "made_up_pairs",
    "made_up_passengers",
    "made_up_photos",
    "made_up_plays",
    "made_up_poems",
    "made_up_recordings",
    "made_up_reviews",
    "made_up_temperatures",
]

_CLASSES = {1: "First", 2: "Second", 3: "Third"}
_TOWNS = {"S": "Southampton", "C": "Cherbourg", "Q": "Queenstown", "": ""}
_DECKS = {1: "ABC", 2: "DEF", 3: "EFG"}  # which class lived on which
_OPINIONS = {  # what is said in either language: of what, how, and good or bad
    "en": (
        ("the acting", "the plot", "the music", "the ending", "the camera", "the dialogue"),
        ("is", "is really", "is in a word", "seems"),
        ("wonderful", "funny", "moving", "clever", "a joy", "fresh"),
        ("boring", "flat", "clumsy", "tired", "a bore", "stale"),
        " {0} {1} {2} . ",
    ),
    "zh": (
        ("味道", "送餐", "分量", "包装", "服务态度", "米饭"),
        ("很", "真的", "非常", "还是那么"),
        ("好", "棒", "让人满意", "不错", "赞", "用心"),
        ("差", "糟糕", "让人失望", "不行", "糊弄", "马虎"),
        "{0}{1}{2}。",
    ),
}
_WORDS = (  # who does what to what, in either language
    (("I", "我"), ("You", "你"), ("We", "我们"), ("They", "他们")),
    (("like", "喜欢"), ("want", "想要"), ("see", "看见"), ("buy", "买"), ("draw", "画")),
    (
        *(("apples", "苹果"), ("tea", "茶"), ("books", "书"), ("a dog", "一只狗")),
        *(("a house", "一座房子"), ("flowers", "花"), ("a train", "一列火车"), ("fish", "鱼")),
        *(("bread", "面包"), ("a horse", "一匹马")),
    ),
)
_SPEECH = "my good lord and the king shall not speak of this night but go to bed in sweet peace"
_CHARACTERS = "明月山水風雲花鳥春秋江天夜雨日人心遠行歸空白青千里何處不見長思"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ORIGINS = {"usa": 0.6, "japan": 0.2, "europe": 0.2}


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


def made_up_cars(rows: int = 120, *, seed: int = 0) -> Table:
    """Draw cars that were never built, in the form of Auto MPG's table.

    Heavy cars go less far on a gallon and later ones further, and the power of a few is missing, so
    that code written for the real table runs on these unchanged.

    Args:
        rows: How many to draw.
        seed: The same seed draws the same rows.

    Returns:
        Columns by name, those of [`load_fuel`][tf2docs.datasets.load_fuel], each of shape
            `(rows,)`.

    Examples:
        >>> cars = made_up_cars(3)
        >>> list(cars)[:4], len(cars["mpg"])
        (['mpg', 'cylinders', 'displacement', 'horsepower'], 3)
    """
    random = np.random.default_rng(seed)
    cylinders = random.choice([4, 6, 8], rows, p=[0.55, 0.2, 0.25])
    year = random.integers(70, 83, rows)
    weight = (500 * cylinders + random.normal(300, 200, rows)).round().astype(int)
    power = (weight / 30 + random.normal(0, 10, rows)).round()
    origin = random.choice(list(_ORIGINS), rows, p=list(_ORIGINS.values()))
    mpg = 60_000 / weight + 0.5 * (year - 70) + random.normal(0, 2, rows)
    return {
        "mpg": mpg.clip(9, 47).round(1),
        "cylinders": cylinders,
        "displacement": (40.0 * cylinders - 40 + random.integers(0, 40, rows)),
        "horsepower": np.where(random.random(rows) < 0.05, np.nan, power),
        "weight": weight,
        "acceleration": (25 - power / 12 + random.normal(0, 1, rows)).round(1),
        "model_year": year,
        "origin": origin,
        "name": np.array([f"{place} no. {number}" for number, place in enumerate(origin)]),
    }


def made_up_months(years: int = 6, *, seed: int = 0) -> Table:
    """Draw passengers of airlines month by month, in the form of the table of flights.

    They grow from year to year and are most in summer, as in the real series.

    Args:
        years: How many years to draw, from 1949.
        seed: The same seed draws the same rows.

    Returns:
        Columns by name, those of [`load_flights`][tf2docs.datasets.load_flights], each of shape
            `(12 * years,)`.

    Examples:
        >>> months = made_up_months(2)
        >>> months["year"][[0, -1]], months["month"][0]
        (array([1949, 1950]), np.str_('January'))
    """
    random = np.random.default_rng(seed)
    time = np.arange(12 * years)
    season = 1 - 0.2 * np.cos(2 * np.pi * time / 12)
    passengers = (110 + 2.5 * time) * season * random.normal(1, 0.02, len(time))
    return {
        "year": 1949 + time // 12,
        "month": np.array([_MONTHS[one % 12] for one in time]),
        "passengers": passengers.round().astype(int),
    }


def made_up_temperatures(start: str = "2010-07-01") -> Table:
    """Compute temperatures hour by hour to the end of 2010, in the form of those of Seattle.

    There is a rhythm of the day and one of the year, a little chance, and an hour of 14 July is
    missing, so that code written for the real series runs on this one unchanged.

    Args:
        start: The first day, such as `2010-07-01`.

    Returns:
        `date` and `temp`, as in the published file, each of shape `(hours,)`.

    Examples:
        >>> hours = made_up_temperatures("2010-12-30")
        >>> hours["date"][0], len(hours["temp"])
        (np.str_('2010/12/30 00:00'), 48)
    """
    random = np.random.default_rng(0)
    time = np.arange(np.datetime64(start, "h"), np.datetime64("2011-01-01", "h"))
    time = time[time != np.datetime64("2010-07-14T03")]  # the real gap has this hour, too
    hour = (time - np.datetime64("2010-01-01", "h")).astype(int)
    of_year, of_day = (-np.cos(2 * np.pi * hour / hours) for hours in (365 * 24, 24))
    fahrenheit = 52 + 13 * of_year + 6 * of_day + random.normal(0, 0.1, len(time))
    dates = np.char.replace(np.char.replace(time.astype(str), "-", "/"), "T", " ")
    return {"date": np.char.add(dates, ":00"), "temp": fahrenheit.round(1)}


def made_up_reviews(language: str = "en") -> Table:
    """Put reviews together that nobody wrote, in the form of real ones, half good, half bad.

    Args:
        language: `en` or `zh`.

    Returns:
        `label` (1 good, 0 bad) and `review`, each of shape `(288,)`.

    Examples:
        >>> reviews = made_up_reviews("zh")
        >>> reviews["review"][0], int(reviews["label"][0]), len(reviews["label"])
        ('味道很好。', 1, 288)
    """
    things, ways, good, bad, sentence = _OPINIONS[language]
    said = itertools.product(things, ways, [*good, *bad])
    rows = [(int(words[-1] in good), sentence.format(*words)) for words in said]
    labels, reviews = zip(*rows, strict=True)
    return {"label": np.array(labels), "review": np.array(reviews, object)}


def made_up_photos(train: int = 30, test: int = 10, *, seed: int = 0) -> dict[str, bytes]:
    """Draw a shape in a colour for each of ten classes, as JPEG files of 32×32.

    Args:
        train: How many of each class are for training.
        test: How many of each class are for testing.
        seed: The same seed draws the same shapes.

    Returns:
        The files by their paths, as in CIFAR-10, `train/cat/0000.jpg`.

    Examples:
        >>> photos = made_up_photos(2, 1)
        >>> len(photos), list(photos)[0]
        (30, 'train/airplane/0000.jpg')
    """
    random = np.random.default_rng(seed)
    paths = [
        (f"{part}/{name}/{number:04}.jpg", label)
        for part, count in (("train", train), ("test", test))
        for label, name in enumerate(PHOTO_CLASSES)
        for number in range(count)
    ]
    return {path: _drawing(label, random) for path, label in paths}


def made_up_pairs() -> list[tuple[str, str]]:
    """Put sentences together in English and in Chinese.

    Examples:
        >>> pairs = made_up_pairs()
        >>> len(pairs), pairs[0]
        (200, ('I like apples.', '我喜欢苹果。'))
    """
    return [
        (" ".join(english) + ".", "".join(chinese) + "。")
        for english, chinese in (zip(*words, strict=True) for words in itertools.product(*_WORDS))
    ]


def made_up_plays(speeches: int = 200, *, seed: int = 0) -> str:
    """Put speeches together of a few words, in the form of a play.

    Examples:
        >>> made_up_plays(1).splitlines()[0]
        'SECOND SPEAKER:'
    """
    random = np.random.default_rng(seed)
    words = _SPEECH.split()
    text = ""
    for _ in range(speeches):
        lines = [" ".join(random.choice(words, 7)).capitalize() for _ in range(3)]
        text += "\n".join([f"{random.choice(['FIRST', 'SECOND'])} SPEAKER:", *lines]) + ".\n\n"
    return text


def made_up_poems(poems: int = 40, *, seed: int = 0) -> list[dict[str, str | list[str]]]:
    """Draw poems of four verses from a few traditional characters, in the form of real ones.

    Examples:
        >>> [poem] = made_up_poems(1)
        >>> poem["title"], [len(line) for line in poem["paragraphs"]]
        ('無題 1', [12, 12])
    """
    random = np.random.default_rng(seed)

    def verse() -> str:
        return "".join(random.choice(list(_CHARACTERS), 5))

    return [
        {
            "author": "無名",
            "title": f"無題 {number}",
            "paragraphs": [f"{verse()}，{verse()}。" for _ in range(2)],
        }
        for number in range(1, poems + 1)
    ]


def made_up_recordings(*, seed: int = 0) -> dict[str, bytes]:
    """Make a tone for each digit, as WAV files of up to a second, in noise.

    Returns:
        200 files by their paths, ten of each digit by each of two speakers that don't exist.

    Examples:
        >>> list(made_up_recordings())[0]
        'recordings/0_high_0.wav'
    """
    random = np.random.default_rng(seed)
    return {
        f"recordings/{digit}_{speaker}_{number}.wav": _tone(base + 120 * digit, random)
        for digit in range(10)
        for speaker, base in (("high", 480), ("low", 400))
        for number in range(10)
    }


def _tone(pitch: int, random: np.random.Generator) -> bytes:
    time = np.arange(random.integers(2000, 8200)) / 8000  # seconds
    sound = 0.5 * np.sin(2 * np.pi * pitch * time) + random.normal(0, 0.05, len(time))
    packed = io.BytesIO()
    with wave.open(packed, "wb") as file:
        file.setparams((1, 2, 8000, len(time), "NONE", "not compressed"))
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return packed.getvalue()


def _drawing(label: int, random: np.random.Generator) -> bytes:
    """A rectangle on a noisy ground, whose form and colour depend on the class."""
    from PIL import Image

    image = random.integers(90, 160, (32, 32, 3), dtype=np.uint8)
    top, left = random.integers(2, 10, 2)
    height, width = 6 + 3 * (label % 5), 18 - 3 * (label % 5)
    image[top : top + height, left : left + width] = (220, 60, 40) if label < 5 else (40, 60, 220)
    packed = io.BytesIO()
    Image.fromarray(image).save(packed, "JPEG", quality=95)
    return packed.getvalue()
