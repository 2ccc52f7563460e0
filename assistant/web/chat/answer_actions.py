"""What can be done with an answer: copied with its sources, linked to, exported, judged. In: an Answer and its address.
Out: buttons, with what they need beside them; the page's script (`actions_js`) does the work over the public API.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from assistant.contract import Answer
from assistant.plain_text import plain_text


def actions_html(answer: Answer, department: str, year: int | None, address: str) -> str:
    """`address` is what the link leads to, from the page's own. Nothing is exported of what was refused or asked back."""
    scope = {name: value for name, value in (("department", department), ("year", year)) if value}
    carried = {
        "question": answer.question, "said": plain_text(answer), "plan": _json(_filled(answer.plan)), "scope": _json(scope),
        "link": address,
    }  # fmt: skip
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in carried.items())
    files = "" if answer.reason else _button("xlsx", "导出 XLSX") + _button("csv", "CSV", "导出 CSV")
    return (
        f'<div class="bq-acts"{data}>{_button("copy", "复制", "复制回答和来源")}{_button("link", "链接", "复制这个问题的链接")}{files}'
        f'<span class="bq-thumbs">{_button("good", "有用")}{_button("bad", "有问题")}</span><span class="bq-told" role="status"></span></div>'
    )


def _button(act: str, text: str, title: str = "") -> str:
    named = f' title="{title}" aria-label="{title}"' if title else ""
    return f'<button type="button" data-act="{act}"{named}>{text}</button>'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _filled(value: Any) -> Any:
    """A plan without what is None or an empty list, which are the defaults of a plan's fields: a third of the length."""
    if isinstance(value, dict):
        return {name: _filled(v) for name, v in value.items() if v is not None and v != []}
    return [_filled(v) for v in value] if isinstance(value, list) else value
