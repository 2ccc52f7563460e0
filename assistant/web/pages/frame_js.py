"""The pages' own scripts: PANEL opens a source from its button, wherever on the page that stands, and is run by the evidence panel;
PROJECTS opens a project, sorts and turns pages, and is run by the list of projects."""

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

SHARED = """
function mark() {
  const shown = element.querySelector('[data-shown]')?.dataset.shown;
  document.querySelectorAll('[data-cite]').forEach((b) => b.classList.toggle('bq-open', b.dataset.cite === shown));
}

function reveal() {
  const hit = element.querySelector('[data-hit]');
  const scroll = hit && hit.closest('.bq-scroll');
  if (!scroll) return;
  const frame = scroll.getBoundingClientRect(), tall = element.querySelector('thead')?.offsetHeight || 0;
  const low = tall > frame.height / 2, head = low ? 0 : tall;  // stays at the top, over what scrolls under it, where there is room
  element.classList.toggle('bq-low', low);
  const here = hit.getBoundingClientRect(), room = frame.height - head;
  scroll.scrollTop += here.top - frame.top - head - Math.max(0, room - here.height) / 2;
  const label = element.querySelector('tbody th')?.offsetWidth || 0;  // stays at the left, over what scrolls under it
  if (hit.tagName === 'TD' && (here.left < frame.left + label || here.right > frame.right))
    scroll.scrollLeft += here.left - frame.left - label - Math.max(0, frame.width - label - here.width) / 2;
}

// What unfolds below the table takes of its height.
element.addEventListener('toggle', ({target}) => {
  reveal();
  if (target.open) target.scrollIntoView({block: 'nearest'});
}, true);

// A click on a mark of a chart opens its cell. Of a ring plotly.js gives what a mark carries inside one more list.
function hear(open) {
  document.querySelectorAll('.js-plotly-plot:not([data-heard])').forEach((plot) => {
    plot.dataset.heard = '';
    plot.on('plotly_click', ({points: [{customdata}]}) => {
      const cite = customdata && [customdata].flat(2)[0];
      if (cite) open(cite);
    });
    plot.on('plotly_treemapclick', () => false);  // else it would open up in place
  });
}

// A phone shows a part of the picture: that around the cell, which is in its middle.
element.addEventListener('load', ({target}) => {
  if (target.closest('.bq-centred')) target.parentElement.scrollLeft = (target.width - target.parentElement.clientWidth) / 2;
}, true);
"""

PANEL = (
    SHARED
    + """
let opener = null;
function close() {
  if (!document.body.classList.contains('bq-shown')) return;
  document.body.classList.remove('bq-shown');
  if (opener) opener.focus();
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-cite]');
  if (button) {
    opener = button;
    document.body.classList.add('bq-shown');
    trigger('open', {cite: button.dataset.cite});
    reveal();
  } else if (event.target.closest('[data-close]') || event.target === document.body) close();
});
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });

// The last question goes to the top, so that an answer is read from its beginning.
// Gradio's own labels for screen readers are English, and name a message by its component.
const LABELS = [
  ['#chat .bubble-wrap', 'log', '对话'], ['#chat [data-testid=user]', 'group', '提问'], ['#chat [data-testid=bot]', 'group', '回答'],
  ['#chat .examples', 'group', '示例问题'],  // a list in Gradio, though of no list items
  ['#chat .empty', 'img', '图'],  // one that is not in view yet
];
let seen = '';
new MutationObserver(() => {
  for (const [selector, role, label] of LABELS)
    document.querySelectorAll(selector).forEach((e) => { e.setAttribute('role', role); e.setAttribute('aria-label', label); });
  document.querySelectorAll('#chat .example[aria-label]').forEach((e) => e.removeAttribute('aria-label'));
  const rows = document.querySelectorAll('#chat .user-row');
  const frame = rows.length && document.querySelector('#chat .bubble-wrap');
  const state = `${rows.length} ${document.querySelectorAll('#chat .bq-answer').length} ${!!document.querySelector('#chat .bq-waiting')}`;
  if (!frame || state === seen) return;
  seen = state;
  mark();
  frame.scrollTop += rows[rows.length - 1].getBoundingClientRect().top - frame.getBoundingClientRect().top - 4;
}).observe(document.body, {childList: true, subtree: true});

watch('value', () => {
  mark();
  reveal();
  if (document.body.classList.contains('bq-shown')) element.querySelector('h2')?.focus({preventScroll: true});
});
"""
)

PROJECTS = """
let chosen = '';
const narrow = matchMedia('(max-width: 900px)');
const mark = () => document.querySelectorAll('tr[data-project]').forEach(
  (row) => row.classList.toggle('bq-open', row.dataset.project === chosen));

// The card's links to other years are outside of this element.
document.addEventListener('click', ({target}) => {
  if (!element.isConnected || target.closest('[data-cite]')) return;
  const project = target.closest('[data-project]'), order = target.closest('[data-order]'), page = target.closest('[data-page]');
  if (project) {
    chosen = project.dataset.project;
    mark();
    document.body.classList.toggle('bq-shown', narrow.matches);
    trigger('pick', {project: chosen});
    document.querySelector('#side').scrollTop = 0;
  } else if (order) trigger('order', {order: order.dataset.order});
  else if (page) trigger('turn', {page: page.dataset.page});
});

watch('value', () => {
  mark();
  element.querySelector('.bq-scroll')?.scrollTo(0, 0);
});
"""

TABLES = (
    SHARED
    + """
function address() {
  const named = document.querySelector('#cited [data-address]') || element.querySelector('[data-shown]');
  if (!named) return;
  const {document: id, table} = JSON.parse(named.dataset.shown || '{}');
  const path = named.dataset.address || 'tables?' + new URLSearchParams(table === undefined ? {document: id} : {document: id, table});
  const url = new URL(path, document.baseURI).href;
  if (url !== location.href) history.replaceState(history.state, '', url);
}

let asked = false;  // to show something else than what the page was opened with
function open(cite) {
  asked = true;
  trigger('open', {cite});
}

// The cell that Tab reaches; from it the arrow keys go on.
function enter(cell, take) {
  element.querySelectorAll('td[tabindex]').forEach((e) => e.removeAttribute('tabindex'));
  if (!cell) return;
  cell.tabIndex = 0;
  if (take) cell.focus();
}

function cite(cell) {
  for (const [name, where] of [['bq-hit', 'td'], ['bq-on', '.bq-on'], ['bq-here', '.bq-here']])
    element.querySelectorAll(where + '.' + name).forEach((e) => e.classList.remove(name));
  element.querySelector('[data-hit]')?.removeAttribute('data-hit');
  cell.classList.add('bq-hit');
  cell.dataset.hit = '';
  enter(cell, true);
  const [row, column] = cell.dataset.at.split(',').map(Number);
  const {document: id, table} = JSON.parse(element.querySelector('[data-shown]').dataset.shown);
  trigger('select', {cite: JSON.stringify({document: id, table, row, column})});
}

function step(cell, key) {
  const line = cell.parentElement, at = [...line.children].indexOf(cell);
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const next = key === 'ArrowLeft' ? 'previousElementSibling' : 'nextElementSibling';
    let to = cell[next];
    while (to && !to.dataset.at) to = to[next];
    return to;
  }
  return (key === 'ArrowUp' ? line.previousElementSibling : line.nextElementSibling)?.children[at];
}

element.addEventListener('click', (event) => {
  const cell = event.target.closest('td[data-at]');
  if (cell) cite(cell);
});
element.addEventListener('keydown', (event) => {
  const cell = event.target.closest('td[data-at]');
  if (!cell) return;
  if (event.key === 'Enter') cite(cell);
  const to = event.key.startsWith('Arrow') ? step(cell, event.key) : null;
  if (to?.dataset.at) { event.preventDefault(); enter(to, true); }
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-cite]'), copy = event.target.closest('[data-copy]');
  if (button) open(button.dataset.cite);
  if (!copy) return;
  const link = new URL(copy.dataset.copy, document.baseURI).href, said = (text) => { copy.textContent = text; };
  // Without https a browser gives no clipboard: the link is shown to be copied by hand.
  if (navigator.clipboard) navigator.clipboard.writeText(link).then(() => said('已复制'), () => prompt('链接', link));
  else prompt('链接', link);
});

// On a phone the contents are folded away again once a table is chosen, and the table is gone to.
document.addEventListener('change', ({target}) => {
  if (!target.closest('#contents')) return;
  document.querySelector('#fold details').open = false;
  asked = true;
});

// A click on a chart opens the cell of what was clicked.
new MutationObserver(() => {
  hear(open);
  address();
}).observe(document.body, {childList: true, subtree: true});

watch('value', () => {
  mark();
  reveal();
  enter(element.querySelector('td.bq-hit') || element.querySelector('td[data-at]'), false);
  // On a phone the table stands below the contents.
  if (asked && innerWidth <= 900) document.querySelector('#sheet').scrollIntoView();
  asked = false;
});
"""
)
