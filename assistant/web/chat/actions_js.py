"""The script of what can be done with an answer (`answer_actions`): it copies, links, exports and sends opinions, over the public API,
and opens the cell of what was clicked in a chart. Run by the evidence panel of the chat page, after `pages_js.PANEL`."""

from __future__ import annotations

from assistant.turns import REMEMBERED

ACTIONS = (
    """
const REMEMBERED = """
    + str(REMEMBERED)
    + """;
const api = (path, body) => fetch(new URL('api/' + path, document.baseURI), {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});

// Without https a browser gives no clipboard: the text is shown to be copied by hand.
async function copy(acts, text) {
  try {
    await navigator.clipboard.writeText(text);
    tell(acts, '已复制');
  } catch {
    const field = Object.assign(document.createElement('textarea'), {value: text, readOnly: true, ariaLabel: '要复制的文字'});
    below(acts, field);
    field.focus();
    field.select();
    tell(acts, document.execCommand('copy') ? '已复制' : '请按 Ctrl+C 复制');
  }
}

function tell(acts, text) { acts.querySelector('.bq-told').textContent = text; }

function below(acts, element) {
  acts.querySelector('.bq-below')?.remove();
  if (element) { element.classList.add('bq-below'); acts.append(element); }
}

// The turns before an answer stand before it on the page, each with its plan.
function before(acts) {
  const every = [...document.querySelectorAll('#chat .bq-acts')];
  return every.slice(0, every.indexOf(acts)).map((e) => JSON.parse(e.dataset.plan)).filter((plan) => plan.parts).slice(-REMEMBERED);
}

async function save(acts, ending) {
  const {question, scope} = acts.dataset;
  tell(acts, '正在生成……');
  try {
    const response = await api('ask.' + ending, {question, scope: JSON.parse(scope), previous: before(acts)});
    if (!response.ok) throw new Error((await response.json()).detail);
    const url = URL.createObjectURL(await response.blob());
    Object.assign(document.createElement('a'), {href: url, download: '回答.' + ending}).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    tell(acts, '已导出');
  } catch (error) {
    tell(acts, '没有导出：' + (error.message || '请检查网络后重试'));
  }
}

async function judge(acts, good, remark) {
  const {question, said, plan} = acts.dataset, parsed = JSON.parse(plan);
  try {
    const response = await api('feedback', {question: question.slice(0, 2000), answer: said.slice(0, 20000), good, remark, plan: parsed.parts ? parsed : null});
    if (!response.ok) throw new Error((await response.json()).detail);
    below(acts);
    for (const act of ['good', 'bad'])
      acts.querySelector(`[data-act=${act}]`).setAttribute('aria-pressed', String((act === 'good') === good));
    tell(acts, '谢谢，已记下');
  } catch (error) {
    tell(acts, '没有记下：' + (error.message || '请检查网络后重试'));
  }
}

function remark(acts) {
  const form = document.createElement('form');
  const field = document.createElement('input');
  Object.assign(field, {maxLength: 500, placeholder: '哪里不对？可不写；请不要写个人信息', ariaLabel: '哪里不对，可不写'});
  const button = Object.assign(document.createElement('button'), {textContent: '提交'});
  form.append(field, button);
  form.addEventListener('submit', (event) => { event.preventDefault(); judge(acts, false, field.value); });
  below(acts, form);
  field.focus();
}

const WORK = {
  copy: (acts) => copy(acts, acts.dataset.said),
  link: (acts) => copy(acts, new URL(acts.dataset.link, document.baseURI).href),
  xlsx: (acts) => save(acts, 'xlsx'),
  csv: (acts) => save(acts, 'csv'),
  good: (acts) => judge(acts, true, ''),
  bad: remark,
};
document.addEventListener('click', ({target}) => {
  const button = target.closest('[data-act]');
  if (button) WORK[button.dataset.act](button.closest('.bq-acts'));
});

// A click on a chart opens the cell of what was clicked; Gradio draws one when it is scrolled into view.
new MutationObserver(() => hear((cite) => {
  document.body.classList.add('bq-shown');
  trigger('open', {cite});
})).observe(document.body, {childList: true, subtree: true});
"""
)

# The box is emptied as its question leaves it: what is typed while the answer is awaited is the next question's. A question that
# was not taken comes back.
SEND = """(...sent) => {
  const box = document.querySelector('#question textarea');
  box.dataset.sent = box.value;
  box.value = '';
  box.dispatchEvent(new Event('input', {bubbles: true}));
  return sent;
}"""
RETURN = """() => {
  const box = document.querySelector('#question textarea');
  return box.value || box.dataset.sent;
}"""
