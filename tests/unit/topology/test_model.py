import pytest

from .conftest import Loads, Refuses

SERVER = "server: {role: broadcast-server}"


def test_every_problem_is_named_with_its_line(refuses: Refuses) -> None:
    said = refuses("a: {rolle: host}\nb: {role: hots}\nc: {role: host, zzz: 1}")
    assert said.split("\n") == [
        "6: nodes.a has an unknown key rolle; did you mean role?",
        "6: nodes.a has no role; add `role: ...`",
        "7: nodes.b.role: there is no role hots; did you mean host?",
        "8: nodes.c has an unknown key zzz; "
        "choose from role, upstream, peer, args, networks, count, chain, after, restart, speaks, anycast, routes,"
        " sysctls, publish, program",
    ]


@pytest.mark.parametrize("name", ["Alice", "a_b", "-a", "a-", "1a", "10", "a.b", "", "localhost", "a" * 41])
def test_names_are_dns_labels(refuses: Refuses, name: str) -> None:
    assert f"6: {name!r} is no name for a node or network; take a letter" in refuses(f"'{name}': {{role: host}}")


def test_the_longest_name(loads: Loads) -> None:
    assert loads(f"{'a' * 40}: {{role: host}}").nodes


@pytest.mark.parametrize("name", ["Lab", "-lab", "_lab", "a b", "", "a.b", "a" * 41])
def test_names_of_labs(refuses: Refuses, name: str) -> None:
    said = refuses(
        f"name: '{name}'\nbase: 10.0.0.0/8\nnetworks: {{a: {{subnet: 10.0.0.0/24}}}}\nnodes: {{b: {{role: host}}}}"
    )
    assert f"1: name: {name!r} is no name for a lab; take" in said


def test_the_name_of_a_lab_given_from_outside(loads: Loads, refuses: Refuses) -> None:
    assert loads(SERVER, name="other").name == "other"
    assert "1: 'Other' is no name for a lab; take" in refuses(SERVER, name="Other")


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("count: 0", "6: nodes.x.count is 0; give a whole number from 1 to 1000"),
        ("count: 1001", "6: nodes.x.count is 1001; give a whole number from 1 to 1000"),
        ("count: 2.5", "6: nodes.x.count is 2.5; give a whole number"),
        ("count: yes", "6: nodes.x.count is True; give a whole number"),
        ("restart: maybe", "6: nodes.x.restart is 'maybe'; write true or false"),
        ("chain: 0", "6: nodes.x.chain is 0; give a whole number from 1 to 64"),
        ("chain: 65", "6: nodes.x.chain is 65; give a whole number from 1 to 64"),
        ("upstream: 3", "6: nodes.x.upstream: 3 is not text; put it in quotes"),
        ("args: 3", "6: nodes.x.args: args has to be flags or words; write {port: 9000}"),
        ("args: {--port: 3}", "6: nodes.x.args: '--port' is no flag; write it without its dashes"),
        ("args: {port: [3]}", "6: nodes.x.args: an argument cannot be [3]; write"),
        ("args: {port: null}", "6: nodes.x.args: an argument cannot be None; write"),
        ("args: [a, {b: c}]", "6: nodes.x.args: an argument cannot be {'b': 'c'}; write"),
        ('args: ["a\\0b"]', "6: nodes.x.args: 'a\\x00b' has characters that a command line cannot show; leave"),
        ("networks: lab", "6: nodes.x.networks: networks has to be a list of names or names with addresses; write"),
        ("networks: []", "6: nodes.x.networks: networks has to be a list"),
        ("networks: [lab, lab]", "6: nodes.x.networks: a network is in the list twice; name each once"),
        ("networks: {lab: 10.83.0}", "6: nodes.x.networks: '10.83.0' is no IPv4 address; write it as"),
        ("networks: [Lab]", "6: nodes.x.networks: 'Lab' is no name for a node or network; "),
    ],
)
def test_values_of_nodes(refuses: Refuses, node: str, said: str) -> None:
    assert said in refuses(f"x: {{role: host, {node}}}")


@pytest.mark.parametrize(
    ("subnet", "said"),
    [
        ("10.83.0.0", "'10.83.0.0' is no IPv4 subnet; write it as 10.83.0.0/24"),
        ("10.83.0.0/33", "'10.83.0.0/33' is no IPv4 subnet; "),
        ("fd00::/64", "'fd00::/64' is no IPv4 subnet; "),
        ("10.83.0.1/24", "10.83.0.1/24 is not how a subnet is written here; write 10.83.0.0/24"),
        ("10.83.0.0/255.255.255.0", "10.83.0.0/255.255.255.0 is not how a subnet is written here; write 10.83.0.0/24"),
        ("224.1.0.0/24", "224.1.0.0/24 is not for hosts; take it from"),
        ("127.0.0.0/24", "127.0.0.0/24 is not for hosts; "),
        ("169.254.1.0/24", "169.254.1.0/24 is not for hosts; "),
        ("0.0.0.0/8", "0.0.0.0/8 is too large; "),
        ("8.0.0.0/7", "8.0.0.0/7 is too large; "),
        ("[]", "[] is not text; "),
    ],
)
def test_subnets(refuses: Refuses, subnet: str, said: str) -> None:
    text = f"name: a\nbase: 10.83.0.0/16\nnetworks:\n  lab: {{subnet: {subnet}}}\nnodes: {{b: {{role: host}}}}\n"
    assert f"4: networks.lab.subnet: {said}" in refuses(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nodes: 3", "1: nodes is 3, not a mapping; write"),
        ("nodes: []", "1: nodes is a list, not a mapping; write"),
        ("nodes: {}", "1: nodes is empty; name at least one of the nodes"),
        ("nodes:", "1: nodes is empty, not a mapping; write"),
        ("nodes: {a: b}", "1: nodes.a is 'b', not a mapping; write"),
        ("nodes: {}\nnod: 3", "2: the file has an unknown key nod; did you mean nodes?"),
        ("nodes: {}\nnetworks: {a: {subnt: 3}}", "2: networks.a has an unknown key subnt; did you mean subnet?"),
        ("nodes: {}", "1: the file has no name; add `name: ...`"),
    ],
)
def test_the_file_as_a_whole(refuses: Refuses, text: str, said: str) -> None:
    assert said in refuses(text)
