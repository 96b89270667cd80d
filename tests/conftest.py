"""What every test shares: properties are drawn from a fixed seed, so that a run is the same run everywhere."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "derive",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("derive")
