"""One form for everything that goes wrong: ``{"error": {"code", "message", "hint"}}``."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from passerby.errors import PasserbyError, StoreError

HEADERS: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}


class Problem(BaseModel):
    """What went wrong, and what to do."""

    code: str = Field(description="For programs, e.g. `no-such-camera`; it does not change between versions.")
    message: str = Field(description="One sentence that names the thing.")
    hint: str = Field(description="The next step; may be empty.")


class Failure(BaseModel):
    """The answer to a request that failed."""

    error: Problem


class Missing(PasserbyError):
    """What was asked for is not there, or not for this visitor: both look alike."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


def failure(status: int, code: str, message: str, hint: str = "") -> JSONResponse:
    """The answer to a request that failed."""
    content = Failure(error=Problem(code=code, message=message, hint=hint)).model_dump()
    return JSONResponse(content, status, HEADERS)


class Spoken(APIRoute):
    """A route whose failures all have this form, and whose answers nobody keeps."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI asks for it."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                response = await handle(request)
            except RequestValidationError as error:
                return failure(422, "wrong-parameter", *_said(error))
            except Missing as error:
                return failure(404, error.code, error.message, error.hint)
            except StoreError as error:
                return failure(503, "store", error.message, error.hint)
            response.headers.update(HEADERS)
            return response

        return handled


def _said(error: RequestValidationError) -> tuple[str, str]:
    """The first thing that is wrong, and where all parameters are described."""
    first = error.errors()[0]
    name = first["loc"][-1] if first["loc"] else "the request"
    reason = str(first["msg"]).removeprefix("Value error, ")
    return f"{name}: {reason}.", "The parameters are described in /api/openapi.json."
