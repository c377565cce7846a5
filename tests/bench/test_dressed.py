"""A dressed plugin is the plugin, but for the methods that were replaced."""

from __future__ import annotations

from passerby.bench.dressed import dressed


class Plugin:
    name = "plain"

    def double(self, number: int) -> int:
        return 2 * number

    def quadruple(self, number: int) -> int:
        return self.double(self.double(number))


def test_replaced_methods_are_called_and_all_else_is_passed_on() -> None:
    plugin = Plugin()
    calls: list[int] = []

    def noted(number: int) -> int:
        calls.append(number)
        return plugin.double(number)

    worn = dressed(plugin, double=noted)
    assert worn.double(3) == 6
    assert calls == [3]
    assert worn.name == "plain"
    assert worn.quadruple(1) == 4  # the plugin's own calls are its own
    assert calls == [3]
