"""What runs INSIDE a tap's container: capture a network, dissect it live, answer for what was lost.

    dumpcap ──► file (pcapng) ──► tail -f ──► tshark -T ek ──► standard output, a JSON line a packet

The file between capture and dissection is what keeps a slow dissection from dropping packets.

Output begins with {"tap": "open"} once frames are being captured and ends with {"tap": "closed", "received": N,
"dropped": N}. Standard input takes one order a line: `canary TEXT` puts a frame on the network that no node's stack
listens to (a local experimental EtherType, IEEE Std 802-2014, 9.2.3) and that the tap must see, or answers
{"tap": "no carrier"} where no node is up to make the bridge carry it; `end` stops the capture, and so does the end of
the input.

Called as `canary INTERFACE TEXT`, the program only puts that one frame on the network.

Standard library only (of python3-minimal); the lab passes it as source to `python3 -c`.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import threading

CANARY_ETHERTYPE = 0x88B5
CANARY_FROM, CANARY_TO = bytes.fromhex("02000000ca5a"), bytes.fromhex("03000000ca5a")
"""Locally administered addresses: a host's, and a group's that no node has joined."""
PROTOCOLS = "frame,eth,ethertype,arp,ip,ipv6,ipv6.hopopts,ipv6.fraghdr,icmp,icmpv6,igmp,ospf,pim,tcp,udp,data"


def tap(interface: str, file: str, *fields: str) -> None:
    """Capture `interface` into `file` and print the fields of each packet, until told to end."""
    capture = subprocess.Popen(
        ["dumpcap", "-q", "-i", interface, "-B", "16", "--update-interval", "10", "-w", file],
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until_open(capture)
    say("open")
    follow = subprocess.Popen(
        ["tail", "-f", "-c", "+1", "-s", "0.02", f"--pid={capture.pid}", file], stdout=subprocess.PIPE
    )
    dissect = subprocess.Popen(
        ["tshark", "-l", "-n", "-r", "-", "-T", "ek", "--only-protocols", PROTOCOLS]
        + [word for field in fields for word in ("-e", field)],
        stdin=follow.stdout,
        stderr=subprocess.DEVNULL,
    )
    threading.Thread(target=take_orders, args=(interface, capture), name="orders", daemon=True).start()
    report = capture.communicate()[1]
    dissect.wait()
    counted = re.search(r"received/dropped on interface .*?: (\d+)/(\d+)", report)
    if not counted:
        sys.exit(f"dumpcap ended without its counts: {report.strip()}")
    say("closed", received=int(counted[1]), dropped=int(counted[2]))


def say(word: str, **numbers: int) -> None:
    """Print a line about the tap itself among the lines of packets."""
    print(json.dumps({"tap": word, **numbers}), flush=True)


def wait_until_open(capture: "subprocess.Popen[str]") -> None:
    """Return once dumpcap has opened interface and file, which it reports by naming the file."""
    said = []
    for line in capture.stderr or ():
        if line.startswith("File: "):
            return
        said.append(line.strip())
    sys.exit(f"dumpcap did not open: {' '.join(said)}")


def take_orders(interface: str, capture: "subprocess.Popen[str]") -> None:
    """Obey the orders on standard input."""
    for line in sys.stdin:
        order, _, text = line.rstrip("\n").partition(" ")
        if order == "end":
            break
        if order == "canary" and carries(interface):
            send_canary(interface, text)
        elif order == "canary":
            say("no carrier")
    capture.send_signal(signal.SIGINT)


def send_canary(interface: str, text: str) -> None:
    """Put one canary frame on the network."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind((interface, CANARY_ETHERTYPE))
        wire.send(CANARY_TO + CANARY_FROM + CANARY_ETHERTYPE.to_bytes(2, "big") + text.encode())


def carries(interface: str) -> bool:
    """Tell whether any port of the bridge is up; a bridge without one sends nothing."""
    with open(f"/sys/class/net/{interface}/carrier") as carrier:  # noqa: PTH123  (python3-minimal has no pathlib)
        return carrier.read().strip() == "1"


if __name__ == "__main__":
    if sys.argv[1] == "canary":
        send_canary(*sys.argv[2:])
    else:
        tap(*sys.argv[2:])
