"""Performance forms (绩效目标申报表, 整体绩效目标表, 自评表) to Tables: the fields of a form, the small tables inside it, its tree of
indicators; and lists of projects with their indicators (项目支出绩效目标表), read by the same rules."""
