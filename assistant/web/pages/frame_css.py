"""How the pages beside the chat look; colours and type are the theme's."""

from __future__ import annotations

PAGES = """
/* navigation: quiet words over a line */
.nav-holder { padding: 0 !important; border-bottom: 1px solid var(--bq-line) !important; background: none !important; flex: none; }
.nav-holder nav { max-width: 1480px; box-sizing: border-box; width: 100%; padding: 0 !important; justify-content: flex-start !important;
  gap: 24px !important; }
.nav-holder nav a { padding: 10px 0 8px !important; border: 0 !important; border-bottom: 2px solid transparent !important; border-radius: 0 !important;
  background: none !important; color: var(--bq-soft) !important; font-size: 15px; text-decoration: none; }
.nav-holder nav a.active { color: var(--bq-accent) !important; border-bottom-color: var(--bq-accent) !important; font-weight: 600; }

/* what is picked */
#pick, #filters { flex: none; gap: 16px; padding: 4px 0 14px; align-items: flex-end; }
#pick-department, #audit-department { flex: 3 1 0; min-width: 160px !important; }
#pick-year, #audit-year { flex: 1 1 0; min-width: 110px !important; }
#pick-document { flex: 4 1 0; min-width: 180px !important; }
#verdict { flex: 4 1 0; min-width: 280px !important; }
#pick > .form, #filters > .form, #contents-side > .form { background: none; border: 0; box-shadow: none; overflow: visible; gap: 16px; }
#contents-side > .form { flex: none; }
#contents-side > .form:has(#contents) { flex: 1 1 0 !important; min-height: 120px; display: flex; flex-direction: column; }
#pick .block, #filters .block, #contents, #sought { padding: 0 !important; overflow: visible !important; }
#pick .block .wrap, #filters .wrap { box-shadow: none; }
#pick [data-testid=block-info], #filters [data-testid=block-info], #sought [data-testid=block-info], #contents [data-testid=block-info] {
  font-size: 13px; color: var(--bq-soft); background: none; padding: 0; margin-bottom: 4px; font-weight: 400; }
#pick input, #filters input[role=listbox], #sought input { font-size: 15px; color: var(--bq-text); }
#pick .secondary-wrap, #filters .secondary-wrap, #sought input, #sought textarea { background: var(--bq-card) !important; border-radius: 10px; }
#pick .wrap:has(.secondary-wrap), #filters .wrap:has(.secondary-wrap) { background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 10px; }
#pick-department input, #pick-document input, #audit-department input { text-overflow: ellipsis; padding-right: 30px !important; }
#pick .icon-wrap, #filters .icon-wrap { background: var(--bq-card); }
#sought input, #sought textarea { border: 1px solid var(--bq-line) !important; padding: 9px 12px !important; box-shadow: none !important; }
#sought input:focus, #sought textarea:focus { border-color: var(--bq-accent) !important; }

/* what a phone folds away */
#fold { display: none; flex: none; width: auto; min-width: 0; padding: 0; overflow: visible; }
.bq-fold summary { border: 1px solid var(--bq-line); border-radius: 999px; background: var(--bq-card); color: var(--bq-accent); padding: 3px 16px;
  font-size: 14px; cursor: pointer; }

/* tables: contents at the left, the sheet at the right */
#browse { gap: 24px; align-items: stretch; flex-wrap: nowrap; flex: 1 1 0; min-height: 0; padding-bottom: 16px; }
#contents-side { flex: 0 0 300px !important; min-width: 0 !important; min-height: 0; gap: 12px; flex-wrap: nowrap; overflow: hidden; }
#sheet { flex: 1 1 0; min-width: 0 !important; min-height: 0; gap: 12px; flex-wrap: nowrap; overflow: auto; }
#contents { flex: 1 1 0; min-height: 120px; overflow: auto !important; }
#contents .wrap { flex-direction: column; flex-wrap: nowrap; gap: 0; align-items: stretch; }
#contents label { padding: 6px 12px; border: 0; border-radius: 8px; background: none; box-shadow: none; font-size: 14px; line-height: 1.5;
  color: var(--bq-text); white-space: normal; cursor: pointer; }
#contents label:hover { background: var(--bq-tint); }
#contents label.selected { background: var(--bq-tint); color: var(--bq-accent); font-weight: 600; box-shadow: inset 3px 0 0 var(--bq-accent); }
#contents label:focus-within { outline: 2px solid var(--bq-accent); outline-offset: -2px; }
#contents input { position: absolute; opacity: 0; }
#contents label span { margin: 0; }
#hits { flex: 0 1 auto; max-height: 45%; overflow: auto; padding: 0; }
#hits ol { list-style: none; margin: 0; padding: 0; }
.bq-count { margin: 0 0 4px; font-size: 13px; color: var(--bq-soft) !important; }
.bq-count span { float: right; display: flex; gap: 16px; }
.bq-count a { color: var(--bq-accent) !important; }
#hits .bq-found-row { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; width: 100%; padding: 6px 12px; border: 0; border-radius: 8px;
  background: none;
  text-align: left; font-size: 14px; line-height: 1.5; color: var(--bq-text); cursor: pointer; }
#hits .bq-found-row:hover, #hits .bq-found-row.bq-open { background: var(--bq-tint); }
.bq-found-row b { font-weight: 550; overflow-wrap: anywhere; }
.bq-found-row u { text-decoration: none; font-variant-numeric: tabular-nums; color: var(--bq-soft); max-width: 130px; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.bq-found-row em { grid-column: 1 / -1; font-style: normal; font-size: 12px; color: var(--bq-soft); overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
#sheet #evidence:has(> i[hidden]), #sheet #evidence:not(:has(.bq-evidence, .bq-empty)) { display: none; }
#sheet .bq-found { display: none; }
#sheet td[data-at] { cursor: pointer; }
#sheet td[data-at]:hover { background: var(--bq-tint); }
#sheet td[data-at].bq-hit { background: var(--bq-hit); box-shadow: inset 0 0 0 2px var(--bq-hit-line); font-weight: 650; }
#sheet td:focus-visible { outline-offset: -2px; }
#cited { flex: none; padding: 0; }
.bq-cited { display: grid; grid-template-columns: 1fr auto; gap: 2px 20px; align-items: center; background: var(--bq-card);
  border: 1px solid var(--bq-line); border-radius: 12px; padding: 10px 20px; }
.bq-trail { margin: 0 !important; font-size: 13px; color: var(--bq-soft) !important; grid-column: 1 / -1; }
.bq-trail span + span::before { content: "›"; margin: 0 8px; }
.bq-value { margin: 0 !important; font-size: 20px; font-weight: 650; color: var(--bq-accent) !important; font-variant-numeric: tabular-nums; }
.bq-do { margin: 0 !important; display: flex; gap: 10px; }
.bq-do a, .bq-do button { border: 1px solid var(--bq-line); border-radius: 999px; padding: 4px 14px; font-size: 14px; background: none;
  color: var(--bq-accent) !important; text-decoration: none; cursor: pointer; white-space: nowrap; }
.bq-do a:hover, .bq-do button:hover { background: var(--bq-tint); border-color: var(--bq-accent); }

/* overview */
#overview { flex: 1 1 0; min-height: 0; overflow: auto; flex-wrap: nowrap; gap: 14px; display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
  align-content: start; }
#overview > .bq-chart { min-width: 0 !important; background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 12px; padding: 16px 20px;
  gap: 8px; }
#no-overview { grid-column: 1 / -1; }
#no-overview:not(:has(p)) { display: none; }
#overview > .bq-chart:not(:has(h2)) { display: none; }
#overview h2 { font-size: 16px; font-weight: 600; margin: 0; color: var(--bq-text); }
.bq-from { margin: 0 !important; font-size: 13px; color: var(--bq-soft) !important; }
.bq-why-not { margin: 4px 0 0 !important; font-size: 14px; color: var(--bq-warn) !important; background: var(--bq-warn-tint);
  border-radius: 8px; padding: 6px 12px; }
#overview .js-plotly-plot text { fill: var(--bq-text) !important; font-family: inherit !important; }
#overview .treemaplayer text { fill: #fff !important; }
#overview .sankey text { text-shadow: none !important; }
#overview .hoverlayer text { fill: #fff !important; }
#overview .js-plotly-plot .point, #overview .js-plotly-plot .sankey-link, #overview .js-plotly-plot .slice { cursor: pointer; }
.bq-rounding { margin: 4px 0 0 !important; font-size: 13px; color: var(--bq-soft) !important; }
.bq-numbers summary { font-size: 14px; color: var(--bq-accent); cursor: pointer; }
#overview .bq-numbers table { width: 100%; border-collapse: collapse; border: 0; font-size: 14px; margin: 6px 0 0; }
#overview .bq-numbers tr { border: 0; }
#overview .bq-numbers th, #overview .bq-numbers td { border: 0; border-bottom: 1px solid var(--bq-line); padding: 4px 0 4px 12px; text-align: right;
  font-weight: 400; font-variant-numeric: tabular-nums; white-space: nowrap; background: none; }
#overview .bq-numbers thead th { color: var(--bq-soft); font-size: 13px; }
#overview .bq-numbers th:first-child { text-align: left; white-space: normal; padding-left: calc(var(--level, 0) * 1.1em); }
.bq-link { border: 0; background: none; padding: 0; color: var(--bq-accent); cursor: pointer; font: inherit; text-align: inherit; border-radius: 4px;
  font-variant-numeric: tabular-nums; text-decoration: underline; text-decoration-color: var(--bq-line); text-underline-offset: 4px; }
.bq-link:hover { text-decoration-color: currentColor; }

/* audit */
#audit { min-width: 0 !important; min-height: 0; flex: 7 1 0; gap: 10px; flex-wrap: nowrap; overflow: auto; padding-bottom: 14px; }
#verdict .wrap { gap: 8px; }
#verdict label { border: 1px solid var(--bq-line); border-radius: 999px; background: var(--bq-card); padding: 5px 14px; font-size: 14px; box-shadow: none; }
#verdict label.selected { background: var(--bq-accent); border-color: var(--bq-accent); color: #fff; }
body.dark #verdict label.selected { color: #10181c; }
#verdict label:focus-within { outline: 2px solid var(--bq-accent); outline-offset: 2px; }
#verdict input { position: absolute; opacity: 0; }
#verdict label span { margin: 0; font-variant-numeric: tabular-nums; }
.bq-about { font-size: 14px; color: var(--bq-soft); }
.bq-about summary { color: var(--bq-accent); cursor: pointer; }
.bq-about p { margin: 6px 0 0; }
.bq-identities { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; }
.bq-identity { background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 12px; padding: 12px 18px; }
.bq-whose { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: center; margin: 0 !important; font-size: 13px; color: var(--bq-soft) !important; }
.bq-verdict { font-weight: 550; border-radius: 5px; padding: 0 10px; background: var(--bq-tint); color: var(--bq-accent) !important; }
.bq-differs .bq-verdict { background: var(--bq-warn-tint); color: var(--bq-warn) !important; }
.bq-rounded .bq-verdict { background: var(--bq-head); color: var(--bq-soft) !important; }
.bq-what { margin: 4px 0 8px !important; font-size: 15px; overflow-wrap: anywhere; }
.bq-sides { display: grid; grid-template-columns: 1fr auto 1fr; gap: 12px; align-items: start; }
.bq-sides > i { font-style: normal; color: var(--bq-soft); }
.bq-side { min-width: 0; }
.bq-side > b, .bq-side > .bq-link { font-size: 16px; font-weight: 600; font-variant-numeric: tabular-nums; }
.bq-printed { display: block; font-size: 13px; color: var(--bq-soft); }
.bq-side > em { display: block; font-style: normal; font-size: 13px; color: var(--bq-soft); overflow-wrap: anywhere; }
.bq-side summary { font-size: 13px; color: var(--bq-soft); cursor: pointer; }
.bq-side ol { list-style: none; margin: 4px 0 0; padding: 0; }
.bq-side li { display: flex; justify-content: space-between; gap: 12px; margin: 0; padding: 2px 0; font-size: 14px; border-bottom: 1px solid var(--bq-line); }
.bq-side li > div { text-align: right; white-space: nowrap; }
.bq-side li b { font-weight: 550; font-variant-numeric: tabular-nums; }
.bq-side .bq-link.bq-open { background: var(--bq-hit); }
.bq-apart { margin: 6px 0 0 !important; font-size: 14px; font-variant-numeric: tabular-nums; color: var(--bq-soft) !important; }
.bq-differs .bq-apart { color: var(--bq-warn) !important; }
#turn { flex: none; gap: 10px; justify-content: flex-end; }
#turn button { flex: none; min-width: 90px; background: none; border: 1px solid var(--bq-line); border-radius: 10px; color: var(--bq-accent); font-size: 15px; }
#turn button:disabled { color: var(--bq-soft); opacity: .5; }

@media (max-width: 900px) {
  #fold { display: block; }
  .nav-holder nav { gap: 18px !important; }
  body:has(#browse), body:has(#audit) { height: auto; }
  #browse { flex-direction: column; gap: 12px; }
  #pick, #filters { gap: 8px; padding-bottom: 10px; }
  #filters #verdict { flex: 1 1 100% !important; }
  #filters #audit-department { flex: 2 1 0 !important; }
  #filters #audit-year { flex: 1 1 0 !important; }
  #verdict .wrap { gap: 6px; }
  #verdict label { padding: 4px 10px; }
  #contents-side { flex: none !important; width: 100%; }
  #contents-side > .form:has(#contents) { flex: none !important; min-height: 0; }
  #contents-side #fold { align-self: flex-start; }
  #contents { flex: none; min-height: 0; }
  body:has(#fold details:not([open])) #contents label:not(.selected), #contents [data-testid=block-info] { display: none; }
  #hits { max-height: 240px; }
  #sheet { width: 100%; }
  #sheet .bq-evidence { height: auto; max-height: 86dvh; border-radius: 12px !important; }
  #sheet #evidence .bq-close { display: none; }
  #overview { overflow: visible; grid-template-columns: minmax(0, 1fr); }
  #overview > .bq-chart { padding: 12px 14px; }
  #audit { overflow: visible; }
  .bq-cited { grid-template-columns: 1fr; padding: 10px 14px; }
  .bq-sides { grid-template-columns: 1fr; gap: 2px; }
}
@media print { #pick, #filters, #contents-side, #turn, .nav-holder, .bq-do { display: none !important; } }
"""
