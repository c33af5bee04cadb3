"""Every page says what it may load and run.

`test_every_page.py` sees in the browser that this is enough.
"""

import re

import pytest

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
VIOLATIONS = """addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
    (window.violations ??= []).push(effectiveDirective); });"""


@pytest.mark.parametrize("site", ["published", "folder"])
def test_a_policy_comes_before_all_that_it_is_about(request, site):
    pages = list(request.getfixturevalue(site).rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        head = page.read_text(encoding="utf-8").partition("</head>")[0]
        (policy,) = POLICY.findall(head)
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
        assert "http:" not in policy and "https:" not in policy
        assert not re.search(r"<(script|link|style)\b", head.partition(policy)[0]), page
        assert '<meta name="referrer" content="no-referrer">' in head


@pytest.mark.parametrize(
    ("what", "refused"),
    [
        ("document.body.append(Object.assign(newScript(), { text: 'window.ran = 1' "
"}))", "script-src-elem"),
        # a browser looks at a handler when it is first called
        ("document.body.insertAdjacentHTML('beforeend', '<p onclick=\"window.ran = "
"1\">'); document.body.lastElementChild.click()", "script-src-attr"),
        ("document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/x.png' "
"}))", "img-src"),
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "connect-src"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: "
"red\">')", "style-src-attr"),
        ("document.body.insertAdjacentHTML('beforeend', '<iframe "
"src=\"http://127.0.0.1:9/\">')", "frame-src"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["served", "folder"])
def test_what_the_site_did_not_bring_is_refused(
    open_page, wait_until, request, where, what, refused
):
    if where == "served":
        page = open_page(request.getfixturevalue("address"), "en/tags/")
    else:
        page = open_page(f"{request.getfixturevalue('folder').as_uri()}/", "en/tags.html")
    assert page.wrong == []
    page.evaluate(VIOLATIONS)
    page.evaluate(f"() => {{ const newScript = () => document.createElement('script'); {what} }}")
    assert set(wait_until(page, "window.violations")) == {refused}
    assert page.evaluate("window.ran") is None
