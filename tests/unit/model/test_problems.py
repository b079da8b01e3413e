from voxguard.model.problems import Mark


def test_a_mark_shows_as_much_as_is_known() -> None:
    """File, line and column, as editors and terminals understand them."""
    assert str(Mark("a.yaml", 3, 7)) == "a.yaml:3:7"
    assert str(Mark("a.yaml")) == "a.yaml"
