"""Where a file is published. In: what the operator typed. Out: whether it is an address of the web, and so may be a link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST = 2000  # characters


def is_web_address(text: str) -> bool:
    """Whether a text is a whole http or https address, without a space or control character that a page or terminal could trip over."""
    if len(text) > LONGEST or re.search(r"[\s\x00-\x1f\x7f-\x9f]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that hold no address
        return False
