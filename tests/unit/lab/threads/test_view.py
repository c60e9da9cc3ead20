"""The table of threads as a person sees it."""

import io
import json
import re
from pathlib import Path

from rich.console import Console

from lab.threads import proc
from lab.threads.view import WIDEST, table

TEXTS: dict[str, str] = json.loads((Path(__file__).parent / "proc" / "broadcast-server.json").read_text())
NODES = {"10.240.0.3": "alice", "10.240.0.4": "bob"}


def shown(texts: dict[str, str], before: dict[str, str] | None = None, *, colours: bool = False) -> str:
    out = Console(
        file=io.StringIO(), width=WIDEST, force_terminal=colours, color_system="standard" if colours else None
    )
    out.print(table("server", texts, NODES, proc.threads(before) if before else ()))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_a_title_a_head_and_a_row_a_thread() -> None:
    title, head, *rows = shown(TEXTS).splitlines()
    assert title.rstrip() == "server, 6 threads: python3 -m services.broadcast_server --port 9000"
    assert head.split() == ["thread", "state", "where", "CPU", "time", "voluntary", "involuntary"]
    assert [row.split()[0] for row in rows] == [
        "python3", "ending", "client-1-writer", "client-1-reader", "client-2-writer", "client-2-reader"
    ]  # fmt: skip
    assert re.fullmatch(r"python3 \(main\) +blocked +accept on port 9000 +\d\.\d\d s +\d+ +\d+ *", rows[0])
    assert re.fullmatch(r"client-1-reader +blocked +recv from bob +\d\.\d\d s +\d+ +\d+ *", rows[3])


def test_one_thread_is_no_threads() -> None:
    main = {path: text for path, text in TEXTS.items() if re.search(r"/(\d+)/task/\1/|machine|cmdline", f"/{path}")}
    assert shown(main).startswith("server, 1 thread: ")


def test_a_small_screen_shortens_nothing_but_the_command_and_the_place() -> None:
    out = Console(file=io.StringIO(), width=76)
    out.print(table("server", TEXTS, NODES))
    assert isinstance(out.file, io.StringIO)
    title, *rows = out.file.getvalue().splitlines()
    assert title.startswith("server, 6 threads: python3 -m")
    assert all(len(row) <= 76 for row in rows)
    assert "client-2-reader" in out.file.getvalue()


def test_what_has_risen_stands_out() -> None:
    path = next(path for path, text in TEXTS.items() if path.endswith("/status") and "client-1-reader" in text)
    later = TEXTS | {path: re.sub(r"(?m)^(voluntary_ctxt_switches):.*$", r"\1:\t777", TEXTS[path])}
    bold_green_777 = re.compile(r"\x1b\[1;32m *777")
    assert bold_green_777.search(shown(later, TEXTS, colours=True))
    assert not bold_green_777.search(shown(later, later, colours=True))
    assert not bold_green_777.search(shown(later, colours=True))  # there was nothing before
