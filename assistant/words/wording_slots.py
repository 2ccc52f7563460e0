"""Which wordings there are, and what the program fills into each.

In: nothing. Out: for each name in `prompts/wordings.yaml` and `prompts/explanations.yaml` the slots that its text must have, no more
and no fewer, in any order. An expert edits the texts there; a new name, or a slot, is written here first, by who fills it.
"""

from __future__ import annotations

from collections.abc import Mapping


def _by_name(names_of: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Slots by name, from the names that have the same slots."""
    return {name: frozenset(slots.split()) for slots, names in names_of.items() for name in names.split()}


ANSWERS = _by_name(
    {
        "": (
            "affirmed denied exists not_exists affirmed_none denied_none and end not_found_bare nearest "
            "out_of_scope foreign unsafe empty no_documents scanned scanned_in_doubt page_picture_doubt "
            "page_whole contradiction listed_in_part which_budget thanks unverified by_words no_explanation unsure_bare "
            "llm_failed"
        ),
        "count year kind alike shown": "compared_alike",
        "scope whole amount items number": "rest",
        "scope label amount number": "previous",
        "scope label amount set number": "placed",
        "asked": "unsure understood llm",
        "scope set by order items": "rank_many",
        "label cell": "cell",
        "label code": "code",
        "count": "whose_budget",
        "scope set count noun items": "list",
        "count year kind shown": "compared",
        "scope set number count noun": "sum_set mean",
        "departments detail": "other_department",
        "detail": "not_found not_found_because no_amount not_public too_long",
        "years detail": "other_year",
        "documents": "about",
        "examples": "greeting",
        "items": "they_are among_them added",
        "scope label items": "values values_told",
        "scope items number": "sum mean_of",
        "scope set order items": "rank_one",
        "scope items others": "greatest greatest_first least_first least greatest_of_all least_of_all",
        "scope items": "several several_descending several_ascending all_alike",
        "label number": "prose_says table_says",
        "scope label number": "value change_more change_less change_same growth_more growth_less",
        "most": "too_many_budgets",
        "number": "together",
        "scope part number": "monthly",
        "scope part whole unit number": "each each_number",
        "scope part whole number": "share ratio difference_more difference_less difference_same",
        "scope set number": "count count_none",
        "owner": "owner",
        "project owner": "owner_of",
        "page": "page_picture",
        "page text": "page_picture_alt page_alt",
        "quote": "quoted_on target_says",
        "source quote": "quote quoted quoted_next",
        "set": "not_listed",
        "source": "of_form",
        "tables": "from_tables",
        "text": "restated clarify",
        "title": "supersedes",
        "without": "not_compared",
    }
)
EXPLANATIONS = _by_name(
    {
        "": (
            "where_unknown prose rounded and end department out_of_scope unsafe empty no_documents "
            "unverified small_talk"
        ),
        "asked": "asked",
        "where asked detail": "missing",
        "bound": "check_bound",
        "where things bound": "check_claim",
        "budget tables": "where_of",
        "where set by order place": "rank_position",
        "where set by order top": "rank_top",
        "where set by order": "rank_all",
        "text choices": "unclear",
        "owner row column": "thing_owner_column",
        "row column": "thing_column",
        "count noun": "whole_set",
        "set count noun": "part_set",
        "where things set count": "placed",
        "detail departments": "other_department",
        "detail": "no_amount not_public too_long",
        "where detail": "not_found",
        "detail years": "other_year",
        "owner row": "thing_owner",
        "passage": "not_public_text",
        "where things relation": "check_sides",
        "row": "thing",
        "set": "without_target with_target",
        "where set": "list count sum mean check_none",
        "where subject": (
            "text_define text_duty text_reason text_target text_owner text_note text_difference text_explain "
            "text_search text_form"
        ),
        "tables": "where",
        "where things": (
            "value values value_computed share ratio difference excess added mean_of rest greatest least "
            "descending ascending previous monthly each check_place check_exists check_agree check_rises "
            "check_falls check_same"
        ),
        "title": "table",
        "unit": "converted",
        "where": "check_note text_structure text_subordinates not_found_bare",
    }
)
