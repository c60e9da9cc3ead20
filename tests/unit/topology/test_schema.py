import json
from typing import Any

from topology.model import NetworkSpec, NodeSpec, TopologyFile
from topology.roles import ROLES
from topology.schema import render

SCHEMA = json.loads(render())


def specs() -> dict[str, dict[str, Any]]:
    return {"TopologyFile": SCHEMA, **SCHEMA["$defs"]}


def test_every_key_is_described() -> None:
    for spec in (TopologyFile, NetworkSpec, NodeSpec):
        properties = specs()[spec.__name__]["properties"]
        assert set(properties) == set(spec.model_fields)
        for key, value in properties.items():
            assert value.get("description", "").endswith("."), key
            assert "\n" not in value["description"]


def test_nothing_else_is_allowed() -> None:
    assert all(spec["additionalProperties"] is False for spec in specs().values())


def test_roles_are_completed() -> None:
    assert SCHEMA["$defs"]["NodeSpec"]["properties"]["role"]["enum"] == list(ROLES)
