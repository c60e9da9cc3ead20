"""The parts of a page that are made of what was measured; all else on it somebody wrote.

<!-- measured: broadcast -->
... made anew ...
<!-- end -->
"""

import re
from collections.abc import Iterable, Mapping


def filled(page: str, parts: Mapping[str, Iterable[str]]) -> str:
    """Return the text of the page with these lines in its parts of those names."""
    for name, lines in parts.items():
        part = re.compile(rf"(<!-- measured: {re.escape(name)} -->\n).*?(?=<!-- end -->)", re.DOTALL)
        body = "\n".join(lines)
        page = part.sub(lambda found, body=body: f"{found[1]}\n{body}\n\n", page)  # type: ignore[misc]
    return page
