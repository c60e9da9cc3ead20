from rich.console import Console

from topology.plan import ROOT, load
from topology.table import map_text

LAB = load(ROOT / "topology" / "lab.yaml")


def shown(states: dict[str, str], **options: int) -> str:
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(map_text(load(LAB.source, **options) if options else LAB, states))  # type: ignore[arg-type]
    return capture.get()


def test_names_roles_addresses_states_and_arrows() -> None:
    text = shown({"alice": "running", "server": "exited (1)"})
    assert "socklab: lab 10.83.0.0/24, gateway 10.83.0.1" in text
    rows = {cells[1]: cells[3:] for line in text.split("\n") if len(cells := line.replace("│", " │ ").split()) > 4}
    assert rows["alice"][0] == "broadcast-client"
    assert "10.83.0.3" in rows["alice"]
    assert "running" in rows["alice"]
    assert "server:9000" in rows["alice"]
    assert {"exited", "(1)", "⇒", "224.1.1.1:11000"} <= set(rows["server"])
    assert {"-", "⇐"} <= set(rows["receiver3"])
    assert "⇄ peer2:12000" in text


def test_ways_through_the_forwarders() -> None:
    assert "\np3client → forwarder1 → forwarder2 → forwarder3 → p3server\n" in shown({})
    assert "\np3client → forwarder1 → forwarder2 → (13 more) → forwarder16 → p3server\n" in shown({}, forwarders=16)
