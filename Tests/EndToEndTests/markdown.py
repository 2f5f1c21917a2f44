"""Reads documents as far as tests need it: sections, fenced blocks and tables."""

import re
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^```(.*)$")


@dataclass
class Block:
    """A fenced block; `kind` is what stands behind its first fence."""

    kind: str
    text: str
    line: int
    section: str


@dataclass
class Document:
    blocks: list = field(default_factory=list)
    # Lines outside of blocks, by the title of the `###` or, without one, the `##` they are under.
    prose: dict = field(default_factory=dict)
    text: str = ""

    def table_rows(self, title):
        """The cells of all tables under a title, without heads and rules."""
        rows = []
        lines = self.prose[title]
        for number, line in enumerate(lines):
            if not line.startswith("|") or re.fullmatch(r"[|\- ]+", line):
                continue
            if number + 1 < len(lines) and re.fullmatch(r"[|\- ]+", lines[number + 1]):
                continue
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        return rows


def read(path: Path) -> Document:
    document = Document(text=path.read_text())
    section = title = ""
    block = None
    for number, line in enumerate(document.text.splitlines(), 1):
        fence = FENCE.match(line)
        if block is not None:
            if fence:
                document.blocks.append(block)
                block = None
            else:
                block.text += line + "\n"
        elif fence:
            block = Block(fence[1].strip(), "", number, section)
        else:
            if line.startswith("## "):
                section = title = line[3:]
            elif line.startswith("### "):
                title = line[4:]
            document.prose.setdefault(title, []).append(line)
    assert block is None, f"{path}: the block of line {block.line} has no end"
    return document


def code_spans(text):
    """What stands between single backticks."""
    return re.findall(r"`([^`\n]+)`", text)
