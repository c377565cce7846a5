"""Whoever translates the pages finds all their texts: none stands in a template outside of gettext."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from passerby import web

SITE = Path(web.__file__).parent / "templates" / "site"
HIDDEN = (r"\{#.*?#\}", r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", r"\{%.*?%\}", r"\{\{.*?\}\}")
NAMES = {"passerby", "Ctrl", "Shift", "Tab", "Delete", "Enter", "Esc"}  # said alike in every language, or on keys
READ = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')


def texts(template: str) -> list[str]:
    """What a reader gets to read or hear and gettext does not get to see."""
    for pattern in HIDDEN:
        template = re.sub(pattern, " ", template, flags=re.DOTALL)
    heard = READ.findall(template)
    shown = re.sub(r"<(?:style|script|code|kbd)\b.*?</\w+>|<!doctype.*?>|&\w+;", " ", template, flags=re.DOTALL)
    words = re.findall(r"[^\W\d_]{2,}", " ".join([re.sub(r"<[^>]*>", " ", shown), *heard]))
    return [word for word in words if word not in NAMES]


@pytest.mark.parametrize("path", sorted(SITE.rglob("*.html")), ids=lambda path: path.name)
def test_every_text_of_a_template_goes_through_gettext(path: Path) -> None:
    assert texts(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "template",
    ["<p>Left out</p>", '<p aria-label="Left">{{ _("in") }}</p>', "<p>{% if x %}Left{% endif %}</p>"],
)
def test_what_was_left_out_is_found(template: str) -> None:
    assert texts(template)
