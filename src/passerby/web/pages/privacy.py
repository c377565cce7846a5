"""The pages of privacy: what is kept, shown and sent, the sign for the place, and the draft of the assessment."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.privacy import NOTE, PROMISE, TITLE, assessment, markdown, sign, statement
from passerby.web.doors.policy import allow
from passerby.web.pages.rendering import Pages, signed_in

PAPERS = ("a4", "a3")


def routes(pages: Pages) -> list[BaseRoute]:
    """``/privacy``, ``/privacy/sign``, ``/privacy/assessment`` and ``/privacy/assessment.md``."""

    @allow("viewer")
    def show(request: Request) -> Response:
        visitor, config = signed_in(request), pages.house.config
        mine = {name: camera for name, camera in config.cameras.items() if visitor.sees(name)}
        return pages.render(
            request,
            "site/privacy.html",
            promise=PROMISE,
            said=statement(replace(config, cameras=mine)),
            is_all=len(mine) == len(config.cameras),
        )

    @allow("viewer")
    def notice(request: Request) -> Response:
        asked = request.query_params.get("paper", "")
        paper = asked if asked in PAPERS else PAPERS[0]
        return pages.render(request, "site/privacy_sign.html", sign=sign(pages.house.config), paper=paper)

    @allow("operator")
    def draft(request: Request) -> Response:
        made = assessment(pages.house.config)
        return pages.render(request, "site/privacy_assessment.html", draft=made, head=TITLE, note=NOTE)

    @allow("operator")
    def document(_: Request) -> Response:
        name = {"Content-Disposition": 'attachment; filename="assessment.md"'}
        text = markdown(assessment(pages.house.config))
        return Response(text, media_type="text/markdown; charset=utf-8", headers=name)

    return [
        Route("/privacy", show),
        Route("/privacy/sign", notice),
        Route("/privacy/assessment", draft),
        Route("/privacy/assessment.md", document),
    ]
