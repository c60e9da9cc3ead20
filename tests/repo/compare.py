"""What a document shows, compared with what came: equal but for what differs from run to run.

Times, IDs of clients, ports that the system chose, versions, numbers of processes and of context switches, and the
widths of tables are not compared. A line `...` in a document stands for any lines, or none; `...` within a line for any
text. Above a `^C` it stands also for what the program still says between the key and its end.
"""

import re
from difflib import unified_diff

_VARIES = [
    (re.compile(r"\bDocker Engine .*"), "Docker Engine VERSION"),
    (re.compile(r"\b\d+(\.\d+)? s\b"), "N s"),
    (re.compile(r"^ *\d+\.\d{3}\b"), "TIME"),  # of a ladder diagram
    (re.compile(r"\[\d+\]"), "[N]"),
    (re.compile(r"\b(you are) \d+|\* \d+ (?=joined|left)"), r"\1 N"),
    (re.compile(r"\b(3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[4-6]\d{4})\b"), "PORT"),
    (re.compile(r"(?<=runs/)([a-z0-9-]+)-\d+(?=/)"), r"\1-PROCESS"),
    (re.compile(r"\bpackets?( \d+)"), "packet N"),
    (re.compile(r"\b\d+ (packets|bytes)\b"), r"N \1"),
    (re.compile(r"([─━])\1+"), r"\1"),
    (re.compile(r"(?<=\S) {2,}"), "  "),
    (re.compile(r"\s+$"), ""),
    (re.compile(r"(?<=  N s)(  \d+){2}$"), "  N  N"),  # context switches of a thread
]
PROMPT_BEHIND_INTERRUPT = re.compile(r"\^C(?=\w+:\S*\$)")
"""A shell writes its prompt on a new line after Ctrl-C, or behind the ^C when it was quicker than the terminal."""


def normal(line: str) -> str:
    """Return a line with what varies replaced by words."""
    for pattern, word in _VARIES:
        line = pattern.sub(word, line)
    return line


def matches(shown: list[str], came: list[str]) -> bool:
    """Tell whether the lines that came are those that a document shows."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == "..." else ".*".join(map(re.escape, normal(line).split("..."))) + r"\n"
        for line in shown
    )
    if interrupts_talk(shown):
        pattern = pattern.removesuffix(r"\n") + r".*\n(?:.*\n)*"
    text = "".join(f"{normal(line)}\n" for line in came)
    return bool(re.fullmatch(pattern, PROMPT_BEHIND_INTERRUPT.sub("^C\n", text)))


def interrupts_talk(shown: list[str]) -> bool:
    """Tell whether the last thing is a Ctrl-C while a program says what it will."""
    return shown[-2:] == ["...", "^C"]


def difference(shown: list[str], came: list[str], where: str) -> str:
    """Say what came instead, so that it can be put into the document if it is right."""
    diff = unified_diff([*map(normal, shown)], [*map(normal, came)], "what it shows", "what came", lineterm="", n=99)
    return "\n".join([f"{where}: this is not what comes", *diff, "", "What came, as it is:", *came])
