"""What the website agent builds and computes, beside html5lib, tidy, axe and statistics."""

import json
import random
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import axe_core_python
import html5lib
import numpy as np
import pytest
import wcag_contrast_ratio
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from batches import result, results
from client import Failure

TIDY = shutil.which("tidy")
AXE = Path(axe_core_python.__file__).parent / "axe.min.js"

RICH = """# Everything

First paragraph with *emphasis*, **strong**, `code`, a [link](https://example.org "there"), an
![image](picture.png) and <https://example.org/a?b=c&d=e>.

#### Deeper than it should be

> A quote
> > in a quote

1. one
2. two
   * nested
   * list

3. three

---

| Name | Value |
|:-----|------:|
| a    | 1     |
| b    |       |

```swift
let answer = 42 < 43 && true
```

    indented code

Setext
------

Line one\\
line two [](https://example.com/empty) <script>alert(1)</script> &copy; &unknown; & so on.
"""

SITE = {
    "name": "Ünïcode & Sons <Ltd>",
    "url": "https://www.example.org",
    "pages": [
        {"slug": "index", "title": "Welcome", "markdown": "Hello *world*.\n\n## News\n\nNothing."},
        {"slug": "all", "title": "Everything", "markdown": RICH, "date": "2026-02-03"},
        {"slug": "empty", "title": "\"Empty\" & <none>", "markdown": "", "date": "2026-03-04"},
    ],
}


def build(client, **changes):
    return result(client, "site.build", SITE | changes)["files"]


def strictly(html):
    """The document; html5lib raises whatever the HTML Standard calls a parse error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


# --- building ----------------------------------------------------------------------------------


def test_built_pages_are_valid(client):
    files = build(client)
    assert set(files) == {
        "index.html", "all.html", "empty.html", "style.css", "sitemap.xml", "robots.txt", "feed.xml"
    }
    for path, content in files.items():
        if path.endswith(".html"):
            document = strictly(content)
            assert document.get("lang") == "en"
            headings = [one.tag for one in document.iter() if re.fullmatch("h[1-6]", str(one.tag))]
            levels = [int(tag[1]) for tag in headings]
            assert levels[0] == 1 and levels.count(1) == 1
            assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
            ids = [one.get("id") for one in document.iter() if one.get("id")]
            assert len(set(ids)) == len(ids)
            local = {one.get("href") for one in document.iter("a")} - {None, "#content"}
            assert all(href in files or ":" in href for href in local)


def test_markdown_becomes_what_it_means(client):
    document = strictly(build(client)["all.html"])
    main = document.find(".//main")
    for tag, texts in {
        "em": ["emphasis"], "strong": ["strong"], "th": ["Name", "Value"],
        "h2": ["Deeper than it should be", "Setext"],
    }.items():
        assert [one.text for one in main.iter(tag)] == texts, tag
    codes = ["".join(one.itertext()) for one in main.iter("code")]
    assert codes == ["code", "let answer = 42 < 43 && true\n", "indented code\n"]
    assert main.find(".//img").get("alt") == "image"
    assert main.find(".//ol/li/ul/li") is not None
    assert main.find(".//blockquote/blockquote") is not None
    assert [a.get("href") for a in main.iter("a")] == [
        "https://example.org", "https://example.org/a?b=c&d=e", "https://example.com/empty",
    ]
    text = "".join(main.itertext())
    assert "<script>alert(1)</script> © &unknown; & so on." in text
    assert document.find(".//script") is None


def test_feeds_are_read_by_machines(client):
    files = build(client)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    sitemap = ElementTree.fromstring(files["sitemap.xml"])
    found = {
        url.find("s:loc", names).text: url.findtext("s:lastmod", None, names)
        for url in sitemap.findall("s:url", names)
    }
    assert found == {
        "https://www.example.org/": None, "https://www.example.org/all.html": "2026-02-03",
        "https://www.example.org/empty.html": "2026-03-04",
    }
    channel = ElementTree.fromstring(files["feed.xml"]).find("channel")
    assert channel.findtext("title") == SITE["name"]
    items = [(item.findtext("title"), item.findtext("pubDate")) for item in channel.iter("item")]
    assert items == [
        ('"Empty" & <none>', "Wed, 04 Mar 2026 00:00:00 GMT"),
        ("Everything", "Tue, 03 Feb 2026 00:00:00 GMT"),
    ]
    assert "Sitemap: https://www.example.org/sitemap.xml" in files["robots.txt"].splitlines()


def hostile(generator):
    marks = ["*", "**", "_", "`", "```\n", "[", "](", ")", "![", "<", ">", "> ", "- ", "1. ", "#",
             "\n", "\n\n", "    ", "|", "|-|-|\n", "&", "&#0;", "&#x1F600;", "\\", "\t", "é", "😀",
             "\u0000", "\ufffe", "javascript:alert(1)", "<script>", "\" onload=\"x", "word ", "---\n",
             "===\n", "~~~\n", "&lt;", "'", "http://a.b/c%zz"]
    return "".join(generator.choices(marks, k=generator.randint(0, 160)))


def test_hostile_markdown_is_harmless_and_valid(client):
    generator = random.Random(1)
    payloads = [
        {"name": "x", "pages": [
            {"slug": f"p{i}", "title": "t " + hostile(generator)[:100], "markdown": hostile(generator)}
            for i in range(5)
        ]}
        for _ in range(60)
    ]
    for answer in results(client, "site.build", payloads):
        for path, content in answer["files"].items():
            if path.endswith(".xml"):
                ElementTree.fromstring(content)
            if not path.endswith(".html"):
                continue
            for one in strictly(content).iter():
                assert one.tag not in ("script", "iframe", "object", "style", "form")
                for name, value in one.attrib.items():
                    assert not name.startswith("on")
                    if name in ("href", "src"):
                        scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", value)
                        allowed = ("http", "https", "mailto", "tel")
                        assert scheme is None or scheme[1].lower() in allowed, value


@pytest.mark.skipif(not TIDY, reason="there is no tidy")
def test_tidy_finds_no_error(client, tmp_path):
    for path, content in build(client).items():
        if path.endswith(".html"):
            done = subprocess.run(
                [TIDY, "-errors", "-quiet", "-utf8"], input=content.encode(), capture_output=True
            )
            assert done.returncode < 2, done.stderr.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong(client, browser, tmp_path, theme):
    for path, content in build(client, theme=theme, accent="#ffee88").items():
        (tmp_path / path).write_text(content)
    for path in ("all.html", "index.html"):
        browser.open(f"file://{tmp_path}/{path}")
        browser.run(AXE.read_text() + "; 0")
        found = browser.run("axe.run().then((found) => JSON.stringify(found))")
        found = json.loads(found)
        problems = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
        assert problems == [], path
        assert any(one["id"] == "color-contrast" for one in found["passes"])


# --- auditing and experiments ------------------------------------------------------------------

FLAWED = """<!DOCTYPE html><html><head>
<meta name="viewport" content="width=device-width, user-scalable=no"></head><body><main>
<img src="a.png"><img src="b.png" alt=""><img src="c.png" alt="c"><img src="d.png" role="none">
<a href="#x"></a><a href="#x"><img src="e.png" alt="e"></a><a href="#x" aria-label="x"></a>
<a href="#x"><img src="f.png" alt=""></a><a href="#x"><b>text</b></a><a>no link</a>
<button></button><button>text</button><button title="x"></button>
<input><input id="i"><label for="i">x</label><label>y <input></label><input aria-label="z">
<input type="hidden"><input type="submit"><textarea></textarea>
<div hidden><img src="g.png"><a href="#x"></a></div>
<p style="color:#999;background:#fff">pale</p>
</main></body></html>"""


def test_axe_finds_the_same_flaws(client, browser, tmp_path):
    answer = result(client, "site.audit", {"html": FLAWED})
    (tmp_path / "page.html").write_text(FLAWED)
    browser.open(f"file://{tmp_path}/page.html")
    browser.run(AXE.read_text() + "; 0")
    found = json.loads(browser.run("axe.run().then((found) => JSON.stringify(found.violations))"))
    rules = {"color-contrast", "html-has-lang", "document-title", "image-alt", "label", "link-name",
             "button-name", "meta-viewport"}
    expected = {one["id"]: len(one["nodes"]) for one in found if one["id"] in rules}
    counts = {}
    for one in answer["findings"]:
        counts[one["rule"]] = counts.get(one["rule"], 0) + 1
        count = f"document.querySelectorAll({json.dumps(one['selector'])}).length"
        assert one["rule"] == "document-title" or browser.run(count) == 1, one
    assert counts == expected and len(counts) == len(rules)
    assert answer["score"] < 100


def test_built_pages_pass_the_audit(client):
    pages = [content for path, content in build(client).items() if path.endswith(".html")]
    for answer in results(client, "site.audit", [{"html": page} for page in pages]):
        assert answer["findings"] == [] and answer["score"] == 100



def test_contrast_is_that_of_the_library(client):
    generator = np.random.default_rng(2)
    pairs = generator.integers(0, 256, (200, 2, 3))
    answers = results(
        client,
        "site.audit",
        [
            {"html": "<p style='color:rgb({},{},{});background:rgb({},{},{})'>x".format(
                *text, *behind)}
            for text, behind in pairs.tolist()
        ],
    )
    for (text, behind), answer in zip(pairs / 255, answers):
        ratio = wcag_contrast_ratio.rgb(tuple(text), tuple(behind))
        found = [one for one in answer["findings"] if one["rule"] == "color-contrast"]
        # The library has the older threshold 0.03928 of the linear part.
        assert bool(found) == (not wcag_contrast_ratio.passes_AA(ratio)), ratio
        if found:
            assert found[0]["ratio"] == pytest.approx(ratio, abs=1e-4)


def test_experiments_are_evaluated_like_statsmodels(client):
    generator = random.Random(3)
    payloads = []
    for _ in range(150):
        sides = []
        for _ in range(2):
            visitors = generator.randint(20, 10 ** generator.randint(2, 6))
            sides.append(
                {"visitors": visitors, "conversions": generator.randint(1, max(1, visitors // 3))}
            )
        payloads.append({"a": sides[0], "b": sides[1], "alpha": generator.choice([0.01, 0.05])})
    for payload, answer in zip(payloads, results(client, "ab.evaluate", payloads)):
        a, b, alpha = payload["a"], payload["b"], payload["alpha"]
        z, p = proportions_ztest(
            [b["conversions"], a["conversions"]], [b["visitors"], a["visitors"]]
        )
        assert answer["z"] == pytest.approx(z, abs=1e-9)
        assert answer["pValue"] == pytest.approx(p, abs=1e-9)
        assert answer["winner"] == ("none" if p >= alpha else "b" if z > 0 else "a")
        for name, side in (("a", a), ("b", b)):
            lower, upper = proportion_confint(
                side["conversions"], side["visitors"], alpha=alpha, method="wilson"
            )
            interval = answer["intervals"][name]
            assert interval["lower"] == pytest.approx(lower, abs=1e-9)
            assert interval["upper"] == pytest.approx(upper, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"pages": [{"slug": "A/b", "title": "x", "markdown": ""}]}, "/payload/pages/0/slug"),
        ({"pages": [SITE["pages"][0]] * 2}, "/payload/pages/1/slug"),
        ({"name": " "}, "/payload/name"),
        ({"theme": "neon"}, "/payload/theme"),
        ({"accent": "url(x)"}, "/payload/accent"),
        ({"url": "ftp://example.org"}, "/payload/url"),
        ({"language": "x\" y"}, "/payload/language"),
    ],
)
def test_bad_input_is_refused_where_it_is_wrong(client, changes, path):
    with pytest.raises(Failure) as caught:
        client.call("tasks.create", type="site.build", payload=SITE | changes)
    assert caught.value.name == "VALIDATION_ERROR" and caught.value.paths == [path]
