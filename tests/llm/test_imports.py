"""Who has no model waits for nothing that speaks to one."""

import subprocess
import sys


def test_without_a_model_its_client_is_not_imported():
    told = "import sys, assistant.answer, assistant.cli.main, index.stores; print(sorted({'openai', 'assistant.llm.client'} & sys.modules.keys()))"
    assert (
        subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
