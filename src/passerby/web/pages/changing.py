"""How pages change the configuration: the difference is shown, then written, or copied where that may not be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from passerby.config import Config, Edit
from passerby.config.differing import blanked
from passerby.config.editing import lines_for
from passerby.web import fields
from passerby.web.pages.rendering import Pages, root_of, signed_in

Notice = Mapping[str, str]
STALE: Final[Notice] = {
    "kind": "bad",
    "text": "The configuration was changed by somebody else meanwhile. This is how it is now: change it again.",
}
Again = Callable[[Notice], Response]  # shows the form again, with what is wrong


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that somebody asks for."""

    edits: Sequence[Edit]
    what: str  # for the audit log
    about: str
    back: str  # where the form is, without the root
    done: str  # where to go once it is written, without the root
    also: Sequence[str] = ()  # what else goes, e.g. "area fairground"
    has_sealed: bool = False  # a camera's password was typed for it, and is kept already


def version(config: Config) -> str:
    """Of the whole file, so that a form that was opened before somebody else's change is not written over it."""
    return hashlib.sha256(config.text.encode()).hexdigest()[:16]


def is_stale(form: Mapping[str, object], config: Config) -> bool:
    """Whether somebody else changed the configuration since a form was opened."""
    return form.get("version", "") != version(config)


async def carry_out(
    pages: Pages, request: Request, form: Mapping[str, object], wish: Wish, again: Again, *, at_once: bool = False
) -> Response:
    """Try a wish and show what it changes or, asked again with ``step=write`` or `at_once`, write it."""
    house, by = pages.house, signed_in(request).name
    if is_stale(form, house.config):
        return again(STALE)
    write = at_once or form.get("step") == "write"
    changed = await to_thread.run_sync(lambda: house.change(wish.edits, write=write, by=by))
    if changed.written:
        pages.audit.record(by, wish.what, wish.about)
    elif wish.has_sealed:
        pages.audit.record(by, "type a camera's password", wish.about)
    if changed.problem:
        return again({"kind": "bad", "text": blanked(changed.problem), "hint": blanked(changed.hint)})
    if changed.written or (write and not changed.difference):
        return RedirectResponse(f"{root_of(request)}{wish.done}", 303)
    if not changed.difference:
        return again({"kind": "plain", "text": "Nothing would change."})
    return pages.render(
        request,
        "site/change.html",
        difference=changed.difference.splitlines(),
        to_copy=blanked(lines_for(wish.edits)) if write else "",
        effects=fields.effects(wish.edits),
        also=wish.also,
        back=wish.back,
        kept=[] if write else [(name, value) for name, value in form.items() if name not in ("csrf", "step")],
    )
