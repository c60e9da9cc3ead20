"""Faults on purpose: what can be broken in a lab that runs, how that is done beside its nodes, and how it is undone.

    Wish ──parts──► Filter, Queue, each at one node ──► words for nft and tc ──Beside──► the node's kernel
      └── kill pause resume restart, cut off a network: by the engine

`Faults` does and undoes them; a lab, or a person at the command line, has one.
"""

from lab.faults.model import FaultKind, Way, Wish

__all__ = ["FaultKind", "Way", "Wish"]
