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


def test_a_role_that_may_fire_from_some_states_only_is_given_with_them():
    workflow = WORKFLOWS["specification"]
    withdraw = next(t for t in workflow.transitions if t.id == "withdraw")
    assert document._who(workflow, withdraw) == "coordinator (in_force), staff (draft, consultation, frozen, adopted)"
    adopt = next(t for t in workflow.transitions if t.id == "adopt")
    assert document._who(workflow, adopt) == "closing"


def test_the_picture_of_a_page_follows_the_colours_of_the_reader():
    pictures = [text for file, text in document.pages().items() if file.suffix == ".svg"]
    assert len(pictures) == len(WORKFLOWS)
    assert all("prefers-color-scheme:dark" in text for text in pictures)
