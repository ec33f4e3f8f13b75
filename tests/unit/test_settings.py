"""Settings: each wrong one is answered with one sentence."""

import stat

import pytest

from coopcms.settings import Settings, WrongSetting, read

SECRET = "x" * 40


def given(tmp_path, **more):
    return {
        "coopcms.var": str(tmp_path / "var"),
        "coopcms.secret": SECRET,
        **{f"coopcms.{k}": v for k, v in more.items()},
    }


def test_defaults_are_those_of_the_class(tmp_path):
    settings = read(given(tmp_path))
    assert settings == Settings(var=tmp_path / "var", secret=SECRET)
    assert (tmp_path / "var").is_dir()


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("tille", "x", "unknown"),
        ("clock", "sometimes", "inside"),
        ("https", "perhaps", "true"),
        ("upload_megabytes", "ten", "whole number"),
        ("upload_megabytes", "0", "1 or more"),
        ("mail_port", "99999", "65535"),
        ("secret", "short", "32 characters"),
        ("url", "coop.example", "https://"),
        ("url", "ftp://coop.example", "https://"),
        ("url", "https://coop.example:port", "https://"),
        ("url", "https://[coop.example", "https://"),
        ("mail_host", "smtp.example", "coopcms.url"),
        ("mail_tls", "ssl", "starttls"),
        ("mail_user", "coop", "could be read"),
        ("mail_password", "geheim", "COOPCMS_MAIL_PASSWORD"),
        ("mail_days", "0", "1 or more"),
    ],
)
def test_a_wrong_value_is_answered_with_one_sentence(tmp_path, name, value, said):
    with pytest.raises(WrongSetting, match=said) as wrong:
        read({**given(tmp_path), f"coopcms.{name}": value})
    assert str(wrong.value).endswith(".")
    assert "\n" not in str(wrong.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    with pytest.raises(WrongSetting, match="nowhere"):
        read({"coopcms.var": str(tmp_path / "nowhere" / "var")})
    with pytest.raises(WrongSetting, match="coopcms.var"):
        read({})


def test_the_secret_is_made_once_at_random_for_the_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("COOPCMS_SECRET", raising=False)
    first = read({"coopcms.var": str(tmp_path / "a")}).secret
    assert read({"coopcms.var": str(tmp_path / "a")}).secret == first
    assert read({"coopcms.var": str(tmp_path / "b")}).secret != first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "a" / "secret").stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["secret"]


def test_the_environment_has_the_last_word_on_the_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("COOPCMS_SECRET", "y" * 40)
    assert read(given(tmp_path)).secret == "y" * 40


def test_the_password_of_the_mail_server_comes_from_the_environment_and_is_not_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("COOPCMS_MAIL_PASSWORD", "geheim")
    settings = read(
        given(tmp_path, mail_host="smtp.example", mail_tls="starttls", mail_user="coop", url="https://c.example/")
    )
    assert settings.mail_password == "geheim"
    assert "geheim" not in repr(settings)
    assert settings.url == "https://c.example"
