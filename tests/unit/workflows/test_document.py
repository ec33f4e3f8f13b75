"""The generated pages say what the data says."""

from coopcms.workflows import WORKFLOWS, document


def test_the_generated_pages_are_as_new_as_the_workflows(capsys):
    assert document.main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_page_is_found_out(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(document, "DOCS", tmp_path / "docs")
    assert document.main(["--check"]) == 1
    assert "make docs" in capsys.readouterr().out
    assert document.main([]) == 0
    assert document.main(["--check"]) == 0


def test_every_transition_and_every_state_has_its_line():
    text = "\n".join(document._page())
    for workflow in WORKFLOWS.values():
        for transition in workflow.transitions:
            assert f"| `{transition.id}` |" in text
        for state in workflow.states:
            assert f"### {state.id} – " in text
