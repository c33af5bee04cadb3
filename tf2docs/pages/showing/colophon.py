"""What stands below every page: how to report an error on it, the source, the licence."""

from urllib.parse import quote

WORDS = {
    "zh": {
        "report": "报告本页的错误",
        "source": "源代码",
        "licence": "代码和文字：MIT 许可",
        "subject": "{} 有错误",
        "body": "页面：{}\n\n哪一块、哪一句：\n\n你做了什么：\n\n看到了什么（完整的输出）：\n\n"
        "应当是什么：\n\nTensorFlow、Keras、Python 的版本和操作系统：\n",
    },
    "en": {
        "report": "Report an error on this page",
        "source": "Source",
        "licence": "Code and text: MIT licence",
        "subject": "Error on {}",
        "body": "Page: {}\n\nWhich block or sentence:\n\n"
        "What you did:\n\nWhat you saw, all of it:\n\n"
        "What you expected:\n\nVersions of TensorFlow, Keras and Python, and your system:\n",
    },
}


def report_address(setting: str, repository: str, language: str, title: str, page: str) -> str:
    """Where to report an error on a page: a form or a letter that is begun already, or nowhere.

    Args:
        setting: The address that the site was given for reports, such as `mailto:…`; may be empty.
        repository: `owner/name` of the public repository, whose issues are next best; may be empty.
        language: The page's language.
        title: The page's title.
        page: The page's address, or its place on the site.

    Examples:
        >>> report_address("mailto:a@example.org", "", "en", "A line", "line/")[:57]
        'mailto:a@example.org?subject=Error%20on%20A%20line&body=P'
        >>> report_address("", "", "en", "A line", "line/")
        ''
    """
    words = WORDS.get(language, WORDS["en"])
    subject, body = quote(words["subject"].format(title)), quote(words["body"].format(page))
    if setting.startswith("mailto:"):
        return f"{setting}?subject={subject}&body={body}"
    if repository and not setting:
        return f"https://github.com/{repository}/issues/new?title={subject}&body={body}"
    return setting
