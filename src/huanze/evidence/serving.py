"""Answers that give a file to a browser without letting the file do anything there.

Who may see the file is the caller's question, asked before.
"""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from huanze.evidence import services, storage
from huanze.evidence.models import File
from huanze.rules.verdicts import Refusal

SHOWN = ("image/", "video/")


def serve(file: File, *, inline: bool = False) -> HttpResponseBase | Refusal:
    """The bytes as they were sent, to be saved; pictures and films may be shown in place with ``inline``."""
    try:
        stream = storage.path_of(file.sm3).open("rb")
    except FileNotFoundError:
        return services.lost(file)
    shown = inline and file.media_type.startswith(SHOWN)
    return _harmless(FileResponse(stream, content_type=file.media_type, as_attachment=not shown, filename=file.name))


def serve_thumbnail(file: File, *, side: int = services.THUMBNAIL) -> HttpResponseBase | Refusal:
    made = services.thumbnail(file, side=side)
    return made if isinstance(made, Refusal) else _harmless(HttpResponse(made, content_type=services.COPY_TYPE))


def _harmless(response: HttpResponseBase) -> HttpResponseBase:
    """No guessing of types, no script, no copy in a shared cache."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=600"
    return response
