"""What a person could try next, when a lab is up."""

from topology.plan import Topology


def what_next(plan: Topology, named: str) -> str:
    """Return a few verbs that make sense in a lab, and what each does; `named` goes behind each."""
    typists = [node.name for node in plan.nodes.values() if node.role.interactive][:2]
    tries = {f"make attach NODE={name}{named}": f"type at {name}; Ctrl-] leaves" for name in typists}
    idle = [node.name for node in plan.nodes.values() if node.role.module is None and not node.program][:1]
    tries |= {f"make shell NODE={name}{named}": f"run programs in {name}; exit leaves" for name in idle}
    routers = [node.name for node in plan.nodes.values() if node.role.forwards][:1]
    tries |= {f"make shell NODE={name}{named}": f"ask {name}: vtysh -c 'show ip route'" for name in routers}
    if any(node.role.has_routes for node in plan.nodes.values()):
        tries[f"make tables{named}"] = "the routes, circuits and counters of the switches"
    tries[f"make map{named}"] = "who is where; `make` lists all verbs"
    width = max(map(len, tries))
    return "\n".join(["Try next:", *(f"  {verb:{width}}  {what}" for verb, what in tries.items())])
