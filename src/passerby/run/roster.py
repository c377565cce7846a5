"""The cameras of a site by what becomes of each: watched, changed and coming again, or over."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from passerby.office import Office
from passerby.run.journal import Journal
from passerby.run.site import Site
from passerby.run.states import States


class Roster:
    """Opens and closes cameras in the office as they come and go; whoever calls holds the office's lock."""

    def __init__(self, states: States, journal: Journal) -> None:
        self._states, self._journal = states, journal
        self._coming: set[str] = set()  # cameras that have changed, and whose old selves are still watched
        self._over: dict[str, str] = {}  # cameras that have ended by themselves, and why; empty: a film's end
        self._settled: set[str] = set()  # those of them that look where they should, as somebody said
        self._views: Counter[str] = Counter()  # how often it was said of a camera that it looks where it should

    @property
    def lost(self) -> dict[str, str]:
        """Cameras that could not be watched to the end, and why."""
        return {name: reason for name, reason in self._over.items() if reason}

    def viewed(self, site: Site) -> Site:
        """The site, its cameras with the views that they were last said to have."""
        cameras = {name: replace(plan, view=self._views[name]) for name, plan in site.cameras.items()}
        return replace(site, cameras=cameras)

    def open_all(self, site: Site, office: Office) -> None:
        """Open what is watched, and tell of what is not."""
        self._tell_disabled(site)
        for name in site.cameras:
            self._open(name, site, office)

    def _tell_disabled(self, site: Site) -> None:
        for name, reason in site.disabled.items():
            self._states.stream(name, "disabled", reason)

    def _open(self, camera: str, site: Site, office: Office) -> None:
        self._over.pop(camera, None)
        office.open(site.desks[camera])
        self._states.stream(camera, "starting")

    def change(self, old: Site, new: Site, office: Office) -> None:
        """Go from what was watched to what is."""
        for name in old.disabled.keys() - new.disabled.keys() - new.cameras.keys():
            self._states.forget(name)
        self._tell_disabled(new)
        for name, plan in new.cameras.items():
            if name not in old.cameras or name in self._over:
                self._open(name, new, office)
            elif plan != old.cameras[name]:
                self._coming.add(name)
            else:
                office.open(new.desks[name])

    def view_anew(self, camera: str, site: Site, office: Office) -> Site:
        """Have a camera that is watched begin again, as one that looks where it should; the site with it."""
        self._views[camera] += 1
        new = self.viewed(site)
        office.in_place(camera)
        if camera in self._over:
            self._open(camera, new, office)
        else:
            self._coming.add(camera)
            self._settled.add(camera)
        return new

    def ended(self, camera: str, site: Site, office: Office) -> bool:
        """A camera is watched no more; whether that came by itself."""
        if camera in self._coming:
            self._coming.discard(camera)
            if camera in self._settled:
                self._settled.discard(camera)
                office.in_place(camera)
            self._open(camera, site, office)
        elif camera not in site.cameras:
            office.close(camera)
            if camera not in site.disabled:
                office.in_place(camera)
                self._states.forget(camera)
                self._journal.say("removed", camera=camera)
        else:
            return True
        return False

    def end(self, camera: str, reason: str) -> None:
        """It ended by itself; no reason: its film is over."""
        self._over[camera] = reason
        self._states.stream(camera, "disabled", reason or "its film is over.")
