"""Settings: read once, all faults named at once, no secret repeated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import SECRETS
from bot.settings import WrongSettings, read

ROOT = Path(__file__).resolve().parents[2]
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
NAMES = sorted(
    {
        line.removeprefix("# ").partition("=")[0]
        for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
        if "=" in line and line.removeprefix("# ").partition("=")[0].isupper()
    }
)


def faults(**environment: str) -> str:
    with pytest.raises(WrongSettings) as caught:
        read(environment)
    told, japanese = str(caught.value).splitlines()[1:], caught.value.sentence("ja").splitlines()[1:]
    for line, ja in zip(told, japanese, strict=True):
        assert re.search("[ぁ-ん]", ja)
        # Both name the same settings, and what was given in the same way.
        assert set(re.findall("[A-Z]+_[A-Z_]+(?:='[^']*')?", ja)) == set(
            re.findall("[A-Z]+_[A-Z_]+(?:='[^']*')?", line)
        )
    return str(caught.value)


def test_nothing_need_be_set() -> None:
    settings = read({})
    assert not settings.has_slack
    assert settings.database_url == "sqlite:///var/fusen.db"
    assert (settings.command, settings.language, settings.zone) == ("/note", "en", "UTC")
    assert (settings.pages_port, settings.playground_port, settings.host) == (8020, 8010, "127.0.0.1")
    assert settings.digest_time.day == "mon"


def test_what_is_blank_counts_as_not_set() -> None:
    assert read({"FUSEN_COMMAND": " ", "PAGES_PORT": "", "DIGEST_TIME": "\t"}) == read({})


def test_blanks_around_a_value_are_not_part_of_it() -> None:
    assert read({"FUSEN_TIMEZONE": " Asia/Tokyo "}).zone == "Asia/Tokyo"


def test_all_faults_are_named_at_once() -> None:
    told = faults(
        FUSEN_COMMAND="note",
        FUSEN_LANGUAGE="fr",
        FUSEN_TIMEZONE="Tokyo",
        DIGEST_TIME="payday",
        DIGEST_CHANNEL="#papers",
        PAGES_PORT="http",
        PAGES_ADDRESS="papers.example.org",
        PAGES_ROBOTS="perhaps",
        SLACK_BOT_TOKEN="xoxp-very-secret",
        SLACK_API_URL="https://",
    )
    for name in (
        "FUSEN_COMMAND='note'",
        "FUSEN_LANGUAGE='fr'",
        "FUSEN_TIMEZONE='Tokyo'",
        "DIGEST_TIME='payday'",
        "DIGEST_CHANNEL='#papers'",
        "PAGES_PORT='http'",
        "PAGES_ADDRESS='papers.example.org'",
        "PAGES_ROBOTS='perhaps'",
        "SLACK_API_URL='https://'",
        "SLACK_BOT_TOKEN: a token here begins with xoxb-",
    ):
        assert name in told
    assert len(told.splitlines()) == 12


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("after", ["", "   # where it was found"])
def test_a_wrong_token_is_not_repeated(name: str, after: str) -> None:
    begin = TOKENS[name] if after else ""  # systemd and containers take what stands behind for a part of it
    told = faults(**TOKENS | {name: f"{begin}hunter2-very-secret{after}"})
    assert name in told
    assert "hunter2" not in told


def test_a_bot_token_alone_is_not_enough_and_no_secret_is_repeated() -> None:
    told = faults(SLACK_BOT_TOKEN="xoxb-secret")
    assert "SLACK_APP_TOKEN" in told
    assert "SLACK_SIGNING_SECRET" in told
    assert "xoxb-secret" not in told


@pytest.mark.parametrize("name", ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_a_secret_without_a_bot_token_is_a_fault_not_a_playground(name: str) -> None:
    assert f"{name} is set but SLACK_BOT_TOKEN is not" in faults(**{name: "xapp-1"})


def test_swapped_tokens_are_two_faults_and_no_more() -> None:
    told = faults(SLACK_BOT_TOKEN="xapp-1", SLACK_APP_TOKEN="xoxb-1")
    assert len(told.splitlines()) == 3


@pytest.mark.parametrize("other", [{"SLACK_APP_TOKEN": "xapp-1"}, {"SLACK_SIGNING_SECRET": "0123abcd"}])
def test_a_bot_token_with_its_counterpart_is_a_slack(other: dict[str, str]) -> None:
    assert read({"SLACK_BOT_TOKEN": "xoxb-1", **other}).has_slack


@pytest.mark.parametrize(("given", "port"), [({"PORT": "5000"}, 5000), ({"PORT": "5000", "PAGES_PORT": "0"}, 0)])
def test_the_port_that_a_host_gives_is_taken_unless_ours_is_set(given: dict[str, str], port: int) -> None:
    assert read(given).pages_port == port


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "fe80::1", "localhost", "box_1.lab-net.example"])
def test_the_host_may_be_an_address_or_a_name(host: str) -> None:
    assert read({"HOST": host}).host == host


def test_a_wrong_port_is_named_as_it_was_given() -> None:
    assert "  PORT='x'" in faults(PORT="x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOST", "http://0.0.0.0"),
        ("HOST", "foo bar"),
        ("HOST", "localhost:8020"),
        ("HOST", "[::]"),
        ("HOST", "10.0.0.0/8"),
        ("PAGES_PORT", "65536"),
        ("PAGES_PORT", "-1"),
        ("PAGES_PORT", "８０２０"),
        ("PAGES_PORT", "9" * 5000),
        ("FUSEN_COMMAND", "/my note"),
        ("FUSEN_COMMAND", "/my\tnote"),
        ("FUSEN_COMMAND", "/" + "x" * 32),
        ("FUSEN_COMMAND", "/"),
        ("FUSEN_COMMAND", "/Note"),
        ("FUSEN_COMMAND", "/no/te"),
        ("FUSEN_TIMEZONE", "../../etc/passwd"),
        ("FUSEN_TIMEZONE", "/etc/passwd"),
        ("FUSEN_TIMEZONE", "Asia"),
        ("FUSEN_TIMEZONE", "JST"),
        ("FUSEN_TIMEZONE", "UTC for example Asia/Tokyo"),
        ("ARXIV_API_URL", "ftp://export.arxiv.org"),
        ("ARXIV_API_URL", "http://[::1"),
        ("PAGES_ADDRESS", "https://a b"),
        ("PAGES_ADDRESS", "https://papers.example.org/?x"),
        ("PAGES_ADDRESS", "https://papers.example.org/#y"),
        ("PAGES_ADDRESS", "https://example.org/notes/Index.html"),
        ("DIGEST_TIME", "mon 24:00"),
        ("DIGEST_CHANNEL", "papers"),
        ("PAGES_FOLDER", "~nobody-of-this-name/pages"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(name: str, value: str) -> None:
    told = faults(**{name: value})
    assert told.splitlines()[1].startswith(f"  {name}=")
    assert len(told) < 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGES_BUCKET", "lab-papers"),
        ("PAGES_BUCKET", "s3://hunter2@lab-papers"),
        ("PAGES_BUCKET", "s3://lab-papers/../x"),
        ("PAGES_BUCKET_ENDPOINT", "https://key:hunter2@s3.example"),
        ("PAGES_GIT", "https://x:hunter2@github.com/lab/papers.git"),
        ("PAGES_GIT", "ftp://hunter2.example/papers.git"),
        ("PAGES_GIT", "papers"),
    ],
)
def test_a_place_for_pages_is_named_without_secrets_and_none_is_repeated(name: str, value: str) -> None:
    told = faults(**{name: value, "PAGES_BUCKET_KEY_ID": "hunter2", "PAGES_GIT_BRANCH": "a..b"})
    assert f"  {name}: " in told
    assert "PAGES_GIT_BRANCH='a..b'" in told
    assert "PAGES_BUCKET_KEY_ID is set but PAGES_BUCKET_SECRET is not" in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "url",
    ["https://github.com/l/p.git", "git@github.com:l/p.git", "ssh://git@h.example:22/srv/p.git", "/srv/p.git"],
)
def test_a_branch_may_be_anywhere_git_goes(url: str) -> None:
    assert read({**TOKENS, "PAGES_GIT": url, "PAGES_GIT_BRANCH": "site/pages-1.0"}).pages_git == url


@pytest.mark.parametrize("path", ["papers.git", "./papers.git", "~/papers.git"])
def test_a_repository_on_this_machine_is_asked_for_by_its_whole_path(path: str) -> None:
    told = faults(**TOKENS, PAGES_GIT=path)
    assert "the whole path of a bare repository, beginning with /" in told


@pytest.mark.parametrize(("name", "value"), [("PAGES_GIT", "/srv/p.git"), ("PAGES_BUCKET", "s3://lab-papers")])
def test_a_playground_sends_no_pages_elsewhere(name: str, value: str) -> None:
    assert f"{name} is set but SLACK_BOT_TOKEN is not: set both, or none" in faults(**{name: value})


def test_no_secret_shows_where_the_settings_are_shown() -> None:
    secret = {name for name in NAMES if re.search("_(SECRET|TOKEN|API_KEY)$", name)}
    assert len(secret) == 8
    assert set(SECRETS) == secret | {"PAGES_BUCKET_KEY_ID"}
    given = {name: f"{TOKENS.get(name, '')}hunter2" for name in secret}
    given |= {"PAGES_BUCKET": "s3://lab", "PAGES_BUCKET_KEY_ID": "K", "PAGES_GIT": "/srv/p.git"}
    given |= {"LLM_MODEL": "small", "LLM_BASE_URL": "http://127.0.0.1:11434/v1"}
    given |= {"DATABASE_URL": "postgresql://fusen:hunter2@host/fusen"}
    assert "hunter2" not in repr(read(given))


def test_the_scheme_of_an_address_may_be_written_in_capitals() -> None:
    read_ones = read({"PAGES_ADDRESS": "HTTPS://Papers.example.org/Lab/", "SLACK_API_URL": "Http://127.0.0.1:9/"})
    assert read_ones.pages_address == "https://Papers.example.org/Lab/"
    assert read_ones.slack_api_url == "http://127.0.0.1:9/"


def test_the_playground_and_the_pages_need_two_ports() -> None:
    assert "PLAYGROUND_PORT: the pages are served at 8010 already" in faults(PORT="8010")
    assert "PLAYGROUND_PORT" in faults(PAGES_PORT="7000", PLAYGROUND_PORT="7000")
    free = read({"PAGES_PORT": "0", "PLAYGROUND_PORT": "0"})
    assert free.pages_port == free.playground_port == 0
    assert read({**TOKENS, "PORT": "8010"}).pages_port == 8010  # there is no playground


def test_a_sign_in_needs_what_slack_knows_the_app_by() -> None:
    assert read({"PAGES_READERS": "Members"}).pages_readers == "members"  # the playground brings the rest
    told = faults(**TOKENS, PAGES_READERS="full-members", SLACK_CLIENT_SECRET="hunter2")
    assert "PAGES_READERS=full-members needs SLACK_CLIENT_ID too" in told
    assert "PAGES_READERS=full-members needs PAGES_ADDRESS too" in told
    assert "hunter2" not in told and len(told.splitlines()) == 3


def test_a_sign_in_on_an_address_that_slack_does_not_lead_back_to_is_refused() -> None:
    signing_in = {**TOKENS, "PAGES_READERS": "members", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hunter2"}
    told = faults(**signing_in, PAGES_ADDRESS="HTTP://papers.example.org/")
    assert "  PAGES_ADDRESS='http://papers.example.org/': PAGES_READERS=members needs HTTPS" in told
    assert "hunter2" not in told and len(told.splitlines()) == 2
    for fit in (
        {"PAGES_ADDRESS": "https://papers.example.org/"},
        {"PAGES_ADDRESS": "http://localhost:8020/"},
        {"PAGES_ADDRESS": "http://127.0.0.1:8020/"},
        {"PAGES_ADDRESS": "http://papers.example.org/", "SLACK_API_URL": "http://127.0.0.1:9/api/"},
        {"PAGES_ADDRESS": "http://papers.example.org/", "PAGES_READERS": "anybody"},
    ):
        assert read(signing_in | fit).pages_address == fit["PAGES_ADDRESS"]


def test_a_home_directory_is_understood() -> None:
    assert read({"PAGES_FOLDER": "~/pages"}).pages_folder == Path.home() / "pages"


def test_two_flavours_need_two_folders() -> None:
    assert read({"JEKYLL_FOLDER": "site"}).jekyll_folder == Path("site")
    assert read({}).jekyll_folder is None
    assert "JEKYLL_FOLDER: PAGES_FOLDER is there" in faults(PAGES_FOLDER="site", JEKYLL_FOLDER="./site")


def test_the_language_may_be_written_in_capitals() -> None:
    assert read({"FUSEN_LANGUAGE": "JA"}).language == "ja"


@given(environment=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=20)))
def test_any_values_are_taken_or_named(environment: dict[str, str]) -> None:
    try:
        read(environment)
    except WrongSettings as error:
        assert all(line.startswith("  ") for line in str(error).splitlines()[1:])


def test_the_example_means_the_same_to_whatever_reads_it() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.match(r"#? ?[A-Z_]+=.*\s#", line)] == []  # only python-dotenv cuts it off
    assert [line for line in lines if line and not re.match(r"# [^#\s]", line)] == []  # one form for all


def test_the_example_names_every_setting() -> None:
    code = (ROOT / "bot/settings.py").read_text(encoding="utf-8")
    assert {name for name in NAMES if f'"{name}"' not in code} == set()
    assert {"PORT"} | set(NAMES) >= set(_taken(code))


def _taken(code: str) -> list[str]:
    return [piece.partition('"')[0] for piece in code.split('take("')[1:]]


@pytest.mark.parametrize("some", [("LLM_MODEL",), ("LLM_BASE_URL",), ("LLM_API_KEY",)])
def test_half_a_language_model_is_a_fault_and_its_key_is_not_repeated(some: tuple[str, ...]) -> None:
    whole = {"LLM_MODEL": "small", "LLM_BASE_URL": "http://127.0.0.1:11434/v1", "LLM_API_KEY": "hunter2"}
    assert read(whole).llm_model == "small"
    told = faults(**{name: whole[name] for name in some})
    assert "LLM_BASE_URL and LLM_MODEL" in told and "hunter2" not in told


def test_licences_are_asked_of_arxiv_only_where_arxiv_is_asked() -> None:
    assert read({}).arxiv_oai_url == "https://oaipmh.arxiv.org/oai"
    assert read({"ARXIV_API_URL": "http://127.0.0.1:9/"}).arxiv_oai_url == ""
    mirror = {"ARXIV_API_URL": "http://127.0.0.1:9/", "ARXIV_OAI_URL": "http://127.0.0.1:9/oai"}
    assert read(mirror).arxiv_oai_url == "http://127.0.0.1:9/oai"
