"""The JSON Schema of topology files, for editors that complete and check while one types."""

import json
from typing import Any

from topology.model import TopologyFile


def render() -> str:
    """Return the text of topology.schema.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **TopologyFile.model_json_schema()}
    return json.dumps(_tidied(schema), indent=2) + "\n"


def _tidied(value: Any) -> Any:
    """Join the lines of descriptions, which are those of our source; leave out what says nothing."""
    if isinstance(value, list):
        return [_tidied(item) for item in value]
    if not isinstance(value, dict):
        return value
    noise = [key for key in ("title", "default") if isinstance(value.get(key), str | None)]
    tidy = {key: _tidied(item) for key, item in value.items() if key not in noise}
    if isinstance(tidy.get("description"), str):
        tidy["description"] = " ".join(tidy["description"].split())
    return tidy
