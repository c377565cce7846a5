"""Forms as a browser would send them."""

from __future__ import annotations

import html
import re


def filled(form: str) -> dict[str, str]:
    """The values with which a form would be sent."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") != "checkbox" or re.search(r"\schecked", tag)):
            found[said["name"]] = html.unescape(said.get("value", ""))
    for name, choices in re.findall(r'<select[^>]*name="(\w[\w-]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', choices)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found
