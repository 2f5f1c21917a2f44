"""The content agent against textstat, GNU style, rake-nltk and twitter-text-parser."""

import random
import re
import shutil
import subprocess
import unicodedata
import warnings

import pytest

from agent_tasks import refused, run

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import agents_reference as reference
    from twitter_text import parse_tweet

# --- content.analyze and content.keywords ----------------------------------------------------------


@pytest.mark.parametrize("kind", ["content.analyze", "content.keywords"])
def test_counts_formulas_and_phrases_are_those_of_textstat_and_rake_nltk(client, kind):
    cases = [payload for each, payload in reference.generate(71, 350) if each == kind]
    assert len(cases) == 50
    for payload in cases:
        result = run(client, kind, **payload)
        assert reference.compare(reference.expected(kind, payload), result) == []


NOUNS = "committee proposal evening market history river engine letter window morning".split()
VERBS = "considered visited described followed painted answered carried opened".split()
ADJECTIVES = "old quiet narrow curious simple yellow distant careful".split()


def prose(generator, sentences):
    """Sentences that everybody counts alike: no digits, abbreviations or hyphens."""
    written = []
    for _ in range(sentences):
        words = ["the", generator.choice(ADJECTIVES), generator.choice(NOUNS), generator.choice(VERBS)]
        for _ in range(generator.randint(1, 4)):
            words += ["the", generator.choice(ADJECTIVES), generator.choice(NOUNS), "and"]
        written.append(" ".join(words[:-1]).capitalize() + generator.choice(".!?"))
    return " ".join(written)


def style(text):
    """The figures of GNU style."""
    said = subprocess.run(
        ["style"], input=text, capture_output=True, text=True, timeout=30, check=True
    ).stdout

    def figure(pattern):
        return float(re.search(pattern, said)[1])

    return {
        "characters": figure(r"(\d+) characters"),
        "words": figure(r"(\d+) words"),
        "sentences": figure(r"(\d+) sentences"),
        "syllablesPerWord": figure(r"= ([\d.]+) syllables"),
        "kincaid": figure(r"Kincaid: (-?[\d.]+)"),
        "ari": figure(r"ARI: (-?[\d.]+)"),
        "colemanLiau": figure(r"Coleman-Liau: (-?[\d.]+)"),
        "flesch": figure(r"Flesch Index: (-?[\d.]+)"),
    }


@pytest.mark.skipif(not shutil.which("style"), reason="there is no GNU style (package diction)")
@pytest.mark.parametrize("seed", range(8))
def test_counts_and_grades_are_those_of_gnu_style(client, seed):
    text = prose(random.Random(seed), 2 + 3 * seed)
    ours, theirs = run(client, "content.analyze", text=text), style(text)
    for name in ("characters", "words", "sentences"):
        assert ours[name] == theirs[name], name
    # style rounds to one digit, and takes Coleman and Liau's numbers for a whole text.
    assert ours["automatedReadabilityIndex"] == pytest.approx(theirs["ari"], abs=0.06)
    assert ours["colemanLiauIndex"] == pytest.approx(theirs["colemanLiau"], abs=0.15)
    # style counts groups of vowels and so too few syllables in “curious” and “quiet”: within 15 %,
    # and grades by what such a difference makes of them.
    spoken = ours["syllables"] / ours["words"]
    assert spoken == pytest.approx(theirs["syllablesPerWord"], rel=0.15)
    off = abs(spoken - theirs["syllablesPerWord"]) + 0.006
    assert ours["fleschKincaidGrade"] == pytest.approx(theirs["kincaid"], abs=11.8 * off + 0.06)
    assert ours["fleschReadingEase"] == pytest.approx(theirs["flesch"], abs=84.6 * off + 0.06)


# --- content.generate ------------------------------------------------------------------------------

PIECES = """
plain|ünïcode|naïve|日本語|한국어|Здравствуйте|मराठी|😀|👍🏽|👨‍👩‍👧‍👦|🇩🇪|1️⃣|❤️|☺|©|®|™|“quoted”|‘it’s’|—|…|′|
https://example.com|http://example.com/a/b?c=d&e=f|example.com|www.example.org/path|a.b.co.uk|
https://example.com.|(https://example.com)|https://example.com/a_(b)|https://例え.jp|no.tld.nowhere|
user@example.com|#tag.com|3.14|end.Start|https://example.com:8080/x|HTTPS://EXAMPLE.COM/X|
x.com/i/web/status/1?s=20!|これはexample.comです|example.com中国|https://sub.example.museum/~u#f|
.com|-example.com|_example.com|http://x|https://exa_mple.com|xn--bcher-kva.example.net|e.g.|v1.2.3|
""".replace("\n", "").split("|")[:-1]


def decomposed(text):
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("seed", range(6))
def test_lengths_for_x_are_those_of_twitter_text(client, seed):
    generator = random.Random(seed)
    for _ in range(30):
        pieces = generator.sample(PIECES, generator.randint(1, 6))
        topic = generator.choice([" ", ", ", "; "]).join(pieces)
        if generator.random() < 0.3:
            topic = decomposed(topic)
        result = run(
            client, "content.generate", kind="social-post", topic="topic " + topic, platform="x",
            seed=generator.randrange(100),
        )
        assert result["characters"] == parse_tweet(result["text"]).weightedLength, result["text"]
        assert result["fits"] == (result["characters"] <= 280)


@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_weighs_what_it_weighs_for_twitter_text(client, piece):
    for topic in (piece, decomposed(piece)):
        if not re.search(r"\w", topic):
            topic = f"a {topic}"
        result = run(client, "content.generate", kind="ad", topic=topic, platform="x")
        assert result["characters"] == parse_tweet(result["text"]).weightedLength, result["text"]


@pytest.mark.parametrize("tone", ["professional", "friendly", "enthusiastic", "informative", "urgent"])
@pytest.mark.parametrize("kind", ["social-post", "blog-post", "email", "ad"])
def test_drafts_have_the_topic_and_follow_the_seed(client, kind, tone):
    order = {"kind": kind, "tone": tone, "topic": "solar roofs", "keywords": ["net metering"]}
    drafts = [run(client, "content.generate", **order, seed=seed) for seed in range(12)]
    assert drafts[3] == run(client, "content.generate", **order, seed=3)
    assert len({draft["text"] for draft in drafts}) > 2
    for draft in drafts:
        assert "solar roofs" in draft["text"].lower() and not re.search(r"[{}]", draft["text"])
        assert draft["characters"] == len(draft["text"])
        assert draft["fits"] and draft["limit"] is None and draft["engine"] == "deterministic"
        assert draft["hashtags"] == (["#NetMetering"] if kind == "social-post" else [])


def test_posts_are_shortened_to_the_limit_and_say_when_they_are_not(client):
    keywords = [f"keyword number {key}" for key in range(40)]
    for platform, limit in (("x", 280), ("linkedin", 3_000), ("instagram", 2_200)):
        result = run(
            client, "content.generate", kind="social-post", topic="offline maps",
            platform=platform, keywords=keywords,
        )
        assert result["fits"] and result["characters"] <= result["limit"] == limit
        assert 0 < len(result["hashtags"]) <= 30
        assert all(tag in result["text"] for tag in result["hashtags"])
    endless = run(client, "content.generate", kind="social-post", topic="x " * 249, platform="x")
    assert not endless["fits"] and endless["hashtags"] == []
    assert refused(client, "content.generate", kind="ad", topic=" …") == ["/topic"]
    assert refused(client, "content.generate", kind="poem", topic="a") == ["/kind"]


# --- content.seo -----------------------------------------------------------------------------------

GOOD = """<!DOCTYPE html>
<html lang="en"><head><title>Solar roofs: a guide for owners</title>
<meta name="viewport" content="width=device-width">
<meta name="description" content="What solar roofs cost, how they work and when they pay, for owners.">
<link rel="canonical" href="https://example.com/solar"><style>p { color: red }</style></head>
<body><h1>Solar roofs</h1><h2>Cost</h2><p>%s</p>
<img src="a.png" alt="A roof"><a href="/costs">All costs of a solar roof</a></body></html>
""" % " ".join(f"word{key}" for key in range(300))

DEFECTS = [
    ("title-missing", 20, (r"<title>.*?</title>", "")),
    ("title-length", 8, (r"<title>.*?</title>", "<title>Solar roofs</title>")),
    ("title-keyword", 8, (r"<title>.*?</title>", "<title>A guide for the owner</title>")),
    ("description-missing", 8, (r'<meta name="description".*?>', "")),
    ("description-length", 3, (r'content="What.*?"', 'content="Solar roofs explained"')),
    ("description-keyword", 3, (r'content="What solar', 'content="What other')),
    ("h1-missing", 20, (r"<h1>(.*?)</h1><h2>Cost</h2>", r"<p>\1</p>")),
    ("h1-multiple", 8, (r"<h2>Cost</h2>", "<h1>Cost</h1>")),
    ("h1-keyword", 8, (r"<h1>.*?</h1>", "<h1>Roofs</h1><p>Solar roofs</p>")),
    ("heading-order", 3, (r"<h2>Cost</h2>", "<h3>Cost</h3>")),
    ("robots-noindex", 20, (r"<link", '<meta name="ROBOTS" content="NoIndex, follow"><link')),
    ("language-missing", 8, (r' lang="en"', "")),
    ("viewport-missing", 8, (r'<meta name="viewport".*?>', "")),
    ("canonical-missing", 3, (r"<link.*?>", "")),
    ("image-alternative", 8, (r' alt="A roof"', "")),
    ("link-text", 3, (r"All costs of a solar roof", "Click <b>here</b>")),
    ("text-short", 8, (r"(word1\d+ )+", "")),
    ("keyword-stuffing", 8, (r"word7 ", "solar-roofs " * 6)),
]


def test_a_page_without_a_defect_has_the_full_score(client):
    result = run(client, "content.seo", html=GOOD, keyword="Solar roofs")
    assert result["findings"] == [] and result["score"] == 100
    assert result["title"] == "Solar roofs: a guide for owners"
    assert result["keywordCount"] == 1 and result["words"] == 2 + 1 + 300 + 6


@pytest.mark.parametrize(("rule", "cost", "change"), DEFECTS, ids=[rule for rule, _, _ in DEFECTS])
def test_each_defect_is_found_alone(client, rule, cost, change):
    page = re.sub(*change, GOOD, flags=re.S)
    assert page != GOOD
    result = run(client, "content.seo", html=page, keyword="solar roofs")
    assert [finding["rule"] for finding in result["findings"]] == [rule]
    assert result["score"] == 100 - cost


def test_pages_of_nothing_and_nonsense_have_a_score(client):
    for html in ("", "<", "<html", "<title>", "<h1><h1><h1>", "</p></h1>" * 500, "&" * 3_000, "<a href=x>" * 900):
        result = run(client, "content.seo", html=html, keyword="a b")
        assert 0 <= result["score"] <= 60 and result["keywordCount"] == 0
    assert refused(client, "content.seo", html="", keyword="!") == ["/keyword"]
