"""How often one address may come. In: addresses. Out: whether one more is within its limits, and else when it is.

Generous: a whole bureau stands behind one address. An IPv6 client has a network of addresses, which counts as one.
"""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from assistant.web.service.gate import TurnedAwayError

OWN_NETWORK = 64  # bits of an IPv6 address that a provider gives to one customer
TOO_OFTEN = "来自这个地址的请求太多，请过 {seconds} 秒再试"


class Rates:
    """The limits of one service; nothing is limited where both are 0."""

    def __init__(self, per_minute: int = 0, burst: int = 0) -> None:
        each = ((burst, RateLimitItemPerSecond), (per_minute, RateLimitItemPerMinute))
        self._items = [limit(most) for most, limit in each if most]
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, address: str) -> None:
        """One more request. Raises TurnedAwayError where it is one too many."""
        whose = customer(address)
        for item in self._items:
            if not self._limiter.hit(item, whose):
                wait = self._limiter.get_window_stats(item, whose).reset_time - time.time()
                seconds = max(1, math.ceil(wait))
                raise TurnedAwayError("rate", TOO_OFTEN.format(seconds=seconds), seconds)


def customer(address: str) -> str:
    """The address, or the network that it is one of."""
    try:
        found = ip_address(address)
    except ValueError:  # a socket without addresses
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, OWN_NETWORK), strict=False))
    return str(found)
