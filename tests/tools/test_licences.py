"""Everything that is installed with the program may be shipped with it, and the page of licences says so."""

from __future__ import annotations

import pytest

from tools.licences import PAGE, installed, is_free, page


def test_every_licence_is_permissive_or_weak_copyleft() -> None:
    assert {name: licence for name, licence in installed().items() if not is_free(licence)} == {}


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run make licences"


@pytest.mark.parametrize("licence", [
    "GPL-3.0-only", "AGPL-3.0", "GNU General Public License v3 (GPLv3)", "MIT AND GPL-2.0", "Proprietary", "GNU Affero General Public License v3",
    "LGPL-2.1 OR GPL-2.0", "MIT AND Proprietary",
])  # fmt: skip
def test_other_licences_are_refused(licence: str) -> None:
    assert not is_free(licence)


@pytest.mark.parametrize(
    "licence", ["MIT", "LGPL-2.1-or-later", "MPL-2.0 AND (Apache-2.0 OR MIT)", "BSD License", "ISC License (ISCL)"]
)
def test_free_licences_are_taken(licence: str) -> None:
    assert is_free(licence)
