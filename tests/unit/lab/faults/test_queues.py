"""What tc is told: word by word, also where the kernel at hand has no netem."""

from lab.faults.model import FaultKind, Way
from lab.faults.queues import Queue, burst, commands, limit

ADDRESSES = {"alice": ["10.83.0.3", "fd00::3"], "bob": ["10.83.0.4"]}


def words(*faults: Queue) -> list[str]:
    return [" ".join(command.words) for command in commands("eth0", faults, ADDRESSES)]


def queue(kind: FaultKind, amount: str, peer: str | None = None, way: Way = Way.OUT) -> Queue:
    return Queue(kind, way, peer, amount)


TBF = "tbf rate 1000000bit burst 3028b limit 28028b"


def test_a_rate_of_all_that_goes_out() -> None:
    assert words(queue(FaultKind.RATE, "1mbit")) == [f"tc qdisc add dev eth0 root handle 50cb: {TBF}"]


def test_a_delay_with_jitter() -> None:
    (command,) = words(queue(FaultKind.DELAY, "100ms~20ms"))
    assert command == "tc qdisc add dev eth0 root handle 50cb: netem delay 100000us 20000us"


def test_duplicates() -> None:
    (command,) = words(queue(FaultKind.DUPLICATE, "12.5%"))
    assert command == "tc qdisc add dev eth0 root handle 50cb: netem duplicate 12.5%"


def test_another_order_takes_a_delay() -> None:
    (command,) = words(queue(FaultKind.REORDER, "25%"))
    assert command == "tc qdisc add dev eth0 root handle 50cb: netem delay 10000us reorder 25%"


def test_all_at_once_is_one_netem_and_behind_it_a_rate() -> None:
    found = words(
        queue(FaultKind.RATE, "1mbit"), queue(FaultKind.DUPLICATE, "1%"), queue(FaultKind.REORDER, "2%"),
        queue(FaultKind.DELAY, "50ms"),
    )  # fmt: skip
    assert found == [
        "tc qdisc add dev eth0 root handle 50cb: netem delay 50000us reorder 2% duplicate 1%",
        f"tc qdisc add dev eth0 parent 50cb:1 handle 51cb: {TBF}",
    ]


def test_one_peer_has_a_class_that_a_filter_finds() -> None:
    assert words(queue(FaultKind.DELAY, "1s", "alice")) == [
        "tc qdisc add dev eth0 root handle 50cb: htb",
        "tc class add dev eth0 parent 50cb: classid 50cb:2 htb rate 32gbit quantum 60000",
        "tc qdisc add dev eth0 parent 50cb:2 handle 5102: netem delay 1000000us",
        "tc filter add dev eth0 parent 50cb: protocol ip prio 4 u32 match ip dst 10.83.0.3/32 flowid 50cb:2",
        "tc filter add dev eth0 parent 50cb: protocol ipv6 prio 6 u32 match ip6 dst fd00::3/128 flowid 50cb:2",
    ]


def test_what_holds_for_all_holds_for_a_peer_with_its_own() -> None:
    found = words(
        queue(FaultKind.RATE, "1mbit"), queue(FaultKind.DELAY, "1ms", "alice"), queue(FaultKind.RATE, "8kbit", "bob")
    )
    assert found == [
        "tc qdisc add dev eth0 root handle 50cb: htb default 1",
        "tc class add dev eth0 parent 50cb: classid 50cb:1 htb rate 32gbit quantum 60000",
        f"tc qdisc add dev eth0 parent 50cb:1 handle 5101: {TBF}",
        "tc class add dev eth0 parent 50cb: classid 50cb:2 htb rate 32gbit quantum 60000",
        "tc qdisc add dev eth0 parent 50cb:2 handle 5102: netem delay 1000us",
        f"tc qdisc add dev eth0 parent 5102:1 handle 5202: {TBF}",
        "tc class add dev eth0 parent 50cb: classid 50cb:3 htb rate 32gbit quantum 60000",
        "tc qdisc add dev eth0 parent 50cb:3 handle 5103: tbf rate 8000bit burst 3028b limit 27252b",
        "tc filter add dev eth0 parent 50cb: protocol ip prio 4 u32 match ip dst 10.83.0.3/32 flowid 50cb:2",
        "tc filter add dev eth0 parent 50cb: protocol ipv6 prio 6 u32 match ip6 dst fd00::3/128 flowid 50cb:2",
        "tc filter add dev eth0 parent 50cb: protocol ip prio 4 u32 match ip dst 10.83.0.4/32 flowid 50cb:3",
    ]


def test_what_comes_in_goes_by_a_device_of_its_own() -> None:
    assert words(queue(FaultKind.RATE, "1mbit", way=Way.IN)) == [
        "ip link add name socklab-eth0 type ifb",
        "ip link set dev socklab-eth0 up",
        f"tc qdisc add dev socklab-eth0 root handle 50cb: {TBF}",
        "tc qdisc add dev eth0 handle ffff: ingress",
        "tc filter add dev eth0 parent ffff: protocol all prio 1 u32 match u32 0 0"
        " action mirred egress redirect dev socklab-eth0",
    ]


def test_nothing_is_said_of_nothing() -> None:
    assert words() == []


def test_each_command_says_what_it_needs_of_the_kernel() -> None:
    faults = (queue(FaultKind.DELAY, "1ms", "bob"), queue(FaultKind.RATE, "1mbit", way=Way.IN))
    needs = [command.needs for command in commands("eth0", faults, ADDRESSES)]
    assert needs == ["sch_htb", "sch_htb", "sch_netem", "cls_u32", "ifb", "ifb", "sch_tbf", "sch_ingress", "act_mirred"]


def test_a_bucket_is_filled_between_two_ticks_and_a_queue_holds_a_fifth_of_a_second() -> None:
    assert burst(100_000_000) == 125_000
    assert limit(100_000_000) == 2_500_000 + 125_000
    assert (burst(8000), limit(8000)) == (2 * 1514, 18 * 1514)
