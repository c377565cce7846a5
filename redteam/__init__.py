"""The attackers of passerby's privacy promise, outside the wheel: ``python -m redteam [--full] [NAME ...]``.

An attack is a module ``redteam/NAME.py``, or a package, with one function::

    def attack(size: Size) -> Verdict: ...

It is named in `redteam.attacks.ATTACKS`, draws from seeds of its own that never change, writes only below
temporary directories that it removes, and says in its `Verdict` what it tried, how often and what it found. What
this machine does not allow it skips, by name (`redteam.verdict.skipped`).
"""
