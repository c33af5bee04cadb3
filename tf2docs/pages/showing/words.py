"""The words that the site puts on pages of its own accord.

In the language of each, with its way to write a day.
"""

from datetime import date

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "comma": "、",
        # at a block
        "output": "输出",
        "raises": "此代码会报错：",
        "gpu": "需要 GPU",
        "norun": "此代码不运行：",
        "ran": "上次完整运行用时 {} 秒",
        # below a lesson's title
        "minutes": "约 {} 分钟",
        "requires": "先读：",
        "tags": "主题：",
        "tested": "[已测试]({page})：{date}，{ran} / {blocks} 块，{versions}，{device}，"
        "{seconds} 秒",
        "stale": "[尚未测试]({page})：这一页在上次运行之后改过",
        "notebook": "下载 notebook",
        "script": "下载 .py",
        "source": "查看源文件",
        "colab": "在 Colab 打开",
        "package": "下载 tf2docs 包",
        # the heads of tables, their columns apart by a bar
        "versions": "TensorFlow|Keras|NumPy|日期|代码块|失败|有变化",
        "checks": "代号|守住什么|会抓到的一例",
        "comparison": "工具|版本|抓到的破坏",
    },
    "en": {
        "comma": ", ",
        "output": "Output",
        "raises": "This code raises ",
        "gpu": "Needs a GPU",
        "norun": "Not run: ",
        "ran": "took {} s in the last full run",
        "minutes": "About {} minutes",
        "requires": "Read first: ",
        "tags": "Topics: ",
        "tested": (
            "[Tested]({page}) {date}: {ran} of {blocks} blocks, {versions}, {device}, {seconds} s"
        ),
        "stale": "[Not tested yet]({page}): this page changed after its last run",
        "notebook": "Download notebook",
        "script": "Download .py",
        "source": "View source",
        "colab": "Open in Colab",
        "package": "Download the tf2docs package",
        "versions": "TensorFlow|Keras|NumPy|Date|Blocks|Failed|Moved",
        "checks": "Code|What it guards|It catches",
        "comparison": "Tool|Version|Damages caught",
    },
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def written_date(day: str, language: str) -> str:
    """A day as readers of a language write it, whatever the machine's locale.

    Args:
        day: The day, as records have it: `YYYY-MM-DD`.
        language: `zh` or `en`.

    Examples:
        >>> written_date("2026-03-01", "zh"), written_date("2026-03-01", "en")
        ('2026 年 3 月 1 日', '1 March 2026')
    """
    found = date.fromisoformat(day)
    if language == "zh":
        return f"{found.year} 年 {found.month} 月 {found.day} 日"
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"
