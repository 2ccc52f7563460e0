"""Fit what an answer's confidence means: `python -m tools.calibrate [--store DIR]`.

In: the questions of dev, over the shipped document, and with --store those over the real ones. Out: the weights for
`assistant/planning/confidence.py`, and how many answers go without a caveat at each threshold, with the wrong numbers among them, each
answer scored by a model that was fitted without it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from eval.__main__ import measure
from eval.coverage import answered
from eval.questions import DEV, REAL_DEV
from eval.run import Record

FOLDS = 10
SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def records_of(store: Path | None) -> list[Record]:
    """The answers with a number, of all dev questions."""
    found = measure(sorted(DEV.glob("*.jsonl")))
    if store is not None:
        found |= measure(sorted(REAL_DEV.glob("*.jsonl")), store)
    return [record for both in found.values() for record in answered(both[0])]


def main(words: Sequence[str] | None = None) -> int:
    """0 when it was fitted."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate", description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, metavar="DIR", help="a store with the real documents")
    records = records_of(parser.parse_args(words).store)
    signs = [record.raw["plan"]["signs"] for record in records]
    names = list(signs[0])
    x = np.array([[sign[name] for name in names] for sign in signs])
    right = np.array([record.verdict is not None and record.verdict.outcome == "right" for record in records])
    wrong = np.array([record.verdict is not None and record.verdict.wrong_number for record in records])
    model = LogisticRegression().fit(x, right)
    print("INTERCEPT =", round(float(model.intercept_[0]), 2))
    print("WEIGHTS =", {name: round(float(weight), 2) for name, weight in zip(names, model.coef_[0], strict=True)})
    chance = cross_val_predict(LogisticRegression(), x, right, cv=FOLDS, method="predict_proba")[:, 1]
    order = np.argsort(-chance)
    print(f"{len(records)} answers with a number, {right.sum()} right, {wrong.sum()} wrong numbers")
    for share in SHARES:
        kept = order[: int(share * len(order))]
        print(
            f"{share:.0%} from {chance[kept[-1]]:.3f}: {(~right[kept]).sum()} not right, {wrong[kept].sum()} wrong numbers"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
