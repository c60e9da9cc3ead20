"""What the kernel says in /proc of a node: its sockets and routes, and its threads, whose names a program chooses."""

from ipaddress import ip_address

from lab import sockets
from lab.threads import proc
from lab.threads.model import Thread
from lab.threads.words import place
from reliability.fuzz.target import Pieces, one_line, target

TABLES = {
    "tcp": "  sl  local_address rem_address   st\n"
    "   0: 0B00007F:AFD1 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 153531 1\n"
    "   1: 034DFB0A:C3A4 024DFB0A:2328 01 00000000:00000000 00:00000000 00000000 0 0 153533 1\n",
    "tcp6": "  sl  local_address rem_address   st\n"
    "   0: 0000000000000000FFFF0000034DFB0A:2329 0000000000000000FFFF0000034DFB0A:D9C8 01 0 0 0 0 0 7 1\n",
    "udp": "  sl  local_address rem_address   st\n   1: 00000000:1771 00000000:0000 07 0 00:00000000 0 0 0 12 2\n",
    "igmp": "Idx\tDevice\n1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n",
    "route": "Iface\tDestination\tGateway\tFlags\n"
    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n*\t00FF540A\t0\t1\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
    "ipv6_route": "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 "
    "00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n",
    "if_inet6": "fd000000000000000000000000000003 02 40 00 80     eth0\n",
}
"""As Linux writes them."""


@target(
    "tables of the kernel are read, cut anywhere or not; what is none is refused",
    longest=500,
    seeds=[
        *(bytes([number]) + text.encode() for number, text in enumerate(TABLES.values())),
        b"\5OCI runtime exec failed: exec failed: cannot exec in a stopped container: unknown",
    ],
    words=[b"00000000:0000", b" 01 ", b" 0A ", b"\n", b"\t\t\t\t", b"ffff", b"*"],
)
def socket_tables(data: bytes) -> None:
    pieces = Pieces(data)
    table = [*TABLES][pieces.byte() % len(TABLES)]
    try:
        found = sockets.parse({table: pieces.rest().decode("utf-8", "replace")})
    except ValueError as error:
        one_line(str(error))
        return
    assert all(ip_address(end[0]) for ends in found.established for end in ends)
    assert all(ip_address(group) for group in found.groups)


STATUS = (
    "Name:\tpython3\nState:\tS (sleeping)\nTgid:\t1616\nNStgid:\t1616\t8\nNSpid:\t{0}\t{0}\n"
    "voluntary_ctxt_switches:\t6\nnonvoluntary_ctxt_switches:\t18\n"
)
TEXTS = {
    "machine": "x86_64",
    "1616/cmdline": "python3\0-m\0services.broadcast_server\0",
    "1616/task/1616/comm": "python3\n",
    "1616/task/1616/status": STATUS.format(1616),
    "1616/task/1616/syscall": "45 0x3 0x7f 0x10000 0x0 0x0 0x0 0x7f 0x7f\n",
    "1616/task/1616/wchan": "wait_woken",
    "1616/task/1616/schedstat": "37295030 103403971 24\n",
    "1616/task/1616/schedstat later": "37295031 103403971 24\n",
    "1616/task/1617/comm": "poller\n",
    "1616/task/1617/status": STATUS.format(1617),
    "1616/task/1617/syscall": "7 0x7f 0x2 0x0 0x0 0x0 0x0 0x7f 0x7f\n",
    "1616/task/1617/list": "030000000100000004000000040000ff",
    "1616/task/1618/comm": "selector\n",
    "1616/task/1618/status": STATUS.format(1618),
    "1616/task/1618/syscall": "270 0x5 0x7f 0x0 0x0 0x0 0x0 0x7f 0x7f\n",
    "1616/task/1618/list": "1800",
    "1616/fd/3": "socket:[153533]",
    "1616/fd/4": "anon_inode:[eventpoll]",
    "1616/fdinfo/4": "pos:\t0\ntfd:        3 events:       19 data: 3\n",
    "1616/net/tcp": TABLES["tcp"],
}
"""As a program with three threads looks there."""

CHOSEN = [path for path in TEXTS if path.endswith(("/comm", "/cmdline", "/fd/3", "/fd/4", "/list"))]
"""What a program can make say anything."""
SYSCALLS = ("running", "-1 0x7f 0x7f", "45 0x3", "7 0x7f 0xffffffffffffffff 0x0", "270 0xffffffff 0x7f", "232 0x4 0x7f",
            "232 0xffffffffffffffff 0x7f", "0 0xffffffffffffffff", "202 0x7f 0x80", "230 0x0", "9999 0x0 0x1",
            "")  # fmt: skip


@target(
    "threads are read whatever a program calls itself and does, also while it ends; no name commands a terminal",
    runs=2000,
    seeds=[
        b"\0",
        b"\x02\x41\1\x0a\x1b]0;title\x07",
        *(bytes([3, 130, number, 130, number, 10, 1]) for number in range(12)),
    ],
    words=[b"\x1b[2J", b"\n", b"\0", b"\x9b"],
)
def thread_texts(data: bytes) -> None:
    pieces = Pieces(data)
    texts = dict(TEXTS)
    for _ in range(pieces.byte() % 8):
        how, which = pieces.byte(), pieces.byte()
        if how < 64:  # it was gone when it would have been read
            texts.pop([*TEXTS][1:][which % (len(TEXTS) - 1)], None)
        elif how < 128:
            path = CHOSEN[which % len(CHOSEN)]
            texts[path] = pieces.part(20).hex() if path.endswith("list") else pieces.part(40).decode("utf-8", "replace")
        else:
            texts[f"1616/task/{1616 + how % 3}/syscall"] = SYSCALLS[which % len(SYSCALLS)] + "\n"
    found = proc.threads(texts)
    assert len(found) == sum(path.endswith("/status") for path in texts)
    assert proc.command(texts) == "" or proc.command(texts).isprintable()
    for thread in found:
        assert thread.name.isprintable() or not thread.name
        assert place(thread, {}).isprintable() or not place(thread, {})
        assert Thread.model_validate_json(thread.model_dump_json()) == thread
