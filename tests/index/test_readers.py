"""Text files to blocks: what every reader must keep, and what it must refuse."""

from pathlib import Path

import pytest

from index.errors import ReadError
from index.model import Grid, Paragraph
from index.readers import READERS, read_blocks


def read(content: bytes, name: str = "预算.txt"):
    return read_blocks(Path(name), content)


def grid_of(text: str) -> list[list[str]]:
    (block,) = read(text.encode())
    assert isinstance(block, Grid)
    return [row.texts() for row in block.rows]


def test_empty_cells_keep_their_place():
    assert grid_of("收入\t\t支出\t\n\t\t四、公安\t0.00\n") == [["收入", "", "支出", ""], ["", "", "四、公安", "0.00"]]


def test_spaces_around_a_cell_go_and_inside_it_stay():
    assert grid_of(" 合 计 \t 1.00 ") == [["合 计", "1.00"]]


def test_lines_without_tabs_are_paragraphs_with_their_line():
    blocks = read("标题\n\n  第二段  \na\tb\n尾".encode())
    assert [(b.text, b.place.line) for b in blocks if isinstance(b, Paragraph)] == [
        ("标题", 1),
        ("第二段", 3),
        ("尾", 5),
    ]


def test_a_blank_line_ends_a_grid():
    assert [b.place.line for b in read(b"a\tb\nc\td\n\ne\tf\n")] == [1, 4]


def test_every_row_knows_its_line():
    (block,) = read(b"a\tb\r\nc\td\r\n")
    assert [(row.place.line, row.texts()) for row in block.rows] == [(1, ["a", "b"]), (2, ["c", "d"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_common_encodings_give_the_same_blocks(encoding):
    text = "单位：万元\n办公费\t68.61\n"
    assert read(text.encode(encoding)) == read(text.encode())


@pytest.mark.parametrize(
    "content", ["预算".encode("utf-16"), b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"a\tb\x00\n", b"\xff\xff\xff"]
)
def test_bytes_that_are_no_text_are_refused_by_name(content):
    with pytest.raises(ReadError, match=r"^预算\.txt：") as caught:
        read(content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n \t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(content):
    with pytest.raises(ReadError, match="空"):
        read(content)


def test_an_unknown_suffix_is_refused_with_those_that_are_known():
    with pytest.raises(ReadError, match=r"预算\.exe.*\.txt"):
        read(b"x", "预算.exe")


def test_suffixes_are_told_in_any_case():
    assert read(b"a\tb", "A.TXT") == read(b"a\tb")


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_reader_refuses_noise_with_one_line(suffix):
    with pytest.raises(ReadError) as caught:
        read(b"\x00\x01\x02\xff" * 50, f"noise{suffix}")
    assert "\n" not in str(caught.value)


NULL_FONT = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    b"<< /Length 41 >> stream\nBT /F 12 Tf 80 700 Td (BA 12) Tj ET      \nendstream",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
    b"<< /Length 150 >> stream\nbegincmap 1 begincodespacerange <00> <FF> endcodespacerange\n"
    b"2 beginbfchar <41> <0000> <42> <9884> endbfchar endcmap".ljust(174)
    + b"\nendstream",
)


def test_a_null_character_of_a_font_is_white_space():
    content = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(NULL_FONT, 1))
    content += b"trailer << /Size 7 /Root 1 0 R >>\n%%EOF\n"
    assert [block.text for block in read_blocks(Path("预算.pdf"), content)] == ["预 12"]
