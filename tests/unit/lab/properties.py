"""How properties are tried: often enough to find something, without a clock that a busy machine could miss."""

from hypothesis import HealthCheck, settings

steady = settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
