"""A made-up province: budgets of many departments over some years, and questions with known answers.

In: a seed and an index. Out: one document (`documents.document`), the same whatever else is made, so that the first ten of a
thousand are the ten. Every figure of a document is a sum over one list of amounts (`figures.budget`), so that all tables,
all prose and the document of the next year agree; the questions are answered from that list and never by the product.
"""
