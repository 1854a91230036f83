"""Real records, answers and payloads, for the tests that want volume. They lie beside the checkout or nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_real_data = pytest.mark.skipif(
    not REAL_DATA.is_dir(), reason="no real data: ../shared/data is not beside the checkout"
)
