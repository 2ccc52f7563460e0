"""Known vulnerabilities of what is installed with the program, asked of OSV through pip-audit.

In: requirements.txt, the path of pip-audit. Out: what is vulnerable and which version mends it, exit 1; nothing known, exit 0; one
line where the service cannot be reached, exit 0, since that says nothing about the packages. Run by `make audit`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECONDS = 600


def main(pip_audit: str) -> int:
    command = [pip_audit, "--requirement", str(ROOT / "requirements.txt"), "--no-deps", "--disable-pip", "--format", "json",
               "--vulnerability-service", "osv", "--progress-spinner", "off"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        lines = done.stderr.strip().splitlines() or ["没有输出"]
        print(f"连不上漏洞库，没有查成（{lines[-1][:200]}）；请在能访问 api.osv.dev 的机器上再运行 make audit")
        return 0
    skipped = [one["name"] for one in found if "skip_reason" in one]
    known = [(one, entry) for one in found for entry in one.get("vulns", [])]
    for package, entry in known:
        mended = "、".join(entry["fix_versions"]) or "还没有"
        print(f"{package['name']} {package['version']}：{entry['id']}，修复的版本：{mended}")
    print(
        f"查了 {len(found) - len(skipped)} 个包，已知漏洞 {len(known)} 处"
        + (f"；没有查到：{'、'.join(skipped)}" if skipped else "")
    )
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
