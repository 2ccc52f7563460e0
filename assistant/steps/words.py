"""Questions that are answered with the document's words: definitions, duties, reasons, organisation, targets."""

from __future__ import annotations

import re

from assistant.context import AMOUNT_WORDS, Context, asks_amount, is_statement, operands_of, value_of
from assistant.coverage import unheard_of, words_said
from assistant.plan import Check, Condition, Define, Part, Passage
from assistant.residue import restricting
from assistant.steps.changes import change_check, direction, figure_labels

TOLD = re.compile(
    r"(?:有没有|有无|是否|可曾|有)(?:作|做|过|给|给出)?(?:交代|说明|解释|写明|注明|提到|提及|讲到|讲明)|"
    r"(?:怎么|如何|怎样)(?:交代|说明|解释|说|讲|写|表述|描述|界定)(?:的|$)"
)
APART = re.compile(r"区别|差别|差异|差在|不同|异同|怎么[区划]分|如何[区划]分|分别(?:是)?(?:什么意思|指)")


def notes(context: Context) -> Part | None:
    """What stands under a table: 表下的注."""
    if not context.has("note") or asks_amount(context):
        return None
    tables = [t for d in context.drafts for t in d.tables]
    labels = [n for d in context.drafts for n in d.labels]
    return Passage(about="note", tables=tables, subject=labels, query=context.reading.question)


def definition(context: Context) -> Part | None:
    terms = context.reading.of("term")
    if len(terms) > 1 and APART.search(context.reading.text) and not asks_amount(context):
        return Define(terms=list(dict.fromkeys(m.values("term")[0] for m in terms)))
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
    said, _ = words_said(context.reading, context.lexicon)
    known = {m.text for m in terms}
    if not context.has("define") and any(names[0] not in known for names in said):
        return None  # 甲费的审批流程是什么: not what 甲费 is
    if terms:
        return Define(terms=list(dict.fromkeys(m.values("term")[0] for m in terms)))
    if (context.has("define") or composed) and context.first.labels and not context.projects:
        return Passage(
            about="explain", query=context.reading.question, subject=[*context.first.labels, *context.first.words]
        )
    if context.has("define") and context.first.named and not context.projects:
        return Passage(about="search", query=context.reading.question, subject=context.first.words)
    return None


def told(context: Context) -> Part | None:
    """What the document says of something: 文件有没有说明, 原文怎么写的."""
    if not TOLD.search(context.reading.text) or context.projects or AMOUNT_WORDS.search(context.reading.text):
        return None
    return Passage(about="search", query=context.reading.question)


def duties(context: Context) -> Part | None:
    if not context.has("duty") or context.projects or asks_amount(context):
        return None
    units = [u for d in context.drafts for u in d.units]
    return Passage(about="duty", subject=units, query=context.reading.question)


def organisation(context: Context) -> Part | None:
    ordered = context.has("largest", "smallest", "descending", "ascending", "sum") or context.reading.quantities("rank")
    if asks_amount(context) or ordered or is_statement(context):
        return None
    counted = context.has("count") and any(n in context.lexicon.counted for d in context.drafts for n in d.labels)
    if counted or unheard_of(context.reading, context.lexicon):
        return None
    if context.noun("key_project") and context.has("list", "which", "what", "target"):
        return Passage(about="note", tables=["key_project_targets"], query=context.reading.question)
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
    projects = [] if context.has("change") else _target_projects(context)
    if projects and not context.searched:
        return Passage(about="target", subject=projects, query=context.reading.question)
    if context.has("change") and not subject and not restricting(context.reading, context.lexicon):
        subject = figure_labels(context.first, context.lexicon)  # 为什么涨了: the budget as a whole
    if context.reading.of("total"):
        subject += [*(m.text for m in context.reading.of("total")), *figure_labels(context.first, context.lexicon)]
    return Passage(about="reason", subject=list(dict.fromkeys(subject)), query=context.reading.question,
                   premise=_premise(context))  # fmt: skip


def _premise(context: Context) -> Check | None:
    """What a question for a reason takes for granted: 为什么减少了28%."""
    claims = context.reading.quantities("amount")
    if context.has("change") and (direction(context.reading.text) or claims):
        return change_check(context)
    operands = operands_of(context)
    if not claims or len(operands) != 1 or context.projects:
        return None
    said = Condition(operator=claims[0].operator or "eq", amount=claims[0].value, unit=claims[0].unit)
    return Check(left=value_of(operands[0].select()), relation=said.operator, claim=said)


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
    ranked = context.has("largest", "smallest") or context.reading.quantities("rank")
    if len(context.projects) != 1 or not units or not is_statement(context) or asks_amount(context) or ranked:
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
