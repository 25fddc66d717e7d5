from tests.harness import switchboard  # noqa: F401 -- a fixture
