"""What the pages share: their place in the navigation, their head, and the evidence panel.

In: the Blocks of the chat page. Out: a further page of it, at an address of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import gradio as gr
from gradio.components.navbar import Navbar
from pydantic import ValidationError

from assistant.web.service.desk import Desk
from assistant.web.sources.evidence_html import GONE, evidence_html
from assistant.web.sources.reference import Reference

CHAT = "问答"  # the first page, in the navigation
PLAIN: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}  # HTML of ours, styled by the theme alone
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# By default Gradio drops an event while the one before it is not quite over, even once its result is seen. What is picked is told by
# the components, so that the last time tells all; what is clicked comes with the event, and is shown each time.
PICKED: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}
CLICKED: dict[str, Any] = {**QUIET, "trigger_mode": "multiple"}


@contextmanager
def routed(page: gr.Blocks, name: str, path: str, about: str) -> Iterator[None]:
    """Components made inside stand on that page."""
    with page.route(name, path):
        Navbar(main_page_name=CHAT)
        gr.HTML(f'<div class="bq-head"><h1>{escape(name)}</h1><p>{escape(about)}</p></div>', elem_id="head", **PLAIN)
        yield


def folded(name: str) -> str:
    """What unfolds something beside it on a phone, which the theme shows only while this is open; on a wide screen it is not seen."""
    return f'<details class="bq-fold"><summary>{escape(name)}</summary></details>'


def options(names: list[Any], everything: str) -> list[tuple[str, Any]]:
    """Choices of a Dropdown, the first of which is not to choose."""
    return [(everything, ""), *((str(name), name) for name in names)]


def told(event: gr.EventData) -> Reference | None:
    """The reference that the browser sent, if it is one."""
    try:
        return Reference.model_validate_json(str(event.cite))
    except (ValidationError, AttributeError):
        return None


def opening(desk: Desk) -> Callable[[gr.EventData], str]:
    """What shows, in the evidence panel, the source that was clicked."""

    def opened(event: gr.EventData) -> str:
        reference = told(event)
        return evidence(desk, reference) if reference else GONE

    return opened


def evidence(desk: Desk, reference: Reference) -> str:
    """The evidence panel for a reference."""
    return evidence_html(desk.store, reference, desk.assistant.scans())
