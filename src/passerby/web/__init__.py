"""The pages: what a browser on this machine may see, none of which can receive a frame."""

from passerby.web.server import Door, serve

__all__ = ["Door", "serve"]
