"""A `FakeHouse` whose configuration is a real file, changed as the service changes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from passerby.config import Edit, change, load
from passerby.config.keyring import Keyring
from passerby.errors import PasserbyError
from passerby.web.house import CameraNow, Changed, PlateNow
from web.houses import STREET, FakeHouse


class WrittenHouse(FakeHouse):
    """`read_only`: the file may not be written."""

    def __init__(self, path: Path, text: str = STREET) -> None:
        path.write_text(text)
        super().__init__(text, path)
        self.path = path
        self.read_only = False

    def change(self, edits: Sequence[Edit], *, write: bool, by: str) -> Changed:
        self.calls.append(("change", tuple(edits), write, by))
        try:
            tried = change(self.path, edits, known=self.config.text)
            if not write or self.read_only or not tried.difference():
                return Changed(tried.difference(), written=False)
            tried.write()
        except PasserbyError as error:
            return Changed("", written=False, problem=error.message, hint=error.hint)
        self.config = load(self.path)
        self.known = {
            name: CameraNow(name, "starting", "", camera.live, camera.places, 16 / 9)
            for name, camera in self.config.cameras.items()
        }
        self.plates = {name: self.plates.get(name, PlateNow("none")) for name in self.known}
        return Changed(tried.difference(), written=True)

    def keep_secret(self, name: str, value: str, by: str) -> None:
        keyring = Keyring(self.config.state)
        if value:
            keyring.keep(name, value)
        else:
            keyring.forget(name)
        super().keep_secret(name, value, by)
