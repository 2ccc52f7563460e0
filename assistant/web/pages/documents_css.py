"""How the operator's page looks; colours and type are the theme's."""

from __future__ import annotations

DOCUMENTS_CSS = """
/* the page is as long as its list */
body:has(#documents-page), body:has(#door) { height: auto; min-height: 100dvh; }
#door { flex: none !important; max-width: 380px; align-self: center; width: 100%; margin: 6dvh auto; gap: 14px; background: var(--bq-card); border: 1px solid
  var(--bq-line); border-radius: 12px; padding: 24px 28px; box-sizing: border-box; }
#operate { gap: 24px; align-items: flex-start; flex-wrap: nowrap; padding-bottom: 24px; }
#shelf { flex: 7 1 0 !important; min-width: 0 !important; gap: 10px; }
#tasks { flex: 5 1 0 !important; min-width: 0 !important; gap: 16px; position: sticky; top: 12px; }
#shelf-head { gap: 16px; align-items: flex-end; flex-wrap: nowrap; }
#leave { flex: none; min-width: 96px; }

/* fields and buttons */
#door .form, #documents-page .form { background: none; border: 0; box-shadow: none; overflow: visible; }
#door .block, #documents-page .form .block { padding: 0 !important; overflow: visible !important; }
#door [data-testid=block-info], #documents-page [data-testid=block-info] { font-size: 13px; color: var(--bq-soft); background: none; padding: 0;
  margin-bottom: 4px; font-weight: 400; }
#door input, #documents-page .form input, #documents-page .form textarea { background: var(--bq-card) !important; color: var(--bq-text) !important;
  border: 1px solid var(--bq-line) !important; border-radius: 10px; padding: 9px 12px !important; font-size: 16px; line-height: 1.5;
  box-shadow: none !important; }
#door input:focus, #documents-page .form input:focus, #documents-page .form textarea:focus { border-color: var(--bq-accent) !important; }
#documents-page .form input:disabled, #documents-page .form textarea:disabled { opacity: .6; }
#documents-page button.secondary, .bq-documents button { background: none; border: 1px solid var(--bq-line); border-radius: 10px; color: var(--bq-accent);
  font-size: 15px; box-shadow: none; cursor: pointer; }
#documents-page button.secondary:hover, .bq-documents button:hover { background: var(--bq-tint); border-color: var(--bq-accent); }
#documents-page button.stop { background: #a33327; border: 1px solid #a33327; color: #fff; border-radius: 10px; font-size: 15px; }
#documents-page button.primary, #door button.primary { border-radius: 10px; font-size: 15px; }
.bq-told { gap: 12px; flex-wrap: nowrap; }
.bq-told .form { flex-wrap: nowrap; gap: 12px; }
.bq-buttons { gap: 10px; }
.bq-buttons button { min-width: 96px !important; flex: 1 1 96px; }

/* what stands in the cards */
.bq-card { background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 12px; padding: 18px 20px; gap: 12px; box-sizing: border-box; }
.bq-card h2 { font-size: 17px; font-weight: 600; margin: 0 0 2px; overflow-wrap: anywhere; outline-offset: 4px; color: var(--bq-text); }
.bq-card p, #refused p { margin: 0 !important; font-size: 14px; color: var(--bq-soft); overflow-wrap: anywhere; }
#reports:not(:has(p)), #outcome:not(:has(p)), #refused:not(:has(p)) { display: none; }
.bq-drop { position: relative; border: 1.5px dashed var(--bq-line); border-radius: 10px; padding: 18px 16px; text-align: center; margin-top: 8px; }
.bq-drop b { color: var(--bq-accent); }
.bq-drop p { margin: 0 !important; }
.bq-drop p:first-child { font-size: 15px; color: var(--bq-text) !important; }
.bq-drop input { position: absolute; inset: 0; opacity: 0; cursor: pointer; width: 100%; }
.bq-drop:hover, .bq-drop:focus-within { background: var(--bq-tint); border-color: var(--bq-accent); }
.bq-drop:has(input:focus-visible) { outline: 2px solid var(--bq-accent); outline-offset: 2px; }
#documents-page .bq-chosen { margin-top: 8px !important; color: var(--bq-text); }
.bq-chosen:empty { display: none; }
.bq-reports { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; }
.bq-reports li { margin: 0; padding: 8px 0 0; border-top: 1px solid var(--bq-line); font-variant-numeric: tabular-nums; }
.bq-reports a { color: var(--bq-accent) !important; }
.bq-state { font-weight: 550; border-radius: 5px; padding: 0 10px; margin-right: 8px; font-size: 13px; background: var(--bq-tint);
  color: var(--bq-accent) !important; }
.bq-unchanged .bq-state { background: var(--bq-head); color: var(--bq-soft) !important; }
.bq-bad .bq-state { background: var(--bq-warn-tint); }
#documents-page p:has(> .bq-state) { color: var(--bq-text); font-weight: 550; }
.bq-bad .bq-state, #refused p.bq-bad, #documents-page p.bq-bad:not(:has(b)), #documents-page li:has(.bq-bad) p + p { color: var(--bq-warn) !important; }
#outcome [tabindex] { outline-offset: 4px; }
#outcome .bq-reports { display: block; }
#documents-page .bq-sure { color: var(--bq-text); font-size: 15px; outline-offset: 4px; }
.bq-waiting-file progress { appearance: none; display: block; width: 100%; height: 8px; margin-top: 6px; border: 0; border-radius: 999px; overflow: hidden;
  background: var(--bq-line); }
.bq-waiting-file progress::-webkit-progress-bar { background: var(--bq-line); }
.bq-waiting-file progress::-webkit-progress-value { background: var(--bq-accent); }
.bq-waiting-file progress::-moz-progress-bar { background: var(--bq-accent); }
.bq-waiting-file progress:indeterminate { animation: bq-breathe 1.6s ease-in-out infinite alternate; }
.bq-waiting-file progress:indeterminate::-moz-progress-bar { background: var(--bq-line); }
@keyframes bq-breathe { to { opacity: .4; } }

/* the list */
.bq-documents { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; }
.bq-documents li { display: flex; gap: 12px; align-items: center; margin: 0; background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 12px;
  padding: 12px 18px; }
.bq-documents li.bq-open { border-color: var(--bq-accent); box-shadow: inset 3px 0 0 var(--bq-accent); }
.bq-documents li > div { flex: 1; min-width: 0; }
.bq-documents h3 { font-size: 16px; font-weight: 600; margin: 0; overflow-wrap: anywhere; color: var(--bq-text); }
.bq-documents .bq-tag { margin: 0 0 0 10px !important; font-weight: 500; vertical-align: 1px; }
.bq-documents p { margin: 2px 0 0 !important; font-size: 14px; color: var(--bq-soft); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.bq-documents p span { display: inline-block; margin-right: 1em; }
.bq-documents abbr { text-decoration: none; }
.bq-documents button { flex: none; padding: 6px 16px; }

@media (max-width: 900px) {
  #operate { flex-direction: column-reverse; gap: 16px; }
  #shelf, #tasks { flex: none !important; width: 100%; position: static; }
  #door { margin: 16px 0; padding: 18px; }
  .bq-card, .bq-documents li { padding: 12px 14px; }
}
"""
