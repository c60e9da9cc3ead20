import json
import re
from typing import Any

from topology.model import LinkSpec, NetworkSpec, NodeSpec, TopologyFile
from topology.roles import ROLES, Routing
from topology.schema import render

SCHEMA = json.loads(render())


def specs() -> dict[str, dict[str, Any]]:
    return {"TopologyFile": SCHEMA, **SCHEMA["$defs"]}


def test_every_key_is_described() -> None:
    for spec in (TopologyFile, NetworkSpec, NodeSpec, LinkSpec):
        properties = specs()[spec.__name__]["properties"]
        assert set(properties) == set(spec.model_fields)
        for key, value in properties.items():
            assert value.get("description", "").endswith("."), key
            assert "\n" not in value["description"]


def test_nothing_else_is_allowed() -> None:
    assert all(spec["additionalProperties"] is False for spec in specs().values())


def test_roles_are_completed() -> None:
    assert SCHEMA["$defs"]["NodeSpec"]["properties"]["role"]["enum"] == list(ROLES)


def test_what_may_be_written_of_routing() -> None:
    network, node = (specs()[name]["properties"] for name in ("NetworkSpec", "NodeSpec"))
    assert network["ipv6"]["type"] == "boolean"
    (speaks, _), (sysctls, _), (anycast, _) = (node[key]["anyOf"] for key in ("speaks", "sysctls", "anycast"))
    assert (speaks["items"]["enum"], speaks["minItems"]) == ([each.value for each in Routing], 1)
    assert re.search(sysctls["propertyNames"]["pattern"], "net.ipv4.ip_default_ttl")
    assert not re.search(sysctls["propertyNames"]["pattern"], "kernel.pid_max")
    assert re.search(anycast["pattern"], "10.84.255.1")
    assert not re.search(anycast["pattern"], "fd00::1")


def test_what_may_be_written_of_links() -> None:
    link = specs()["LinkSpec"]
    assert link["required"] == ["between"]
    assert (link["properties"]["between"]["minItems"], link["properties"]["between"]["maxItems"]) == (2, 2)
    assert re.search(link["properties"]["rate"]["pattern"], "64kbit")
    assert not re.search(link["properties"]["rate"]["pattern"], "64k")
    assert re.search(link["properties"]["delay"]["pattern"], "0.5s")
    assert not re.search(link["properties"]["delay"]["pattern"], "5")
