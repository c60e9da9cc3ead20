import pytest

from .conftest import Loads, Refuses

HOSTS = "a: {role: host}\nb: {role: host, count: 2}\n"


def test_after_names_nodes_and_groups(loads: Loads) -> None:
    nodes = loads(HOSTS + "c: {role: host, after: [b, a, b1]}").nodes
    assert nodes["c"].after == ("b1", "b2", "a")
    assert nodes["a"].after == ()


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        (HOSTS + "c: {role: host, after: [z]}", "8: c is to start after z, which does not exist; choose from"),
        ("a: {role: host, after: [b]}\nb: {role: host, after: [a]}", "6: a and b would wait for ever; let one"),
        ("a: {role: host, after: [a]}", "6: a would wait for ever; let one"),
        ("a: {role: host, after: b}", "a.after is 'b', not a list; "),
    ],
)
def test_orders_that_cannot_be(refuses: Refuses, nodes: str, said: str) -> None:
    assert said in refuses(nodes)
