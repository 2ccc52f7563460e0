"""Office files are zip archives: what is checked before anything is unpacked.

In: the bytes of a file. Out: the open archive, or a ReadError with one line. A small file that unpacks to gigabytes is
refused, as is one that is encrypted or cut off.
"""

from __future__ import annotations

import io
import zipfile

from index.errors import ReadError

MOST_UNPACKED = 400 * 2**20  # bytes in all
MOST_RATIO = 300  # unpacked to packed, over 20 MB: text compresses some twenty times
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls and of encrypted office files


def open_archive(content: bytes, name: str) -> zipfile.ZipFile:
    """Raises ReadError for what is no whole archive, is encrypted, or unpacks to more than a document can hold."""
    if content.startswith(OLE):
        raise ReadError(f"{name}：文件有密码，或是旧格式改了扩展名；请去掉密码或另存为原来的格式后重试")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:  # zipfile knows not every method
        raise ReadError(f"{name}：不是完整的Office文件；请重新下载原文件") from error
    packed = max(1, len(content))
    if unpacked > MOST_UNPACKED or (unpacked > 20 * 2**20 and unpacked / packed > MOST_RATIO):
        raise ReadError(f"{name}：解压后有{unpacked // 2**20}MB，超出限度，可能是恶意文件；请确认来源")
    return archive
