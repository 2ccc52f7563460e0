"""Every error that Budget QA raises on purpose, as one tree.

    BudgetQAError               the work failed; the command line prints the message alone and exits with 1
    ├── SettingsError           a BUDGET_QA_ variable has a value that cannot be used
    ├── ReadError               a file cannot be opened, decoded or told by its format
    ├── StructureError          a file was read, but no budget document can be made of it
    ├── StoreError              the SQL or vector store is damaged, locked, full or lacks the document asked for
    ├── ClusterError            the Ray cluster cannot be reached, or its machines have something else installed
    ├── ModelError              the embedding model is missing, altered or cannot be prepared or loaded
    └── VocabularyError         a file of prompts/ is malformed

Each message is one line in Chinese: the value and the place that are wrong, then the way out. An error of a library is
re-raised as one of these with `from`, so that `--debug` still shows where it came from. What a question lacks is no error
but a refused answer.
"""

from __future__ import annotations


class BudgetQAError(Exception):
    """The root of the tree: catch it to show any of these as one line."""


class SettingsError(BudgetQAError):
    """A BUDGET_QA_ variable has a value that cannot be used; the message names variable and value."""


class ReadError(BudgetQAError):
    """A file cannot be opened, decoded or told by its format; the message names file and place."""


class StructureError(BudgetQAError):
    """A file was read, but no budget document can be made of it; the message names file and place."""


class StoreError(BudgetQAError):
    """The SQL or vector store is damaged, locked, full or lacks the document; the message names store and document."""


class ClusterError(BudgetQAError):
    """The Ray cluster cannot be reached, or its machines have something else installed; the message names address or machine."""


class ModelError(BudgetQAError):
    """The embedding model is missing, altered or cannot be prepared or loaded; the message names model and path."""


class VocabularyError(BudgetQAError):
    """A file of `prompts/` is malformed; the message names file, line and what is expected."""
