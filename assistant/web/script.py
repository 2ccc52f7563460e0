"""The page's own script: opening a source from its button, wherever in the chat that stands. Run by the evidence panel."""

from __future__ import annotations

# Chinese controls and glyphs whatever the browser's language: Gradio reads navigator.language as it starts.
LANGUAGE = """
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>
document.documentElement.lang = "zh-CN";
for (const [name, value] of [["language", "zh-CN"], ["languages", ["zh-CN"]]])
  Object.defineProperty(navigator, name, {get: () => value});
</script>
"""

PANEL = """
let opener = null;
const buttons = (cite) => [...document.querySelectorAll('[data-cite]')].filter((b) => b.dataset.cite === cite);

function reveal() {
  const hit = element.querySelector('[data-hit]');
  const scroll = hit && hit.closest('.bq-scroll');
  if (!scroll) return;
  const here = hit.getBoundingClientRect(), frame = scroll.getBoundingClientRect();
  scroll.scrollTop += here.top - frame.top - (frame.height - Math.min(here.height, frame.height / 2)) / 2;
  if (hit.tagName === 'TD') scroll.scrollLeft += here.left - frame.left - (frame.width - here.width) / 2;
}

function close() {
  if (!document.body.classList.contains('bq-shown')) return;
  document.body.classList.remove('bq-shown');
  if (opener) opener.focus();
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-cite]');
  if (button) {
    opener = button;
    document.querySelectorAll('.bq-open').forEach((b) => b.classList.remove('bq-open'));
    buttons(button.dataset.cite).forEach((b) => b.classList.add('bq-open'));
    document.body.classList.add('bq-shown');
    trigger('open', {cite: button.dataset.cite});
    reveal();
  } else if (event.target.closest('[data-close]') || event.target === document.body) close();
});
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });

// The last question goes to the top, so that an answer is read from its beginning.
let seen = '';
new MutationObserver(() => {
  const rows = document.querySelectorAll('#chat .user-row');
  const frame = rows.length && document.querySelector('#chat .bubble-wrap');
  const state = `${rows.length} ${document.querySelectorAll('#chat .bq-answer').length} ${!!document.querySelector('#chat .bq-waiting')}`;
  if (!frame || state === seen) return;
  seen = state;
  frame.scrollTop += rows[rows.length - 1].getBoundingClientRect().top - frame.getBoundingClientRect().top - 4;
}).observe(document.body, {childList: true, subtree: true});

watch('value', () => {
  reveal();
  if (document.body.classList.contains('bq-shown')) element.querySelector('h2')?.focus({preventScroll: true});
});
"""
