"""What holds for every test: nothing but this machine is reached."""

import pytest

from tf2docs.pages.running.network_guard import attempts, network_refused

collect_ignore = ["benchmarks"]  # scripts to run by hand


@pytest.fixture(autouse=True)
def no_network():
    with network_refused():
        yield
    reached, attempts[:] = list(attempts), []
    assert not reached, f"the test tried to reach {reached}"
