"""How the page looks: colours, type and layout, for light and dark. Fonts are the system's; nothing is loaded.

The rules go into the page's head: Gradio's `css` puts its own container before every selector, body included.
"""

from __future__ import annotations

import gradio as gr

FONTS = (
    "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "system-ui", "sans-serif",
)  # fmt: skip
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

INK = gr.themes.Color(
    name="ink", c50="#f2f6f8", c100="#e2ebef", c200="#c3d5dd", c300="#98b6c3", c400="#6590a3", c500="#437389",
    c600="#2b5b72", c700="#23495c", c800="#1c3a49", c900="#152b37", c950="#0d1c25",
)  # fmt: skip


def theme() -> gr.themes.Base:
    """Gradio's plain theme in our colours, with system fonts."""
    return gr.themes.Base(
        primary_hue=INK, secondary_hue=INK, neutral_hue=gr.themes.colors.stone, font=FONTS, font_mono=MONO,
        radius_size=gr.themes.sizes.radius_md, text_size=gr.themes.sizes.text_md,
    ).set(
        body_background_fill="#f6f5f1", body_background_fill_dark="#15191b",
        block_background_fill="transparent", block_background_fill_dark="transparent",
        block_border_width="0px", block_shadow="none", block_shadow_dark="none",
        button_primary_background_fill="#2b5b72", button_primary_background_fill_hover="#23495c",
        button_primary_background_fill_dark="#3f7a94", button_primary_background_fill_hover_dark="#4c8aa5",
        input_placeholder_color="#6a7174", input_placeholder_color_dark="#a5aeb2",
        button_primary_text_color="#ffffff", button_primary_text_color_dark="#ffffff",
    )  # fmt: skip


CSS = """
:root {
  --bq-paper: #f6f5f1; --bq-card: #ffffff; --bq-line: #e3e0d8; --bq-text: #22282b; --bq-soft: #5d6669;
  --bq-accent: #2b5b72; --bq-tint: #e8f0f3; --bq-row: #fff8e2; --bq-hit: #ffe08a; --bq-hit-line: #a86f00;
  --bq-head: #f1efe9; --bq-warn: #8a4b1d; --bq-warn-tint: #fbf1e8;
}
.dark {
  --bq-paper: #15191b; --bq-card: #1d2326; --bq-line: #353d41; --bq-text: #e6e9ea; --bq-soft: #a5aeb2;
  --bq-accent: #8fc3d9; --bq-tint: #24343c; --bq-row: #3a331d; --bq-hit: #7a5c12; --bq-hit-line: #e0b04a;
  --bq-head: #262d31; --bq-warn: #f0b78c; --bq-warn-tint: #3a2a1f;
}
body { background: var(--bq-paper); }
body .gradio-container { box-sizing: border-box; width: 100%; max-width: 1480px; margin: 0 auto; padding: 0 28px; color: var(--bq-text);
  line-height: 1.7; font-size: 16px; }
body .gradio-container main.contain, body .gradio-container .main.fillable { padding: 0 !important; max-width: none !important; }
body .gradio-container .html-container { padding: 0; }
.gradio-container button { font-family: inherit; }
.gradio-container input.subdued { color: var(--input-placeholder-color) !important; }

/* the page fills the window: head, then the two columns */
body, gradio-app, .gradio-container, .gradio-container .main.fillable, .gradio-container .main > .wrap, main.contain,
main.contain > .column { display: flex; flex-direction: column; flex-wrap: nowrap; flex: 1 1 auto; min-height: 0; width: 100%; }
body { height: 100dvh; min-height: 420px; }
button:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--bq-accent); outline-offset: 2px; }

/* head */
#head { padding: 18px 0 12px; }
.bq-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 20px; }
.bq-head h1 { font-size: 24px; font-weight: 650; letter-spacing: .04em; margin: 0; }
.bq-head > p { margin: 0; color: var(--bq-soft); font-size: 15px; }
.bq-scope { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 6px 8px; align-items: center; margin-top: 8px;
  font-size: 14px; color: var(--bq-soft); }
.bq-scope b { font-weight: 500; color: var(--bq-accent); background: var(--bq-tint); border-radius: 999px; padding: 2px 12px; }

/* which documents are asked */
#scope { flex: none; gap: 10px; margin: 0 0 10px; max-width: 560px; flex-wrap: nowrap; }
#scope > * { min-width: 0 !important; background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 8px; }
#scope #department { flex: 3 1 0; }
#scope #year { flex: 1 0 118px; }

/* the two columns */
#columns { gap: 24px; align-items: stretch; flex-wrap: nowrap; flex: 1 1 0; min-height: 0; }
#talk { min-width: 0 !important; min-height: 0; flex: 6 1 0; gap: 10px; flex-wrap: nowrap; }
#side { min-width: 0 !important; min-height: 0; flex: 7 1 0; padding-bottom: 14px; overflow: auto; flex-wrap: nowrap; }
#chat, #evidence .bq-evidence, #evidence .bq-empty { box-sizing: border-box;
  background: var(--bq-card); border: 1px solid var(--bq-line); border-radius: 12px; }
#chat { flex: 1 1 0; height: auto !important; min-height: 0; padding: 0; overflow: hidden !important; }
#chat .wrapper { background: transparent; }
#chat .scroll-down-button-container, #chat .icon-button-wrapper, #chat > label, #chat .message-buttons { display: none !important; }
#chat .placeholder-content { height: 100%; padding: 24px 28px; justify-content: center; text-align: left; align-items: flex-start; gap: 12px; }
#chat .placeholder { flex: none; height: auto; width: auto; padding: 0; align-items: flex-start; }
#chat .bq-welcome { font-size: 17px; color: var(--bq-text); }
#chat .bubble-wrap { background: transparent !important; padding: 8px 0; }
#chat .message-wrap { padding: 8px 20px 20px; }
#chat .message-row { margin: 0 0 4px !important; max-width: 100% !important; width: 100%; }
#chat .flex-wrap, #chat .message { background: transparent !important; border: 0 !important; box-shadow: none !important;
  padding: 0 !important; max-width: 100% !important; }
#chat .flex-wrap { display: block; }
#chat .bot-row > .flex-wrap { flex: 1; min-width: 0; }
#chat .user-row { justify-content: flex-end; align-self: flex-end; }
#chat .user-row > .flex-wrap { width: fit-content !important; max-width: 88% !important; }
#chat .message .prose { padding: 0 !important; max-width: none; }

#chat .bq-question { width: fit-content; margin: 12px 0 4px !important; background: var(--bq-accent); color: #fff; border-radius: 14px 14px 4px 14px;
  padding: 8px 16px; overflow-wrap: anywhere; white-space: pre-wrap; }
body.dark #chat .bq-question { color: #10181c; }
.bq-answer, .bq-under { padding: 8px 0 12px; overflow-wrap: anywhere; }
.bq-answer p, .bq-under p { margin: 0 0 8px; line-height: 1.75; }
.bq-text { font-size: 17px; }
.bq-waiting .bq-text { color: var(--bq-soft); animation: bq-late .2s .3s both; }  /* most answers are there before */
@keyframes bq-late { from { opacity: 0; } }
.bq-whole { white-space: nowrap; }
.bq-number { font-weight: 650; font-size: 1.16em; color: var(--bq-accent) !important; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.bq-number small { font-size: .8em; font-weight: 550; margin-left: 1px; }
#chat .bq-mark { font-size: 11px; line-height: 16px; min-width: 18px; height: 18px; padding: 0 4px; margin: 0 1px 0 3px; vertical-align: super;
  border: 1px solid var(--bq-line); border-radius: 5px; background: var(--bq-tint); color: var(--bq-accent) !important; cursor: pointer;
  font-variant-numeric: tabular-nums; }
#chat .bq-mark:hover, #chat .bq-mark.bq-open { background: var(--bq-accent); color: #fff !important; }
.bq-tag { display: inline-block; font-size: 13px; color: var(--bq-warn) !important; background: var(--bq-warn-tint); border-radius: 5px;
  padding: 1px 10px; margin-bottom: 6px !important; }
.bq-aside { font-size: 15px; color: var(--bq-soft) !important; font-variant-numeric: tabular-nums; display: flex; gap: 10px; }
.bq-answer .bq-aside span { flex: none; font-size: 13px; border: 1px solid var(--bq-line); border-radius: 5px; padding: 0 8px;
  align-self: flex-start; }
#chat .bq-items tr { border: 0; }
#chat .bq-items { padding: 0; border: 0; border-collapse: collapse; width: 100%; margin: 2px 0 10px !important; font-size: 15px; }
.bq-items th, .bq-items td { border: 0 !important; border-bottom: 1px solid var(--bq-line) !important; padding: 5px 0 !important;
  background: none !important; }
.bq-items th { font-weight: 400; text-align: left; }
.bq-items td { text-align: right; white-space: nowrap; padding-left: 16px !important; }

/* what can be done with an answer */
.bq-acts { display: flex; flex-wrap: wrap; gap: 4px 6px; align-items: center; padding: 0 0 10px; }
.bq-acts button { font-size: 13px; line-height: 1.5; padding: 3px 10px; border: 1px solid var(--bq-line); border-radius: 7px; background: none;
  color: var(--bq-soft); cursor: pointer; }
.bq-acts button:hover { background: var(--bq-tint); color: var(--bq-accent); }
.bq-acts button[aria-pressed=true] { background: var(--bq-tint); color: var(--bq-accent); border-color: var(--bq-accent); }
.bq-thumbs { display: flex; gap: 6px; margin-left: auto; }
.bq-told { font-size: 13px; color: var(--bq-soft); }
.bq-told:empty { display: none; }
.bq-below { flex: 1 0 100%; display: flex; gap: 6px; font-size: 14px; }
.bq-below input, textarea.bq-below { flex: 1; min-width: 0; font: inherit; padding: 4px 10px; border: 1px solid var(--bq-line); border-radius: 7px;
  background: var(--bq-card); color: var(--bq-text); }
#chat .plot-container, #chat .js-plotly-plot { width: 100%; }
#chat .js-plotly-plot :is(.legend, .annotation, .xtick, .textpoint) text { fill: var(--bq-text) !important; }

.bq-sources { border-top: 1px solid var(--bq-line); padding-top: 8px; margin-top: 4px; }
.bq-sources > p { font-size: 13px; color: var(--bq-soft) !important; margin: 0 0 2px; }
.bq-sources ol { list-style: none; margin: 0; padding: 0; }
.bq-sources li { margin: 0; }
.bq-why { border-top: 1px solid var(--bq-line); padding-top: 4px; margin-top: 4px; }
.bq-why summary { font-size: 14px; color: var(--bq-soft) !important; cursor: pointer; padding: 4px 8px; }
.bq-why > p { font-size: 14px; color: var(--bq-soft) !important; padding: 0 8px; }
.bq-sources summary { font-size: 14px; color: var(--bq-accent); cursor: pointer; padding: 4px 8px; }
#chat .bq-cite { display: flex; width: 100%; align-items: center; gap: 10px; text-align: left; padding: 5px 8px; border: 0; border-radius: 8px;
  background: none; cursor: pointer; font-size: 14px; line-height: 1.45; color: var(--bq-text); }
#chat .bq-cite:hover { background: var(--bq-tint); }
#chat .bq-cite.bq-open { background: var(--bq-tint); box-shadow: inset 3px 0 0 var(--bq-accent); }
#chat .bq-cite i { flex: none; font-style: normal; font-size: 12px; min-width: 22px; text-align: center; border: 1px solid var(--bq-line);
  border-radius: 5px; color: var(--bq-accent) !important; font-variant-numeric: tabular-nums; }
#chat .bq-cite span { flex: 1; min-width: 0; }
#chat .bq-cite b { display: block; font-weight: 550; }
#chat .bq-cite em { display: block; font-style: normal; font-weight: 400; font-size: 13px; color: var(--bq-soft) !important; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
#chat .bq-cite u { flex: none; text-decoration: none; font-variant-numeric: tabular-nums; color: var(--bq-soft) !important; }

/* choices, suggestions, examples */
#chat .examples { flex: none; height: auto; }
#chat .options, #chat .examples { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-start; padding: 0 0 8px; margin: 0; width: 100%;
  max-width: none; }
#chat .option, #chat .example { width: auto; min-width: 0; max-width: 100%; min-height: 0; padding: 6px 14px; border: 1px solid var(--bq-line);
  border-radius: 999px; background: var(--bq-card); color: var(--bq-accent); font-size: 15px; line-height: 1.5; text-align: left;
  box-shadow: none; cursor: pointer; }
#chat .option:hover, #chat .example:hover { background: var(--bq-tint); border-color: var(--bq-accent); transform: none; }

/* the question box */
#ask-row { gap: 10px; align-items: stretch; }
#question { flex: 1; min-width: 0 !important; }
#question textarea { background: var(--bq-card) !important; border: 1px solid var(--bq-line) !important; border-radius: 12px !important;
  padding: 12px 16px !important; font-size: 16px !important; line-height: 1.5 !important; box-shadow: none !important; color: var(--bq-text) !important; }
#question textarea:focus { border-color: var(--bq-accent) !important; }
#question, #question label, #question .input-container { padding: 0 !important; border: 0 !important; background: none !important; }
#send, #clear { flex: none; min-width: 76px !important; border-radius: 12px; font-size: 16px; font-weight: 500; height: 50px; align-self: flex-end; }
#clear { background: none; border: 1px solid var(--bq-line); color: var(--bq-soft); }
#foot { flex: none; font-size: 13px; color: var(--bq-soft); padding: 2px 0 14px; }
#foot a { color: var(--bq-accent) !important; text-decoration: underline !important; }

/* evidence */
#evidence { flex: 1 1 0; min-height: 0; padding: 0; overflow: visible; }
#evidence .html-container, #evidence .html-container > div { height: 100%; }
.bq-empty { height: 100%; box-sizing: border-box; padding: 48px 32px; color: var(--bq-soft); text-align: center; display: flex;
  flex-direction: column; justify-content: center; }
.bq-empty-title { font-size: 17px; color: var(--bq-text); }
.bq-evidence { display: flex; flex-direction: column; height: 100%; overflow: hidden; }
.bq-evidence:has(> .bq-page, details[open] > .bq-page) { min-height: 440px; }  /* room for the table beside the picture */
.bq-evidence header { padding: 14px 20px 10px; border-bottom: 1px solid var(--bq-line); display: grid; grid-template-columns: 1fr auto;
  gap: 0 12px; }
.bq-source { margin: 0 !important; font-size: 13px; color: var(--bq-soft) !important; }
#evidence .bq-close { width: 32px; height: 32px; border: 0; border-radius: 8px; background: none; font-size: 22px; line-height: 1; cursor: pointer;
  color: var(--bq-soft); display: none; }
.bq-evidence h2 { grid-column: 1 / -1; font-size: 17px !important; font-weight: 600; margin: 0 !important; outline: none; }
.bq-evidence h2 span + span::before { content: "›"; color: var(--bq-soft); margin: 0 8px; font-weight: 400; }
.bq-found { margin: 2px 0 0 !important; font-size: 14px; color: var(--bq-soft) !important; }
.bq-found span { margin: 0 12px; }
.bq-found b { white-space: nowrap; }
.bq-found b { color: var(--bq-accent) !important; font-weight: 650; font-variant-numeric: tabular-nums; }
.bq-money { align-self: end; font-size: 13px; color: var(--bq-soft) !important; white-space: nowrap; }
.bq-scroll { flex: 1; overflow: auto; overscroll-behavior: contain; }
.bq-evidence footer { padding: 6px 20px; font-size: 12px; color: var(--bq-soft); border-top: 1px solid var(--bq-line); overflow-wrap: anywhere;
  display: flex; flex-wrap: wrap; gap: 0 16px; }
.bq-evidence footer a { color: var(--bq-accent) !important; }
.bq-hash { display: inline-block; max-width: 14ch; vertical-align: bottom; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  user-select: all; }
#evidence .bq-table { padding: 0; border: 0;
  border-collapse: separate !important; border-spacing: 0; width: 100%; font-size: 14px; line-height: 1.5; margin: 0 !important; }
.bq-table th, .bq-table td { border: 0 solid var(--bq-line) !important; border-width: 0 1px 1px 0 !important;
  padding: 6px 10px !important; text-align: right; vertical-align: middle; font-variant-numeric: tabular-nums; background: var(--bq-card); }
.bq-table td { white-space: nowrap; }
.bq-table td.bq-long { white-space: normal; text-align: left; min-width: 320px; }
.bq-table thead { position: sticky; top: 0; z-index: 2; }
.bq-low .bq-table thead { position: static; }
.bq-table thead th { background: var(--bq-head); text-align: center; font-weight: 550; min-width: 84px; }
.bq-table tbody th { text-align: left; font-weight: 400; padding-left: calc(10px + var(--level, 0) * 1.1em) !important; min-width: 170px; max-width: 280px;
  position: sticky; left: 0; z-index: 1; }
#evidence .bq-table thead th { text-align: center; }
#evidence .bq-table thead th.bq-name { position: sticky; left: 0; z-index: 3; }
.bq-table .bq-code { text-align: left; color: var(--bq-soft) !important; }
.bq-table .bq-total th, .bq-table .bq-total td, #evidence .bq-table tr.bq-unit th, .bq-table tr.bq-unit td { font-weight: 600; }
.bq-table .bq-words { white-space: normal; text-align: left; min-width: 420px; vertical-align: top; }
.bq-table tr:not(.bq-here) .bq-words > div { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.bq-table thead th.bq-on { background: var(--bq-hit); }
.bq-table td.bq-on, .bq-table tr.bq-here th, .bq-table tr.bq-here td, .bq-table th.bq-here { background: var(--bq-row); }
.bq-table td.bq-hit, .bq-table tr.bq-here td.bq-hit { background: var(--bq-hit); font-weight: 650;
  box-shadow: inset 0 0 0 2px var(--bq-hit-line); }
#evidence .bq-table tr.bq-here td.bq-words { font-weight: 400; }
#evidence .bq-table tr.bq-project > * { vertical-align: top; }
.bq-left-out td { text-align: center !important; color: var(--bq-soft) !important; }
.bq-term { flex: none; max-height: 30dvh; overflow: auto; padding: 6px 20px; border-top: 1px solid var(--bq-line); font-size: 14px; }
.bq-term:has(.bq-page) { max-height: none; overflow: visible; }
.bq-term .bq-page { padding: 0; border: 0; }
.bq-term summary { color: var(--bq-accent) !important; cursor: pointer; }
.bq-term p { margin: 4px 0 2px !important; line-height: 1.75; color: var(--bq-text) !important; }
.bq-page { flex: none; margin: 0; padding: 8px 20px 10px; border-top: 1px solid var(--bq-line); }
.bq-page figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 12px; margin-bottom: 6px; font-size: 13px; color: var(--bq-soft); }
.bq-page a { color: var(--bq-accent) !important; }
.bq-doubt { font-weight: 500; color: var(--bq-warn) !important; background: var(--bq-warn-tint); border-radius: 5px; padding: 1px 10px; }
.bq-page div { box-sizing: border-box; height: clamp(110px, 20dvh, 200px); overflow: auto hidden; background: #fff;
  border: 1px solid var(--bq-line); border-radius: 8px; }
.bq-page img { display: block; width: 100%; height: 100%; max-width: none; margin: 0 !important; object-fit: contain; color: #22282b; font-size: 13px; }
.bq-notes { padding: 10px 20px; font-size: 13px; color: var(--bq-soft); }
.bq-notes p { margin: 0 0 4px; }
.bq-prose { padding: 16px 24px; font-size: 16px; line-height: 1.9; color: var(--bq-soft); }
.bq-prose p { margin: 0 0 12px; }
.bq-prose .bq-here { color: var(--bq-text) !important; }
.bq-prose mark { background: var(--bq-hit); color: inherit; padding: 2px 1px; border-radius: 2px; }

/* narrow: one column, the evidence a sheet from below */
@media (max-width: 900px) {
  body .gradio-container { padding: 0 12px; }
  #head { padding: 12px 0 6px; }
  .bq-head h1 { font-size: 20px; }
  .bq-head > p { display: none; }
  .bq-scope { margin-top: 2px; font-size: 13px; }
  .bq-many b ~ b { display: none; }
  #columns { flex-direction: column; }
  #chat .message-wrap { padding: 4px 14px 14px; }
  #side { position: fixed; padding: 0; inset: auto 0 0 0; z-index: 50; visibility: hidden;
    transform: translateY(100%); transition: transform .2s, visibility .2s; }
  body.bq-shown #side { visibility: visible; transform: none; }
  body.bq-shown::after { content: ""; position: fixed; inset: 0; background: rgba(0, 0, 0, .35); z-index: 40; }
  #evidence { flex: none; }
  #evidence .html-container, #evidence .html-container > div { height: auto; }
  .bq-evidence, .bq-empty { height: 76dvh; border-radius: 14px 14px 0 0 !important; }
  .bq-evidence header { padding: 10px 14px 8px; }
  #evidence .bq-close { display: block; justify-self: end; }
  .bq-page { padding: 6px 14px 8px; }
  .bq-term { padding: 6px 14px; }
  .bq-page img { width: auto; }
  .bq-table .bq-words { min-width: 250px; }
  .bq-table tbody th { min-width: 96px; max-width: 120px; }
  .bq-table td.bq-code { white-space: normal; overflow-wrap: anywhere; max-width: 84px; }
  .bq-prose { padding: 12px 16px; }
  #send, #clear { min-width: 60px !important; padding: 0 10px; }
  #foot { padding: 0 0 8px; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media print {
  #ask-row, #side, #foot, #scope, .bq-acts, .bq-close { display: none !important; }
  nav, .navbar, #chat .options { display: none !important; }
  body, gradio-app, .gradio-container, .gradio-container .main, .gradio-container .main > .wrap, main.contain, main.contain > .column,
  #columns, #talk, #chat, #chat .wrapper, #chat .bubble-wrap { display: block !important; height: auto !important; max-height: none !important;
    overflow: visible !important; }
  #chat { border: 0; }
  #chat .bq-question { color: var(--bq-text) !important; font-weight: 650; padding: 0; background: none; }
  .bq-answer, .bq-items tr, .bq-sources li { break-inside: avoid; }
}
"""
