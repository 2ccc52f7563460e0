"""How often one address may come."""

from __future__ import annotations

import pytest

from assistant.web.service.gate import TurnedAwayError
from assistant.web.service.rates import Rates, customer


def came(rates: Rates, address: str, times: int) -> int:
    """How many of so many requests were let in."""
    let_in = 0
    for _ in range(times):
        try:
            rates.count(address)
            let_in += 1
        except TurnedAwayError:
            continue
    return let_in


def test_one_address_is_limited_and_no_other() -> None:
    rates = Rates(per_minute=5)
    assert came(rates, "192.0.2.1", 5) == 5
    with pytest.raises(TurnedAwayError) as turned_away:
        rates.count("192.0.2.1")
    assert turned_away.value.status_code == 429
    assert int((turned_away.value.headers or {})["Retry-After"]) >= 1
    assert came(rates, "192.0.2.2", 3) == 3


def test_what_comes_at_once_is_limited_too() -> None:
    assert came(Rates(per_minute=1000, burst=4), "192.0.2.1", 4) == 4
    assert came(Rates(per_minute=1000, burst=4), "192.0.2.1", 50) < 50


def test_nothing_is_limited_where_both_are_off() -> None:
    assert came(Rates(), "192.0.2.1", 500) == 500


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_the_addresses_of_one_customer_count_as_one(address: str, whose: str) -> None:
    assert customer(address) == whose
