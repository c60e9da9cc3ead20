"""Making networks and nodes as compose would, but each node by itself, so that some start while others are made.

compose.yaml ──► subnets free? ──► networks made ──► what is changed or gone removed ──► nodes made, as asked for
    └── compose tells its hashes meanwhile: by them it is seen, by us and by compose, what is changed
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.bases import BASES
from lab.docker import bridges, compose
from lab.docker.api import GONE, Api, ApiError
from lab.docker.names import LAB_LABEL, NODE_LABEL, container_name
from lab.docker.payload import HASH, IMAGE, Values, container, endpoint, labels, network, networks_of
from lab.docker.removal import AT_ONCE, remove_container, remove_lab
from lab.docker.subnets import collision, pools, taken
from lab.errors import EngineError
from topology.compose import parse, render
from topology.plan import Topology

UNLESS_SAID = {
    "com.docker.network.bridge.inhibit_ipv4": "false",
    "com.docker.network.bridge.enable_ip_masquerade": "true",
}
"""Options of a bridge as they are where nothing is said of them; by these, one that is opened or closed is another."""


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
        self._six = any(each.subnet6 for each in topology.networks.values())
        self._labels: dict[str, Values] = {}
        self._there: set[str] = set()

    def prepare(self) -> None:
        """Make the networks that are missing, and remove the nodes that are changed or gone from the file."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            hashes = pool.submit(compose.hashes, self._file, self._lab)
            images = {name: self._image(name) for name in {service["image"] for service in self._services.values()}}
            made = [bridges.name_of(network) for network in pool.map(self._make_network, self._missing_networks())]
            alone = pool.submit(bridges.take_off, self._api, self._lab, made) if self._six and made else None
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
            if alone:
                alone.result()

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
        made = self._create(wanted, container_name(self._lab, node))
        try:
            for name in further:
                place = {"Container": made, "EndpointConfig": endpoint(self._lab, node, service, name)}
                self._api.post(f"/networks/{self._lab}_{name}/connect", place)
        except BaseException:
            remove_container(self._api, made)
            raise
        self._there.add(node)

    def _create(self, wanted: Values, name: str) -> str:
        try:
            return str(self._api.post("/containers/create", wanted, name=name)["Id"])
        except ApiError as error:
            if error.status == GONE and "No such image" in str(error):  # it was there when the lab was prepared
                raise _no_image(wanted["Image"]) from None
            raise

    def _image(self, name: str) -> str:
        try:
            return str(self._api.get(f"/images/{name}/json")["Id"])
        except ApiError as error:
            if error.status != GONE:
                raise
            raise _no_image(name) from None

    def _missing_networks(self) -> list[Values]:
        """Say which networks have to be made. A changed one cannot be, with nodes on it: then all of the lab goes."""
        there = self._api.get("/networks")
        wanted = {network["Name"]: network for network in self._networks}
        found = {each["Name"]: each for each in there if (each["Labels"] or {}).get(LAB_LABEL) == self._lab}
        as_wanted = all(_is_like(network, wanted.get(name)) for name, network in found.items())
        missing = [network for name, network in wanted.items() if not as_wanted or name not in found]
        self._refuse_taken(missing, there)
        if not as_wanted:
            remove_lab(self._api, self._lab)
        return missing

    def _refuse_taken(self, wanted: list[Values], there: list[Values]) -> None:
        """EngineError, with who has it, if one of the networks to be made has a subnet of another, or of a link."""
        others = taken(there, but=self._lab)
        if found := collision([(network["Name"], pool) for network in wanted for pool in pools(network)], others):
            free = (base for base in BASES if not any(other.subnet.overlaps(base) for other in others))
            raise EngineError(f"{found}; move the lab {self._lab}, as with SUBNET_BASE={next(free, BASES[0])}")

    def _make_network(self, wanted: Values) -> str:
        try:
            return str(self._api.post("/networks/create", wanted)["Id"])
        except ApiError as error:
            if "Pool overlaps" not in str(error):
                raise
            self._refuse_taken([wanted], self._api.get("/networks"))  # somebody has it since we looked
            raise EngineError(f"the subnet of {wanted['Name']} is taken; move the lab, by SUBNET_BASE=") from None

    def _is_right(self, found: Values) -> bool:
        """Tell whether a container is what the file says, of the image that there is now, and on all its networks."""
        node = found["Labels"][NODE_LABEL]
        service = self._services.get(node)
        return (
            service is not None
            and all(found["Labels"].get(name) == self._labels[node][name] for name in (HASH, IMAGE))
            and found["NetworkSettings"]["Networks"].keys() == {f"{self._lab}_{name}" for name in service["networks"]}
        )


def _no_image(name: str) -> EngineError:
    return EngineError(f"there is no image {name}; `make up` builds it")


def _is_like(found: Values, wanted: Values | None) -> bool:
    """Compare a network with what is wanted; the engine may have given it more options than it was made with."""
    return (
        wanted is not None
        and [{key: pool.get(key) for key in ("Subnet", "Gateway")} for pool in found["IPAM"]["Config"] or []]
        == wanted["IPAM"]["Config"]
        and (UNLESS_SAID | wanted["Options"]).items() <= (UNLESS_SAID | (found["Options"] or {})).items()
    )
