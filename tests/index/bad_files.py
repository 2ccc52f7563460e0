"""A folder as it comes from the wild: one file that can be read, and many that are broken, hostile or none."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
from builders import EXPENDITURE, SUMMARY, budget_text
from openpyxl import Workbook
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index.readers.base import MOST_PAGES

TEXT = budget_text(SUMMARY, EXPENDITURE)
HEAD = "2024年某市测试局部门预算"
LINES = (("项目", "合计", "基本支出"), ("合计", "3.00", "2.00"), ("教育支出", "3.00", "2.00"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)  # the container of encrypted office files
BOMB = bytes(64 * 2**20)
XLSX_MERGE = (rb"</mergeCells>", b'<mergeCell ref="A7:XFD1048576"/></mergeCells>')


def workbook() -> Workbook:
    book = Workbook()
    for row in ((HEAD,), ("支出总体情况表",), ("部门：某市测试局", "单位：万元"), *LINES):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    return book


def xlsx(change: Callable[[Workbook], object] = lambda book: None) -> bytes:
    book = workbook()
    change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def word() -> bytes:
    document = docx.Document()
    for text in (HEAD, "支出总体情况表", "单位：万元"):
        document.add_paragraph(text)
    table = document.add_table(len(LINES), len(LINES[0]))
    for r, line in enumerate(LINES):
        for c, text in enumerate(line):
            table.cell(r, c).text = text
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def page(body: str = "", head: str = "") -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in line)}</tr>" for line in LINES)
    table = f"<h2>支出总体情况表</h2><p>单位：万元</p><table>{rows}</table>"
    return f"<html><head><title>{HEAD}</title>{head}</head><body>{table}{body}</body></html>".encode()


def placed_page() -> bytes:
    """A page as converters from PDF write it: every character and every line placed on its own."""
    style = '<div style="position:absolute;left:{}pt;top:{}pt;{}">{}</div>'
    texts = [(HEAD, 100, 40), ("支出总体情况表", 200, 70), ("单位：万元", 400, 90)]
    texts += [(text, 65 + 120 * c, 120 + 30 * r) for r, line in enumerate(LINES) for c, text in enumerate(line)]
    pieces = [style.format(x + 10 * n, y, "font-size:10pt", c) for text, x, y in texts for n, c in enumerate(text)]
    pieces += [style.format(60, 110 + 30 * r, "width:360pt;height:1pt;background:black", "") for r in range(4)]
    pieces += [style.format(60 + 120 * c, 110, "width:1pt;height:90pt;background:black", "") for c in range(4)]
    sheet = f'<div style="position:relative;width:595pt;height:842pt">{"".join(pieces)}</div>'
    return f"<html><head><title>{HEAD}</title></head><body>{sheet}</body></html>".encode()


def pdf(pages: int = 1, password: str = "") -> bytes:
    """Ruled pages of numbers, as reportlab writes them."""
    content = io.BytesIO()
    encrypted = StandardEncryption(password) if password else None
    canvas = Canvas(content, pageCompression=0, encrypt=encrypted)
    for number in range(pages):
        canvas.drawString(80, 780, f"Table {number}")
        canvas.grid([80 + 100 * c for c in range(5)], [400 + 18 * r for r in range(20)])
        for r in range(19):
            for c in range(4):
                canvas.drawString(85 + 100 * c, 405 + 18 * r, f"{r}{c}.{number % 100:02}")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def replaced(whole: bytes, part: str, *changes: tuple[bytes, bytes]) -> bytes:
    """An office file with patterns replaced in one of its parts."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            for pattern, new in changes if name == part else ():
                content = re.sub(pattern, lambda _, new=new: new, content)
            target.writestr(name, content)
    return changed.getvalue()


def archive(part: str, content: bytes) -> bytes:
    """An office file of just one part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(part, content)
    return packed.getvalue()


def laughs(times: int = 12) -> bytes:
    """Entities that name each other: a kilobyte of XML for terabytes of text."""
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(times))
    return f'<!DOCTYPE x [<!ENTITY e0 "{"哈" * 10}">{entities}]>'.encode()


def nested_tables(depth: int) -> str:
    return "<table><tr><td>甲</td><td>" * depth + "乙" + "</td></tr></table>" * depth


def plain_pdf() -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.drawString(80, 780, "A letter without any table or amount.")
    canvas.save()
    return content.getvalue()


def huge_page() -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, (2e6, 2e6))
    canvas.drawString(80, 780, "A page of five hundred acres")
    canvas.save()
    return content.getvalue()


def many_pages() -> bytes:
    document, content = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(MOST_PAGES + 1):
        document.new_page(10, 10)
    document.save(content)
    return content.getvalue()


def many_frames() -> bytes:
    content, frame = io.BytesIO(), Image.new("1", (8, 8))
    frame.save(content, "TIFF", save_all=True, append_images=[frame] * MOST_PAGES)
    return content.getvalue()


# Name, content, and what is said of it: a pattern of the reason, or "" where the file is read.
FILES: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("01好.txt", TEXT.encode, ""),
    ("02加密.pdf", lambda: pdf(password="secret"), "有密码.*去掉密码"),
    ("03截断.pdf", lambda: pdf(20)[:9000], "不是完整的.*重新下载"),
    ("04空.pdf", lambda: b"", "空的.*重新下载"),
    ("04空.txt", lambda: b"", "空的.*重新下载"),
    ("05其实是PDF.docx", pdf, r"内容却是\.pdf.*改正扩展名"),
    ("06其实是文本.pdf", f"{TEXT}。".encode, "不是完整的PDF.*重新下载"),
    ("07炸弹.docx", lambda: archive("word/document.xml", BOMB), "解压后有64MB.*确认来源"),
    ("07炸弹.xlsx", lambda: archive("xl/workbook.xml", BOMB), "解压后有64MB.*确认来源"),
    ("08脚本.html", lambda: page("<script>while(1){}</script>", "<script>document.write('9')</script>"), ""),
    ("09公式与外部链接.xlsx", lambda: xlsx(lambda book: book.active.append(["公式", "=[1]外表!A1", "=1+1"])), ""),
    ("10远处的格.xlsx", lambda: xlsx(lambda book: book.active.__setitem__("XFD1048576", "误")), ""),
    ("11整表合并.xlsx", lambda: replaced(xlsx(), "xl/worksheets/sheet1.xml", XLSX_MERGE), ""),
    ("12跨行为零.html", lambda: page("<table><tr><td rowspan=0>甲<td>1<tr><td>2</table>"), ""),
    ("13跨度巨大.html", lambda: page("<table>" + "<tr><td rowspan=99999999 colspan=99999999>甲<td>1" * 3000), ""),
    ("14嵌套.html", lambda: page(nested_tables(3000)), ""),
    ("15没有表格.pdf", plain_pdf, "没有找到表格.*确认"),
    ("16有密码.xlsx", lambda: OLE, "密码.*去掉密码"),
    ("17坏部件.docx", lambda: replaced(word(), "word/document.xml", (b"</w:tr>", b"</w:tx>")), "已损坏.*另存"),
    ("18实体.xlsx", lambda: replaced(xlsx(), "xl/worksheets/sheet1.xml", (rb"<worksheet", laughs() + b"<worksheet"), (rb"<t>", b"<t>&e12;")), "已损坏.*另存"),
    ("18实体.docx", lambda: replaced(word(), "word/document.xml", (rb"<w:document", laughs() + b"<w:document"), (rb"<w:t>", b"<w:t>&e12;")), "已损坏.*另存"),
    ("19跨列巨大.docx", lambda: replaced(word(), "word/document.xml",
                                     (rb"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="999999999"/>')), "600列.*请删去"),
    ("20控制\n\x1b[31m字符.txt", lambda: b"", "空的"),
    (f"21{'很长的名字' * 16}.txt", lambda: b"", "空的"),
    ("-22破折号开头.txt", lambda: b"", "空的"),
    ("23[red]方括号.txt", lambda: TEXT.replace("某市测试局", "某市方括号局").encode(), ""),
    ("24大页.pdf", huge_page, "过大.*A4"),
    ("25几千页.pdf", many_pages, "超过2000页.*拆成几份"),
    ("25几千页.tiff", many_frames, "超过2000页.*拆成几份"),
)  # fmt: skip


def lay_out(folder: Path) -> dict[str, str]:
    """Write all of them. Returns by name what is said of each."""
    for name, content, _ in FILES:
        (folder / name).write_bytes(content())
    (folder / "30回环").symlink_to(folder)
    (folder / "31绕回.pdf").symlink_to(folder / "31绕回.pdf")
    (folder / "32断链.pdf").symlink_to(folder / "没有.pdf")
    (folder / "33文件夹.pdf").mkdir()
    os.mkfifo(folder / "34管道.pdf")
    (folder / "35读不了.pdf").symlink_to("/proc/self/mem")
    (folder / "~$01好.docx").write_bytes(bytes(162))
    odd = {
        "31绕回.pdf": "绕回",
        "32断链.pdf": "不存在.*复制",
        "33文件夹.pdf": "是文件夹",
        "34管道.pdf": "管道",
        "35读不了.pdf": "无法读取",
    }
    return {name: said for name, _, said in FILES} | odd
