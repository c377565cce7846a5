"""Words that promise more than can be kept; neither docs nor pages nor documents may use them."""

from __future__ import annotations

import re

TOO_MUCH = re.compile(r"fully anonymous|anonymous video|GDPR-free|guarantee|cannot be identified", re.IGNORECASE)
