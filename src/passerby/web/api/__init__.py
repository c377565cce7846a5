"""What programs may read of the service: released rows and what there is, never this moment."""

from passerby.web.api.probes import probes
from passerby.web.api.routes import router

__all__ = ["probes", "router"]
