"""How the page of projects looks, beside what `theme` says of all pages."""

PROJECTS_CSS = """
/* the bar of pages */
.nav-holder { padding: 8px 0 6px !important; }
.nav-holder nav { justify-content: flex-start; padding: 0; gap: 4px; }
.nav-holder nav a { padding: 4px 12px; border-radius: 8px; font-size: 15px; color: var(--bq-soft); }
.nav-holder nav a.active { color: var(--bq-accent); background: var(--bq-tint); font-weight: 550; }

/* filters */
#search, #filters { flex: none; gap: 10px; align-items: flex-end; flex-wrap: wrap; }
#filters { padding-bottom: 8px; }
#search { align-items: center; flex-wrap: nowrap; }
#search .form, #filters .form { border: 0; background: none; box-shadow: none; gap: 10px; overflow: visible; }
#filters .block, #words { padding: 0; border: 0; background: none; overflow: visible; }
#filters .block span[data-testid=block-info] { font-size: 13px; line-height: 20px; color: var(--bq-soft); background: none; padding: 0; margin: 0 0 4px; }
#words span[data-testid=block-info] { display: none; }
#filters .wrap:has(input):not(:has([type=radio])), #filters input[data-testid=textbox] {
  box-sizing: border-box; min-height: 42px; background: var(--bq-card) !important;
  border: 1px solid var(--bq-line) !important; border-radius: 10px !important; box-shadow: none !important; font-size: 15px; color: var(--bq-text); }
#filters input[data-testid=textbox] { width: 100%; padding: 8px 12px; font-variant-numeric: tabular-nums; }
#filters .wrap input { font-size: 15px; }
#filters :is(.wrap:focus-within, input:focus), #words input:focus { border-color: var(--bq-accent) !important; }
#words input { background: var(--bq-card) !important; border: 1px solid var(--bq-line) !important; border-radius: 12px !important;
  padding: 11px 16px !important; font-size: 16px !important; box-shadow: none !important; color: var(--bq-text) !important; }
#meaning { flex: none; width: auto; }
/* what is meant where nothing is chosen */
#departments { --all: "全部部门"; }
#years { --all: "全部年度"; }
#units { --all: "全部单位"; }
:is(#departments, #years, #units) .wrap-inner { position: relative; }
:is(#departments, #years, #units) .wrap-inner:not(:has(.token), :focus-within)::before { content: var(--all); position: absolute; left: 16px;
  font-size: 15px; color: var(--bq-text); pointer-events: none; }
#filters #clear { height: 42px; border-radius: 10px; font-size: 15px; }

/* the list */
#projects { flex: 1 1 0; min-height: 0; padding: 0; overflow: visible; }
#projects .html-container, #projects .html-container > div { height: 100%; display: flex; flex-direction: column; min-height: 0; }
.bq-conditions { display: none; }
.bq-sum { flex: none; display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; justify-content: space-between; padding: 0 2px 8px; }
.bq-sum p { margin: 0; font-size: 15px; color: var(--bq-soft); font-variant-numeric: tabular-nums; }
.bq-sum b { color: var(--bq-text); font-weight: 650; }
.bq-sum .bq-total { color: var(--bq-accent); font-size: 18px; }
.bq-of-year { display: inline-block; margin-right: 16px; white-space: nowrap; }
.bq-sum small { display: block; font-size: 13px; }
.bq-sum nav { display: flex; gap: 8px; }
.bq-sum a { font-size: 14px; color: var(--bq-accent) !important; border: 1px solid var(--bq-line); border-radius: 999px; padding: 3px 14px;
  background: var(--bq-card); text-decoration: none; white-space: nowrap; }
.bq-sum a:hover { background: var(--bq-tint); border-color: var(--bq-accent); }
.bq-none { padding: 48px 24px; text-align: center; color: var(--bq-soft); background: var(--bq-card); border: 1px solid var(--bq-line);
  border-radius: 12px; }
#projects .bq-scroll { background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 12px; min-height: 0; }
#projects .bq-projects { border: 0; border-collapse: separate !important; border-spacing: 0; width: 100%; margin: 0 !important; font-size: 15px;
  line-height: 1.5; }
.bq-projects th, .bq-projects td { border: 0 !important; border-bottom: 1px solid var(--bq-line) !important; padding: 9px 12px !important;
  text-align: left;
  vertical-align: top; background: none; }
.bq-projects thead th { position: sticky; top: 0; z-index: 1; background: var(--bq-head); font-size: 13px; font-weight: 550; color: var(--bq-soft);
  white-space: nowrap; }
.bq-projects thead button { border: 0; background: none; padding: 0; font: inherit; color: inherit; cursor: pointer; }
.bq-projects thead button::after { content: "⇅"; margin-left: 4px; opacity: .45; }
.bq-projects th[aria-sort=ascending] button::after { content: "↑"; opacity: 1; }
.bq-projects th[aria-sort=descending] button::after { content: "↓"; opacity: 1; }
.bq-projects th[aria-sort] { color: var(--bq-accent); }
.bq-projects tbody tr { border: 0; cursor: pointer; }
.bq-projects tbody tr:hover td { background: var(--bq-tint); }
.bq-projects tbody tr.bq-open td { background: var(--bq-tint); }
.bq-projects tbody tr.bq-open td:first-child { box-shadow: inset 3px 0 0 var(--bq-accent); }
.bq-projects tbody button { display: inline; border: 0; background: none; padding: 0; font: inherit; font-weight: 550; color: var(--bq-text);
  text-align: left; cursor: pointer; }
.bq-projects tbody button { margin-right: 8px; }
.bq-projects em { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 1; overflow: hidden; font-style: normal; font-size: 13px;
  color: var(--bq-soft) !important; }
.bq-projects .bq-owner { width: 30%; font-size: 14px; }
.bq-projects .bq-year { width: 52px; color: var(--bq-soft); font-variant-numeric: tabular-nums; }
.bq-projects .bq-amount { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bq-projects small, .bq-card small { font-size: 13px; color: var(--bq-soft) !important; margin-left: 2px; }
.bq-note { display: inline-block; font-size: 12px; color: var(--bq-soft); border: 1px solid var(--bq-line); border-radius: 5px; padding: 0 6px;
  margin-left: 8px; white-space: nowrap; }
.bq-pages { flex: none; display: flex; align-items: center; justify-content: center; gap: 16px; padding: 10px 0 12px; font-size: 14px;
  color: var(--bq-soft);
  font-variant-numeric: tabular-nums; }
.bq-pages button { border: 1px solid var(--bq-line); border-radius: 999px; background: var(--bq-card); color: var(--bq-accent); padding: 3px 16px;
  cursor: pointer; }
.bq-pages button:disabled { opacity: .45; cursor: default; }

/* the card, above the source */
body:has(#projects) #side { gap: 12px; }
#card { flex: 0 1 auto; max-height: 42%; min-height: 0; overflow: auto !important; padding: 0; background: var(--bq-card);
  border: 1px solid var(--bq-line); border-radius: 12px; }
.bq-card { padding: 14px 20px 16px; line-height: 1.7; }
.bq-card header { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; }
.bq-card h2 { grid-column: 1 / -1; font-size: 18px !important; font-weight: 600; margin: 0 !important; }
.bq-card h3 { font-size: 14px !important; font-weight: 600; margin: 12px 0 2px !important; color: var(--bq-soft) !important; display: flex;
  gap: 12px; align-items: baseline; }
.bq-card p { margin: 0; }
.bq-card .bq-close { width: 32px; height: 32px; border: 0; border-radius: 8px; background: none; font-size: 22px; line-height: 1; cursor: pointer;
  color: var(--bq-soft); display: none; }
.bq-card .bq-figure { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 12px; margin: 4px 0 6px; }
.bq-card .bq-figure span { font-size: 13px; color: var(--bq-soft); }
.bq-card button[data-cite] { border: 0; background: none; padding: 0; font: inherit; color: var(--bq-accent); cursor: pointer;
  border-bottom: 1px dotted var(--bq-accent);
  font-variant-numeric: tabular-nums; }
.bq-card .bq-figure button { font-size: 24px; font-weight: 650; line-height: 1.4; }
.bq-card .bq-figure small { font-size: 15px; color: inherit !important; }
.bq-card h3 button[data-cite] { font-size: 13px; font-weight: 400; }
.bq-card dl { margin: 0; font-size: 14px; }
.bq-card dl div { display: flex; gap: 12px; padding: 1px 0; }
.bq-card dt { flex: 0 0 88px; color: var(--bq-soft); }
.bq-card dd { margin: 0; font-variant-numeric: tabular-nums; }
.bq-card dd span { color: var(--bq-soft); margin-left: 12px; }
.bq-target p { font-size: 15px; line-height: 1.8; white-space: pre-line; overflow-wrap: anywhere; }
.bq-target strong { font-weight: 650; color: var(--bq-accent) !important; font-variant-numeric: tabular-nums; }
.bq-soft { color: var(--bq-soft) !important; font-size: 14px; }
.bq-others ul { list-style: none; margin: 0; padding: 0; }
.bq-others li { margin: 0; }
.bq-card .bq-others li button { display: flex; width: 100%; gap: 12px; align-items: baseline; text-align: left; border: 0; border-radius: 8px;
  background: none;
  padding: 4px 6px; font-size: 14px; line-height: 1.5; color: var(--bq-text); cursor: pointer; }
.bq-card .bq-others li button:hover { background: var(--bq-tint); }
.bq-others i { flex: none; font-style: normal; color: var(--bq-soft); font-variant-numeric: tabular-nums; }
.bq-others span { flex: 1; min-width: 0; }
.bq-others u { flex: none; text-decoration: none; font-variant-numeric: tabular-nums; }

@media (max-width: 900px) {
  body:has(#projects) { display: block; height: auto; min-height: 100dvh; }
  body:has(#projects) :is(#columns, #talk, #projects, #projects .html-container) { flex: none; }
  #projects .html-container, #projects .html-container > div { height: auto; }
  #search { flex-wrap: wrap; gap: 6px 12px; }
  #search .form { flex: 1 1 100%; }
  #meaning { flex: 1 1 auto; }
  body:has(#fold details:not([open])) #filters { display: none; }
  .bq-conditions { display: block; margin: 0; padding: 0 2px 4px; font-size: 14px; color: var(--bq-accent) !important; }
  #filters .form { flex-wrap: wrap; }
  #filters .form > * { flex: 1 1 40% !important; min-width: 120px !important; }
  #filters #clear { flex: 0 0 auto !important; }
  #projects .bq-scroll { overflow: visible; border-radius: 12px; }
  .bq-projects thead th { position: static; }
  .bq-projects .bq-year, .bq-projects .bq-owner em { display: none; }
  body:has(#projects) #side { max-height: 88dvh; overflow: auto; gap: 0; }
  body:has(#projects) .bq-evidence { border-radius: 0 !important; }
  #card { max-height: none; flex: none; border-radius: 14px 14px 0 0; }
  .bq-card { padding: 12px 14px; }
  .bq-card .bq-close { display: block; justify-self: end; }
  body:has(#projects) #evidence .bq-close { display: none; }
}
@media (max-width: 560px) {
  .bq-projects thead { display: none; }
  #projects .bq-projects, .bq-projects tbody { display: block; }
  .bq-projects tbody tr { display: grid; grid-template-columns: 1fr auto; padding: 10px 14px; border-bottom: 1px solid var(--bq-line) !important;
  gap: 0 12px; }
  .bq-projects td { border: 0 !important; padding: 0 !important; }
  .bq-projects .bq-name { grid-row: 1; }
  .bq-projects .bq-amount { grid-row: 1; grid-column: 2; }
  .bq-projects .bq-owner { grid-row: 2; width: auto; font-size: 13px; color: var(--bq-soft); }
  .bq-projects .bq-year { display: block; grid-row: 2; grid-column: 2; width: auto; text-align: right; font-size: 13px; }
}
@media print { #search, #filters, .bq-sum nav, .bq-pages { display: none !important; } }
"""
