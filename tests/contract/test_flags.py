"""What is unusual about a result is said in the same words by the pages and by what the server writes."""

import json
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
OF_NO_RESULT = {"flag.already", "flag.came_again", "flag.never_came", "flag.not_printed"}
"""Of commands, of who came and went, and of labels: the daily report has none of them."""


def flags_of(path: str) -> dict[str, str]:
    """The words for flags in a file of texts."""
    texts: dict[str, str] = json.loads((REPOSITORY / path).read_text(encoding="utf-8"))
    return {key: text for key, text in texts.items() if key.startswith("flag.")}


@pytest.mark.parametrize("language", ["ko", "en", "vi"])
def test_the_daily_report_has_a_word_for_each_flag_that_a_page_has(language: str) -> None:
    shown = flags_of(f"gateway/web/texts/{language}.json")
    written = flags_of(f"services/production/messages/{language}.json")
    assert written == {key: text for key, text in shown.items() if key not in OF_NO_RESULT}
