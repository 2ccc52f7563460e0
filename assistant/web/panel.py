"""What all pages share: the bar with their names, and the evidence panel's answer to a source that was clicked."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from gradio.components import Navbar
from pydantic import ValidationError

from assistant.web.desk import Desk
from assistant.web.evidence import GONE, evidence_html
from assistant.web.reference import Reference


def navbar() -> Navbar:
    """The bar that names the pages; each page has one, since Gradio would else call the first page Home."""
    return Navbar(main_page_name="问答")


def evidence_of(desk: Desk, reference: Reference) -> str:
    return evidence_html(desk.store, reference, desk.assistant.state().scans)


def opener(desk: Desk) -> Callable[[gr.EventData], str]:
    """The listener to the panel's `open`: what stands at the place that a `data-cite` button carries."""

    def opened(event: gr.EventData) -> str:
        try:
            reference = Reference.model_validate_json(str(event.cite))
        except (ValidationError, AttributeError):
            return GONE
        return evidence_of(desk, reference)

    return opened
