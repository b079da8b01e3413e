from pathlib import Path

from voxguard.store.embedded.cluster import ensure_password


def test_a_password_is_made_once(tmp_path: Path) -> None:
    """Whoever starts again uses the password that the data directory was made with."""
    password = ensure_password(tmp_path)
    assert len(password) > 40
    assert ensure_password(tmp_path) == password
    assert (tmp_path / "pgpass").stat().st_mode & 0o777 == 0o600
