"""What the built-in agents must answer, computed by other people's libraries.

    expected(task_type, payload) -> result          the independent computation
    generate(seed, n) -> [(task_type, payload)]     realistic payloads of all task types
    compare(expected, actual) -> [difference]       empty when they agree

Counts come from textstat, keywords from rake-nltk, rankings from pymcdm and numpy, statistics
from statsmodels and scipy, and contrast from wcag-contrast-ratio over html5lib, cssselect2 and
tinycss2. Only the syllable rules are written again here, from their description. A result may
have more members than are expected of it. Numbers agree within 1e-9, relative or absolute,
except where an expected value is a `Near`.
"""

import math
import random
import re
import unicodedata
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import cssselect2
import html5lib
import numpy as np
import textstat
import tinycss2
import wcag_contrast_ratio
from pymcdm.methods import TOPSIS
from pymcdm.normalizations import vector_normalization
from rake_nltk import Rake
from statsmodels.stats.proportion import (
    proportion_confint,
    proportions_ztest,
    samplesize_proportions_2indep_onetail,
)
from scipy.stats import norm
from tinycss2.color4 import parse_color


class Near(float):
    """A number with a tolerance of its own."""

    def __new__(cls, value, tolerance):
        self = super().__new__(cls, value)
        self.tolerance = tolerance
        return self


# --- content -----------------------------------------------------------------------------------

SILENT = re.compile(
    r"(?<![aeiouy])(?:(?<![^aeiouylr]l)e"
    r"|(?<![sxzcg])(?<![cs]h)(?<![^aeiouylr]l)es"
    r"|(?<![td])(?<![^aeiouylr]l)ed)$"
)
SILENT_INSIDE = re.compile(r"^.*[aeiouy].*(?<![aeiouyl])e(?:ly|ments?|less|ness|ful|fully)$")
HIATUS = re.compile(
    r"(?=(?:(?<![cgstx])i[ao]|iu|(?<![gq])ua|eo(?![nru])|[aeouy]ing))"
)
SYLLABIC = re.compile(r"(?:[aeiouy]sm|thm)s?$")


def read_strings(source, opening):
    """The string literals that follow `opening` in a Swift source file of the agents."""
    text = (Path(__file__).parents[2] / "Sources/Agents/Content" / source).read_text()
    return text[text.index(opening):]


EXCEPTIONS = {
    word: int(count)
    for word, count in re.findall(
        r'"([a-z]+)": (\d+)', read_strings("Syllables+Exceptions.swift", "exceptions:")
    )
}
STOP_WORDS = set(read_strings("StopWords.swift", '"""').split('"""')[1].split())


def syllables_of_letters(letters):
    if letters in EXCEPTIONS:
        return EXCEPTIONS[letters]
    count = len(re.findall("[aeiouy]+", letters)) + len(HIATUS.findall(letters))
    count -= bool(SILENT.search(letters) or SILENT_INSIDE.search(letters))
    count += bool(SYLLABIC.search(letters))
    return max(1, count)


def syllables(word):
    word = re.sub("['’]", "", word.lower())
    word = re.sub("[aeiouy]\u0301", "a", unicodedata.normalize("NFD", word))
    runs = re.findall("[a-z]+", word)
    return max(1, sum(map(syllables_of_letters, runs)))


def analyze(payload):
    text = payload["text"]
    words = textstat.textstat.lexicon_count(text)
    sentences = textstat.textstat.sentence_count(text)
    letters = textstat.textstat.letter_count(text)
    spoken = sum(syllables(word) for word in text.split() if re.search(r"\w", word))
    return {
        "words": words,
        "sentences": sentences,
        "characters": letters,
        "syllables": spoken,
        "fleschReadingEase": 206.835 - 1.015 * words / sentences - 84.6 * spoken / words,
        "fleschKincaidGrade": 0.39 * words / sentences + 11.8 * spoken / words - 15.59,
        "automatedReadabilityIndex": 4.71 * letters / words + 0.5 * words / sentences - 21.43,
        "colemanLiauIndex": 5.88 * letters / words - 29.6 * sentences / words - 15.8,
        "readingTimeSeconds": words / 238 * 60,
    }


WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[^\w\s]|_")


def keywords(payload):
    rake = Rake(
        stopwords=STOP_WORDS,
        punctuations=set(re.findall(r"[^\w\s]|_", payload["text"])) or {"."},
        sentence_tokenizer=lambda text: [text],
        word_tokenizer=WORD.findall,
    )
    rake.extract_keywords_from_text(payload["text"].replace("’", "'"))
    scores = {}
    for score, phrase in rake.get_ranked_phrases_with_scores():
        scores[phrase] = score
    order = phrases_in_order(rake, payload["text"])
    ranked = sorted(order, key=lambda phrase: -round(scores[phrase], 9))
    return {
        "keywords": [
            {"phrase": phrase, "score": scores[phrase]}
            for phrase in ranked[: payload.get("limit", 10)]
        ]
    }


def phrases_in_order(rake, text):
    phrases = rake._generate_phrases([text.replace("’", "'")])
    return list(dict.fromkeys(" ".join(phrase) for phrase in phrases))


# --- strategy ----------------------------------------------------------------------------------


def ranked(names, scores, key):
    order = sorted(range(len(names)), key=lambda index: -scores[index])
    return [
        {
            key: names[index],
            "score": float(scores[index]),
            "rank": 1 + int(sum(other > scores[index] for other in scores)),
        }
        for index in order
    ]


def prioritize(payload):
    method = payload.get("method", "rice")
    scores = []
    for item in payload["items"]:
        if method == "rice":
            score = item["reach"] * item["impact"] * item["confidence"] / item["effort"]
        elif "ease" in item:
            score = item["impact"] * item["confidence"] * item["ease"]
        else:
            score = item["impact"] * item["confidence"] / item["effort"]
        scores.append(score)
    names = [item["name"] for item in payload["items"]]
    return {"method": method, "ranking": ranked(names, scores, "name")}


RANDOM_INDEX = [0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49]


def eigen(matrix):
    values, vectors = np.linalg.eig(np.array(matrix, float))
    largest = np.argmax(values.real)
    vector = vectors[:, largest].real
    return values[largest].real, vector / vector.sum()


def decide(payload):
    criteria, names = payload["criteria"], payload["alternatives"]
    if payload.get("method", "topsis") == "topsis":
        weights = np.array([criterion["weight"] for criterion in criteria], float)
        weights /= weights.sum()
        types = np.array([1 if criterion.get("benefit", True) else -1 for criterion in criteria])
        matrix = np.array(payload["matrix"], float)
        scores = TOPSIS(normalization_function=vector_normalization)(matrix, weights, types)
        normalized = matrix / np.linalg.norm(matrix, axis=0)
        return {
            "method": "topsis",
            "ranking": ranked(names, scores, "alternative"),
            "intermediate": {"normalized": normalized.tolist()},
        }
    order = len(criteria)
    if "criteriaComparisons" in payload:
        largest, weights = eigen(payload["criteriaComparisons"])
    else:
        weights = np.array([criterion["weight"] for criterion in criteria], float)
        weights /= weights.sum()
        largest = float(order)
    if "alternativeComparisons" in payload:
        local = [eigen(matrix)[1] for matrix in payload["alternativeComparisons"]]
    else:
        local = []
        for column, criterion in zip(np.array(payload["matrix"], float).T, criteria):
            shares = column if criterion.get("benefit", True) else 1 / column
            local.append(shares / shares.sum())
    index = (largest - order) / (order - 1) if order > 2 else 0
    return {
        "method": "ahp",
        "ranking": ranked(names, np.array(weights) @ np.array(local), "alternative"),
        "weights": [
            {"criterion": criterion["name"], "weight": float(weight)}
            for criterion, weight in zip(criteria, weights)
        ],
        "lambdaMax": largest,
        "consistencyIndex": index,
        "consistencyRatio": index / RANDOM_INDEX[order] if order > 2 else 0,
    }


# --- website -----------------------------------------------------------------------------------


def evaluate(payload):
    a, b = payload["a"], payload["b"]
    alpha = payload.get("alpha", 0.05)
    z, p = proportions_ztest(
        [b["conversions"], a["conversions"]], [b["visitors"], a["visitors"]]
    )
    rates = [side["conversions"] / side["visitors"] for side in (a, b)]
    intervals = {}
    for name, side in (("a", a), ("b", b)):
        lower, upper = proportion_confint(
            side["conversions"], side["visitors"], alpha=alpha, method="wilson"
        )
        intervals[name] = {"lower": lower, "upper": upper}
    return {
        "z": z,
        "pValue": p,
        "uplift": (rates[1] - rates[0]) / rates[0] if rates[0] else None,
        "winner": "none" if p >= alpha else "b" if z > 0 else "a",
        "intervals": intervals,
    }


def sample_size(payload):
    baseline, effect = payload["baseline"], payload["minimumEffect"]
    if payload.get("effect") == "relative":
        effect *= baseline
    alpha, power = payload.get("alpha", 0.05), payload.get("power", 0.8)
    exact = samplesize_proportions_2indep_onetail(effect, baseline, power, alpha=alpha)
    whole = math.ceil(exact)
    near = min(exact - math.floor(exact), whole - exact) < 1e-6
    return {
        "perVariant": Near(whole, 1 if near else 0),
        "exact": Near(exact, 1e-8 * exact),
        "zAlpha": norm.ppf(1 - alpha / 2),
        "zBeta": norm.ppf(power),
    }


HEADINGS = {"h1": 2, "h2": 1.5, "h3": 1.17, "h4": 1, "h5": 0.83, "h6": 0.67}
UNRENDERED = {"head", "script", "style", "title", "template", "noscript"}


def audit(payload):
    root = html5lib.parse(payload["html"], treebuilder="etree", namespaceHTMLElements=False)
    matcher = cssselect2.Matcher()
    for style in root.iter("style"):
        for rule in tinycss2.parse_stylesheet(style.text or "", True, True):
            if rule.type != "qualified-rule":
                continue
            for selector in cssselect2.compile_selector_list(rule.prelude):
                matcher.add_selector(selector, declarations(rule.content))
    result = {"examined": 0, "failed": 0, "findings": []}
    inherited = ((0, 0, 0, 1), (1, 1, 1), 16.0, 400, 16.0)
    wrapper = cssselect2.ElementWrapper.from_html_root(root)
    examine(wrapper, matcher, inherited, result)
    # Of the other rules these pages break one: they say no language, but have titles and links
    # with text.
    result["findings"].append({"rule": "html-has-lang", "wcag": "3.1.1"})
    result["checks"] = result["examined"] + 2 + len(list(root.iter("a")))
    result["score"] = 100 * (result["checks"] - result["failed"] - 1) / result["checks"]
    return result


def declarations(source):
    parsed = tinycss2.parse_declaration_list(source, True, True)
    return [
        (item.lower_name, tinycss2.serialize(item.value).strip())
        for item in parsed
        if item.type == "declaration"
    ]


def examine(element, matcher, inherited, result):
    color, backdrop, size, weight, root_size = inherited
    tag = element.local_name
    if tag in UNRENDERED:
        return
    if tag == "a" and element.etree_element.get("href"):
        color = (0, 0, 238 / 255, 1)
    if tag in ("b", "strong"):
        weight = 700 if weight < 550 else max(weight, 900)
    parent_size = size
    if tag in HEADINGS:
        size, weight = size * HEADINGS[tag], 700
    rules = [payload for *_, payload in matcher.match(element)]
    rules.append(declarations(element.etree_element.get("style", "")))
    background = (0, 0, 0, 0)
    for name, value in (pair for rule in rules for pair in rule):
        if name == "color":
            color = rgba(value) or color
        elif name in ("background-color", "background"):
            background = rgba(value) or background
        elif name == "font-size":
            size = font_size(value, parent_size, root_size)
        elif name == "font-weight":
            weight = {"bold": 700, "normal": 400}.get(value) or float(value)
    backdrop = blend(background, backdrop)
    if tag == "html":
        root_size = size
    texts = [element.etree_element.text] + [child.tail for child in element.etree_element]
    if any((text or "").strip() for text in texts):
        ratio = wcag_contrast_ratio.rgb(blend(color, backdrop), backdrop)
        large = size >= 24 or weight >= 700 and size >= 18.6666666
        required = 3 if large else 4.5
        result["examined"] += 1
        if not (wcag_contrast_ratio.passes_AA(ratio, large)):
            result["failed"] += 1
            # The library has the older threshold 0.03928 of the linear part.
            result["findings"].append({
                "rule": "color-contrast", "wcag": "1.4.3",
                "ratio": Near(ratio, 1e-4), "required": required,
            })
    for child in element.iter_children():
        examine(child, matcher, (color, backdrop, size, weight, root_size), result)


def rgba(value):
    color = parse_color(value)
    return tuple(color.to("srgb")) if color else None


def blend(above, below):
    alpha = above[3]
    return tuple(min(1.0, max(0.0, a * alpha + b * (1 - alpha))) for a, b in zip(above, below))


def font_size(value, parent, root):
    number, unit = re.fullmatch(r"([\d.]+)(px|pt|em|rem|%)", value).groups()
    factor = {"px": 1, "pt": 4 / 3, "em": parent, "rem": root, "%": parent / 100}[unit]
    return float(number) * factor


TASKS = {
    "content.analyze": analyze,
    "content.keywords": keywords,
    "strategy.prioritize": prioritize,
    "strategy.decide": decide,
    "ab.evaluate": evaluate,
    "ab.samplesize": sample_size,
    "site.audit": audit,
}


def expected(task_type, payload):
    """The result that a task must have, or at least these members of it."""
    return TASKS[task_type](payload)


def compare(expected, actual, path=""):
    """The places where `actual` is not as expected, as lines of text."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{path}: expected an object, got {actual!r}"]
        lines = []
        for name, value in expected.items():
            if name not in actual:
                lines.append(f"{path}/{name}: missing")
            else:
                lines += compare(value, actual[name], f"{path}/{name}")
        return lines
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return [f"{path}: expected {len(expected)} elements, got {actual!r:.200}"]
        lines = []
        for index, (one, other) in enumerate(zip(expected, actual)):
            lines += compare(one, other, f"{path}/{index}")
        return lines
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if isinstance(actual, bool) or not isinstance(actual, (int, float)):
            return [f"{path}: expected {expected}, got {actual!r}"]
        tolerance = getattr(expected, "tolerance", 1e-9 * max(1, abs(expected)))
        if isinstance(expected, int):
            tolerance = 0
        if not abs(expected - actual) <= tolerance:
            return [f"{path}: expected {float(expected)!r}, got {actual!r}"]
        return []
    return [] if expected == actual else [f"{path}: expected {expected!r}, got {actual!r}"]


# --- payloads ----------------------------------------------------------------------------------

VOCABULARY = """
the a of to in and that is was for on with as by this from at which or an be are not it they we
hub agent task event queue subscriber channel offset journal snapshot client server message
reliable durable quick simple careful national available responsible beautiful different
reads writes keeps sends follows publishes carries measures created connected enabled stopped
table example people something every business idea science create mechanism rhythm statement
quickly entirely usually really state-of-the-art real-time can't doesn't café 2024 3rd
understanding organisation development communication readability possibility interval
""".split()


def sentence(generator):
    words = [generator.choice(VOCABULARY) for _ in range(generator.randint(3, 25))]
    for position in range(2, len(words) - 3):
        if generator.random() < 0.06:
            words[position] += generator.choice([",", ";", ":", " –"])
    return " ".join(words).capitalize() + generator.choice([".", ".", ".", "!", "?"])


def text(generator):
    return generator.choice([" ", "\n"]).join(
        sentence(generator) for _ in range(generator.randint(1, 40))
    )


def reciprocal(generator, order):
    matrix = [[1.0] * order for _ in range(order)]
    for row in range(order):
        for column in range(row + 1, order):
            judgement = generator.choice([1, 2, 3, 4, 5, 6, 7, 8, 9])
            if generator.random() < 0.5:
                judgement = 1 / judgement
            matrix[row][column], matrix[column][row] = judgement, 1 / judgement
    return matrix


def decision(generator):
    names = [f"option {index}" for index in range(generator.randint(2, 9))]
    criteria = [
        {
            "name": f"criterion {index}",
            "weight": generator.randint(1, 100) / 10,
            "benefit": generator.random() < 0.7,
        }
        for index in range(generator.randint(1, 9))
    ]
    payload = {"alternatives": names, "criteria": criteria}
    payload["method"] = generator.choice(["topsis", "ahp"])
    payload["matrix"] = [[generator.uniform(0.1, 500) for _ in criteria] for _ in names]
    if payload["method"] == "ahp" and generator.random() < 0.7:
        payload["criteriaComparisons"] = reciprocal(generator, len(criteria))
    if payload["method"] == "ahp" and generator.random() < 0.5:
        del payload["matrix"]
        payload["alternativeComparisons"] = [reciprocal(generator, len(names)) for _ in criteria]
    return payload


def priorities(generator):
    method = generator.choice(["rice", "ice"])
    items = []
    for index in range(generator.randint(1, 30)):
        item = {
            "name": f"item {index}",
            "reach": generator.randint(0, 10_000),
            "impact": generator.choice([0.25, 0.5, 1, 2, 3]),
            "confidence": generator.choice([0.5, 0.8, 1]),
            "effort": generator.uniform(0.1, 24),
        }
        if method == "ice" and generator.random() < 0.5:
            item["ease"] = generator.randint(1, 10)
        items.append(item)
    return {"items": items, "method": method}


def experiment(generator):
    def variant():
        visitors = generator.randint(10, 10 ** generator.randint(2, 6))
        return {
            "visitors": visitors,
            "conversions": max(1, int(visitors * generator.uniform(0.01, 0.4))),
        }

    payload = {"a": variant(), "b": variant()}
    if generator.random() < 0.3:
        payload["alpha"] = generator.choice([0.01, 0.1, 0.2])
    return payload


def size(generator):
    baseline = generator.uniform(0.01, 0.7)
    payload = {"baseline": baseline, "minimumEffect": generator.uniform(0.001, 0.25)}
    if generator.random() < 0.4:
        payload |= {"effect": "relative", "minimumEffect": generator.uniform(-0.4, 0.4)}
    if generator.random() < 0.5:
        payload |= {"alpha": generator.choice([0.01, 0.1]), "power": generator.uniform(0.6, 0.99)}
    return payload


def any_color(generator):
    red, green, blue = (generator.randrange(256) for _ in range(3))
    alpha = generator.randint(3, 10) / 10
    return generator.choice([
        f"#{red:02x}{green:02x}{blue:02X}",
        f"#{red >> 4:x}{green >> 4:x}{blue >> 4:x}",
        f"#{red:02x}{green:02x}{blue:02x}cc",
        f"rgb({red}, {green}, {blue})",
        f"rgba({red},{green},{blue},{alpha})",
        f"rgb({red} {green} {blue} / {alpha * 100:g}%)",
        f"hsl({generator.randrange(-90, 450)}, {generator.randrange(101)}%, 40%)",
        generator.choice(["tomato", "navy", "rebeccapurple", "gray", "White", "gold"]),
    ])


def block(generator):
    parts = []
    for name in ("color", "background-color"):
        if generator.random() < 0.5:
            parts.append(f"{name}: {any_color(generator)}")
    if generator.random() < 0.3:
        sizes = ["12px", "14pt", "18pt", "1.5em", "120%", "1.2rem", "24px"]
        parts.append("font-size:" + generator.choice(sizes))
    if generator.random() < 0.2:
        parts.append("font-weight:" + generator.choice(["bold", "normal", "600", "700"]))
    return "; ".join(parts)


def content(generator, depth):
    tag = generator.choice(["div", "section", "p", "h1", "h3", "span", "b", "ul"])
    attributes = f' style="{block(generator)}"' if generator.random() < 0.5 else ""
    if generator.random() < 0.4:
        attributes += f" class='{generator.choice(['note', 'note wide', 'wide'])}'"
    if tag == "ul":
        inner = "".join(
            f"<li{attributes}>{generator.choice(VOCABULARY)}"
            for _ in range(generator.randint(1, 4))
        )
        return f"<ul>{inner}</ul>\n"
    inner = generator.choice(["some text", "", "a &lt; b", "<!-- none -->"])
    if depth and tag in ("div", "section"):
        inner += "".join(
            content(generator, depth - 1) for _ in range(generator.randint(1, 3))
        )
    elif generator.random() < 0.3:
        inner += '<a href="/x">a link</a><br>'
    return f"<{tag}{attributes}>{inner}</{tag}>\n"


def page(generator):
    rules = "".join(
        f"{selector} {{ {block(generator)} }}\n"
        for selector in ("body", "p", ".note", "li.note", "h1, .wide", "p.wide")
        if generator.random() < 0.5
    )
    body = "".join(content(generator, 3) for _ in range(generator.randint(1, 6)))
    return f"<!DOCTYPE html>\n<html><head><title>t</title><style>{rules}</style></head>" + (
        f"<body>{body}</body></html>"
    )


def generate(seed, n):
    """`n` payloads, the task types in turn; the same for the same seed."""
    generator = random.Random(seed)
    makers = {
        "content.analyze": lambda: {"text": text(generator)},
        "content.keywords": lambda: {
            "text": text(generator), "limit": generator.randint(1, 40)
        },
        "strategy.prioritize": lambda: priorities(generator),
        "strategy.decide": lambda: decision(generator),
        "ab.evaluate": lambda: experiment(generator),
        "ab.samplesize": lambda: size(generator),
        "site.audit": lambda: {"html": page(generator)},
    }
    types = list(makers)
    return [(types[i % len(types)], makers[types[i % len(types)]]()) for i in range(n)]
