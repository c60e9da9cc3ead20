"""Making networks and nodes as compose would, but each node by itself, so that some start while others are made.

compose.yaml ──► networks made ──► what is changed or gone removed ──► nodes made, one by one, as they are asked for
    └── compose tells its hashes meanwhile: by them it is seen, by us and by compose, what is changed
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.docker import compose
from lab.docker.api import GONE, Api, ApiError
from lab.docker.names import LAB_LABEL, NODE_LABEL, container_name
from lab.docker.payload import HASH, IMAGE, Values, container, endpoint, labels, network, networks_of
from lab.docker.removal import AT_ONCE, networks, remove_container, remove_lab
from lab.errors import EngineError
from topology.compose import parse, render
from topology.plan import Topology


class Creation:
    """The nodes of one lab: which are there as they should be, and what the others are made from."""

    def __init__(self, api: Api, lab: str, topology: Topology, directory: Path) -> None:
        """Write compose.yaml into `directory`; nothing is made yet."""
        self._api, self._lab = api, lab
        self._file = (directory / "compose.yaml").resolve()
        text = render(topology, compose.ROOT)
        self._file.write_text(text, encoding="utf-8")
        model = parse(text)
        self._services: dict[str, Values] = model["services"]
        self._networks = [network(lab, name, spec) for name, spec in model["networks"].items()]
        self._labels: dict[str, Values] = {}
        self._there: set[str] = set()

    def prepare(self) -> None:
        """Make the networks that are missing, and remove the nodes that are changed or gone from the file."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            hashes = pool.submit(compose.hashes, self._file, self._lab)
            images = {name: self._image(name) for name in {service["image"] for service in self._services.values()}}
            list(pool.map(self._make_network, self._missing_networks()))
            for node, service in self._services.items():
                self._labels[node] = labels(
                    self._lab, node, service, file=self._file, root=compose.ROOT,
                    config_hash=hashes.result()[node], image=images[service["image"]],
                )  # fmt: skip
            filters = {"label": [f"{LAB_LABEL}={self._lab}", NODE_LABEL]}
            found = self._api.get("/containers/json", all=1, filters=filters)
            right = [each for each in found if self._is_right(each)]
            self._there = {each["Labels"][NODE_LABEL] for each in right}
            list(pool.map(lambda each: remove_container(self._api, each["Id"]), (e for e in found if e not in right)))

    def make(self, node: str) -> None:
        """Make a node that is not there: on all its networks, or not at all."""
        if node in self._there:
            return
        service = self._services[node]
        first, *further = networks_of(service)
        wanted = container(self._lab, node, service, compose.ROOT)
        wanted["Labels"] = wanted["Labels"] | self._labels[node]
        wanted["NetworkingConfig"] = {
            "EndpointsConfig": {f"{self._lab}_{first}": endpoint(self._lab, node, service, first)}
        }
        made = self._api.post("/containers/create", wanted, name=container_name(self._lab, node))["Id"]
        try:
            for name in further:
                place = {"Container": made, "EndpointConfig": endpoint(self._lab, node, service, name)}
                self._api.post(f"/networks/{self._lab}_{name}/connect", place)
        except BaseException:
            remove_container(self._api, made)
            raise
        self._there.add(node)

    def _image(self, name: str) -> str:
        try:
            return str(self._api.get(f"/images/{name}/json")["Id"])
        except ApiError as error:
            if error.status != GONE:
                raise
            raise EngineError(f"there is no image {name}; `make up` builds it") from None

    def _missing_networks(self) -> list[Values]:
        """Say which networks have to be made. A changed one cannot be, with nodes on it: then all of the lab goes."""
        wanted = {network["Name"]: network for network in self._networks}
        found = networks(self._api, self._lab)
        if all(_is_like(network, wanted.get(network["Name"])) for network in found):
            return [network for name, network in wanted.items() if name not in {there["Name"] for there in found}]
        remove_lab(self._api, self._lab)
        return self._networks

    def _make_network(self, wanted: Values) -> None:
        try:
            self._api.post("/networks/create", wanted)
        except ApiError as error:
            if "Pool overlaps" not in str(error):
                raise
            raise EngineError(
                f"another network has the subnet of the lab {self._lab}; move the lab, as with SUBNET_BASE=10.99.0.0/16"
            ) from None

    def _is_right(self, found: Values) -> bool:
        """Tell whether a container is what the file says, of the image that there is now, and on all its networks."""
        node = found["Labels"][NODE_LABEL]
        service = self._services.get(node)
        return (
            service is not None
            and all(found["Labels"].get(name) == self._labels[node][name] for name in (HASH, IMAGE))
            and found["NetworkSettings"]["Networks"].keys() == {f"{self._lab}_{name}" for name in service["networks"]}
        )


def _is_like(found: Values, wanted: Values | None) -> bool:
    """Compare a network with what is wanted; the engine may have given it more options than it was made with."""
    return (
        wanted is not None
        and [{key: pool.get(key) for key in ("Subnet", "Gateway")} for pool in found["IPAM"]["Config"] or []]
        == wanted["IPAM"]["Config"]
        and wanted["Options"].items() <= (found["Options"] or {}).items()
    )
