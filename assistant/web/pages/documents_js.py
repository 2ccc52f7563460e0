"""Scripts of the page of documents. SIGN_IN and SIGN_OUT exchange the password for a cookie, past Gradio, which can set none; SEND
sends the chosen files one by one and gives their tokens to the event; INTAKE, LIST and FOCUS are run by the HTML that they serve."""

from __future__ import annotations

SAID = """
  const said = (text) => {
    const line = document.createElement('p');
    line.className = 'bq-bad';
    line.setAttribute('role', 'alert');
    line.textContent = text;
    return line.outerHTML;
  };
"""

SIGN_IN = (
    "async (password) => {"
    + SAID
    + """
  try {
    const answer = await fetch('operator/session', {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({password}),
    });
    if (answer.ok) { location.reload(); return ['', '']; }
    return ['', said((await answer.json()).detail)];
  } catch { return [password, said('服务没有回应，请稍后再试')]; }
}
"""
)

SIGN_OUT = """async () => {
  await fetch('operator/session', {method: 'DELETE'}).catch(() => {});
  location.reload();
}
"""

SEND = """async (_, ...others) => {
  const [, year, address] = others.map((text) => String(text).trim());
  if (!/^(\\d{4})?$/.test(year) || !/^(https?:\\/\\/\\S+)?$/.test(address)) return ['[]', ...others];  // to be found fault with before anything is sent
  const field = document.querySelector('#intake input[type=file]'), line = document.querySelector('#intake .bq-chosen');
  const button = document.querySelector('#take');
  const files = [...field.files], limit = field.dataset.megabytes * 2 ** 20, sent = [];
  const send = (file, of) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', 'operator/files?' + new URLSearchParams({name: file.name}));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({loaded, total}) => {
      line.textContent = `正在上传“${file.name}”${of}：${Math.round(100 * loaded / Math.max(total, 1))}%`;
    };
    const ended = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* no answer */ }
      done({name: file.name, file: answer.file, error: answer.file ? '' : answer.detail || '上传中断，请检查网络后重试'});
    };
    request.onload = request.onerror = ended;
    request.send(file);
  });
  button.disabled = true;
  for (const [number, file] of files.entries()) {
    const of = files.length > 1 ? `（第 ${number + 1} 份，共 ${files.length} 份）` : '';
    // Told before it is sent: a browser does not always show the answer to what it was still sending.
    sent.push(file.size > limit
      ? {name: file.name, error: `文件超过 ${field.dataset.megabytes} MB；请拆成几份，或用 BUDGET_QA_UPLOAD_MEGABYTES 放宽`}
      : await send(file, of));
  }
  button.disabled = false;
  field.value = line.textContent = '';
  return [JSON.stringify(sent), ...others];
}
"""

INTAKE = """
element.addEventListener('change', ({target}) => {
  const names = [...target.files].map((file) => file.name);
  element.querySelector('.bq-chosen').textContent = names.length ? `已选 ${names.length} 份：${names.join('、')}` : '';
});
"""

LIST = """
element.addEventListener('click', ({target}) => {
  const button = target.closest('[data-document]');
  if (button) trigger('pick', {document: button.dataset.document});
});
"""

FOCUS = """
const take = () => element.querySelector('[tabindex]')?.focus();
watch('value', take);
take();
"""
