"""Questions that are answered with the document's words: definitions, duties, reasons, organisation, targets."""

from __future__ import annotations

import re

from assistant.context import Context, asks_amount, is_statement
from assistant.plan import Define, Part, Passage


def definition(context: Context) -> Part | None:
    terms = context.reading.of("term")
    composed = re.search(r"包括|包含|组成|由哪", context.reading.text) and not context.noun("project", "unit")
    composed = composed and not context.reading.of("unit") and not context.has("subordinates")
    if terms and composed and not asks_amount(context) and not context.has("each"):
        return Define(terms=terms[0].values("term"))
    asks = context.has("define") or (
        not asks_amount(context) and any("是什么" in m.text for m in context.reading.mentions)
    )
    asks = asks or bool(composed)
    picks = context.has("largest", "smallest", "which", "count") or context.reading.quantities("rank")
    if not asks or asks_amount(context) or picks or context.has("reason"):
        return None
    if terms:
        return Define(terms=list(dict.fromkeys(m.values("term")[0] for m in terms)))
    if (context.has("define") or composed) and context.first.labels and not context.projects:
        return Passage(
            about="explain", query=context.reading.question, subject=[*context.first.labels, *context.first.words]
        )
    if context.has("define") and context.first.named and not context.projects:
        return Passage(about="search", query=context.reading.question, subject=context.first.words)
    return None


def duties(context: Context) -> Part | None:
    if not context.has("duty") or context.projects or asks_amount(context):
        return None
    units = [u for d in context.drafts for u in d.units]
    return Passage(about="duty", subject=units, query=context.reading.question)


def organisation(context: Context) -> Part | None:
    ordered = context.has("largest", "smallest", "descending", "ascending", "sum") or context.reading.quantities("rank")
    if asks_amount(context) or ordered or is_statement(context):
        return None
    if context.has("structure"):
        return Passage(about="structure", query=context.reading.question)
    labelled = any(d.labels for d in context.drafts)
    if context.has("subordinates") and not labelled and not any(d.columns for d in context.drafts):
        return Passage(about="subordinates", query=context.reading.question)
    if context.has("subordinates") and labelled:
        return Passage(about="note", subject=context.first.labels, query=context.reading.question)
    return None


def reasons(context: Context) -> Part | None:
    tables = [t for d in context.drafts for t in d.tables]
    if context.has("reason") and tables and not any(d.labels for d in context.drafts):
        return Passage(about="note", tables=tables, query=context.reading.question)
    if not context.has("reason") or (context.searched and not context.has("change")):
        return None
    subject = [*context.projects, *(n for d in context.drafts for n in (*d.units, *d.labels, *d.words))]
    if (context.projects and not context.searched) or (
        any(d.units for d in context.drafts) and not context.has("change")
    ):
        return Passage(about="target", subject=_target_projects(context) or subject, query=context.reading.question)
    subject += [m.text for m in context.reading.of("total")]
    return Passage(about="reason", subject=list(dict.fromkeys(subject)), query=context.reading.question)


def _target_projects(context: Context) -> list[str]:
    """A unit with a topic: the projects whose names hold both (甲中心 + 买车)."""
    if context.projects:
        return context.projects
    units = [u for d in context.drafts for u in d.units]
    labels = [label for d in context.drafts for label in d.labels]
    return [p for p in context.lexicon.projects for u in units for label in labels
            if u in p and any(label[i : i + 4] in p for i in range(max(1, len(label) - 3)))]  # fmt: skip


def targets(context: Context) -> Part | None:
    if not context.projects or context.has("without") or context.searched:
        return None
    owner_only = context.has("owner") and not asks_amount(context)
    if owner_only:
        return Passage(about="owner", subject=context.projects, query=context.reading.question)
    amount = asks_amount(context) and not _asks_indicator(context)
    if context.has("target") and not amount:
        return Passage(about="target", subject=context.projects, query=context.reading.question)
    return None


def _asks_indicator(context: Context) -> bool:
    """A number inside a target is asked for: 正常运行率要达到多少."""
    text = context.reading.text
    at = max((text.find(w) for w in ("绩效目标", "目标", "指标", "要求")), default=-1)
    return at >= 0 and any(w in text[at:] for w in ("达到多少", "要多少", "率", "百分之", "是多少")) and "目标" in text


def _words_about(context: Context) -> bool:
    """Whether something about a project is asked in words: 干嘛的, 给谁用, 怎么做."""
    searched = context.noun("project") and context.has("list", "which")
    return not searched and (context.has("define", "duty", "list", "which", "owner", "target") or bool(
        re.search(r"谁|怎么|什么|啥|哪|如何|何", context.reading.text)))  # fmt: skip


def owner_claim(context: Context) -> Part | None:
    """卫星遥感是甲中心负责的吧: whether a project belongs to a unit."""
    units = [u for d in context.drafts for u in d.units if not any(u in p for p in context.projects)]
    if len(context.projects) != 1 or not units or not is_statement(context) or asks_amount(context):
        return None
    return Passage(about="owner", subject=context.projects, claim=units, query=context.reading.question)


def about_project(context: Context) -> Part | None:
    """Anything else asked in words about a project: its target says it."""
    if not context.projects or len(context.projects) > 2 or asks_amount(context) or context.searched:
        return None
    asked = _words_about(context) and not context.has("largest", "smallest", "share", "count")
    return Passage(about="target", subject=context.projects, query=context.reading.question) if asked else None


def assets(context: Context) -> Part | None:
    """哪些固定资产, 买什么: a list that only prose holds."""
    figures = [n for d in context.drafts for n in d.labels if n in context.lexicon.figures]
    if context.has("list") and figures and not asks_amount(context) and not context.noun("project"):
        return Passage(about="search", subject=figures, query=context.reading.question)
    return None
