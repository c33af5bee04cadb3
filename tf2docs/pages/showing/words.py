"""The words that the site puts on pages of its own accord.

In the language of each, with its way to write a day.
"""

from datetime import date

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "comma": "、",
        "between_sentences": "",
        # at the heading of a section
        "optional": "选读",
        "optional_title": "{}（选读）",
        # at a block
        "output": "输出",
        "raises": "此代码会报错：",
        "gpu": "需要 GPU",
        "norun": "此代码不运行：",
        "ran": "上次完整运行用时 {} 秒",
        # below a lesson's title
        "minutes": "约 {} 分钟",
        "more": "（连同{parts}约 {minutes} 分钟）",
        "optional_parts": "选读",
        "exercise_parts": "练习",
        "and": "和",
        "requires": "先读：",
        "tags": "主题：",
        "tested": "[已测试]({page})：{date}，{ran} / {blocks} 块，{versions}，{device}，"
        "{seconds} 秒",
        "stale": "[尚未测试]({page})：这一页在上次运行之后改过",
        "notebook": "下载 notebook",
        "script": "下载 .py",
        "source": "查看源文件",
        "colab": "在 Colab 打开",
        # at its end
        "credit": "本页由 [{name}](<{address}>) 改写、扩充而来。",
        # how to get the package and begin
        "setup": "在自己的电脑上运行",
        "setup_first": "需要 Python 3.11 到 3.13。在一个新文件夹里打开终端，逐行运行：",
        "setup_file": 'tf2docs 包就在这个网站的文件夹里：下载 <a href="{}" download>{}</a>，'
        "放进这个新文件夹。",
        "setup_unix": "Linux、macOS",
        "setup_linux": "Linux，或 Windows 的 WSL2",
        "setup_windows": "Windows",
        "setup_mirror": "在国内，在 <code>pip install</code> 后面加上 "
        "<code>-i https://pypi.tuna.tsinghua.edu.cn/simple</code>（清华大学的镜像）或 "
        "<code>-i https://mirrors.aliyun.com/pypi/simple/</code>（阿里云的镜像），下载会快很多。",
        "setup_wheel": "<code>tf2docs</code> 包来自本站，也可以"
        '<a href="{}" download>单独下载</a>。',
        "setup_next": "浏览器里会打开 Jupyter：新建一个笔记本，一个代码块占一格；"
        "或者下载本页的 notebook，放进这个文件夹再打开。",
        "setup_more": 'GPU、Colab、离线安装和报错，见<a href="{}">安装</a>。',
        # the heads of tables, their columns apart by a bar
        "versions": "TensorFlow|Keras|NumPy|日期|代码块|失败|有变化",
        "checks": "代号|守住什么|会抓到的一例",
        "comparison": "工具|版本|日期|抓到的破坏",
    },
    "en": {
        "comma": ", ",
        "between_sentences": " ",
        "optional": "optional",
        "optional_title": "{} (optional)",
        "output": "Output",
        "raises": "This code raises ",
        "gpu": "Needs a GPU",
        "norun": "Not run: ",
        "ran": "took {} s in the last full run",
        "minutes": "About {} minutes",
        "more": " ({minutes} with the {parts})",
        "optional_parts": "optional sections",
        "exercise_parts": "exercises",
        "and": " and ",
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
        "credit": "This page grew from [{name}](<{address}>).",
        "setup": "Run this page on your computer",
        "setup_first": "You need Python 3.11 to 3.13. Open a terminal in a new folder and run:",
        "setup_file": "The tf2docs package is in the folder of this site: download "
        '<a href="{}" download>{}</a> into the new folder.',
        "setup_unix": "Linux, macOS",
        "setup_linux": "Linux, or WSL2 on Windows",
        "setup_windows": "Windows",
        "setup_mirror": "",
        "setup_wheel": "The package <code>tf2docs</code> comes from this site; it can also be "
        '<a href="{}" download>downloaded by itself</a>.',
        "setup_next": "Jupyter opens in your browser: make a new notebook and give each block a "
        "cell of its own, or download this page's notebook into the folder and open it.",
        "setup_more": 'For GPUs, Colab, offline machines and errors, see <a href="{}">'
        "how to install</a>.",
        "versions": "TensorFlow|Keras|NumPy|Date|Blocks|Failed|Moved",
        "checks": "Code|What it guards|It catches",
        "comparison": "Tool|Version|Date|Damages caught",
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
