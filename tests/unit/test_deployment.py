"""What lies ready for those who run Fusen agrees with the program."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

from command_line import ROOT, fusen

from bot import settings
from bot.composition.surroundings import MANIFEST, TEMPLATES
from bot.stopping import GRACE_SECONDS
from papers.wording import LANGUAGES

DEPLOY = ROOT / "deploy"
SETTINGS = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))


def test_an_installed_package_carries_every_file_that_the_program_reads() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    carried = built["force-include"]
    for file in (TEMPLATES, MANIFEST):
        assert carried[file.name] == file.name, "it is looked for beside the packages"


def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    optional = [name for names in project["project"]["optional-dependencies"].values() for name in names]
    declared = {re.split(r"[\[<>=]", name)[0] for name in (*project["project"]["dependencies"], *optional)}
    rooms = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    imported = set()
    for file in (file for room in rooms for file in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.partition(".")[0] for name in names}
    packages = packages_distributions()
    foreign = {
        packages[name][0].lower().replace("_", "-") for name in imported - sys.stdlib_module_names - set(rooms)
    }
    assert foreign <= declared


def test_the_container_sets_what_fusen_reads_and_keeps_it_in_its_volume() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    block = re.search(r"^ENV ((?:[^\\\n]|\\\n)*)$", text, re.MULTILINE)
    assert block
    chosen = dict(pair.split("=", 1) for pair in block[1].replace("\\\n", " ").split())
    assert set(chosen) - SETTINGS == {"PYTHONUNBUFFERED"}
    read = settings.read(chosen)
    assert read.pages_folder.is_relative_to("/data")
    assert read.playground_data.is_relative_to("/data")
    assert read.database_url.startswith("sqlite:////data/")


def test_services_wait_longer_than_a_stop_takes_and_call_commands_that_are_there(tmp_path: Path) -> None:
    for file in DEPLOY.glob("*.service"):
        unit = ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str  # type: ignore[assignment, method-assign] # as the module's documentation has it
        unit.read(file)
        assert unit["Service"]["StateDirectoryMode"] == "0750"  # whichever of them ran last
        seconds = unit["Service"].get("TimeoutStopSec", "90")
        assert float(seconds) > GRACE_SECONDS
        command = re.search(r"bin/fusen (\w+)", unit["Service"]["ExecStart"])
        assert command
        assert fusen(tmp_path, command[1], "--help").code == 0


def test_no_setting_in_a_guide_has_anything_behind_its_value() -> None:
    for guide in (ROOT / "docs").glob("*.md"):
        assert re.findall(r"(?m)^[A-Z_]+=.*[ \t]#.*", guide.read_text(encoding="utf-8")) == [], guide.name


def test_no_setting_in_a_guide_is_quoted_for_a_container_takes_the_quotes_for_a_part_of_it() -> None:
    for guide in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / ".env.example"):
        assert re.findall(r"""(?m)\b(?:PAGES|SLACK|FUSEN)_[A-Z_]+=["'].*""", guide.read_text("utf-8")) == [], (
            guide.name
        )


def test_a_program_for_ssh_in_a_guide_never_waits_for_a_person_or_for_ever() -> None:
    for guide in (ROOT / "docs/publishing.md", ROOT / ".env.example"):
        for line in re.findall(r"PAGES_GIT_SSH=(.*)", guide.read_text("utf-8")):
            assert line.endswith(" -o BatchMode=yes -o ConnectTimeout=20")


def test_commands_by_hand_see_what_the_service_sees() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    by_hand = dict(re.findall(r"-p (\w+)=(\S+)", guide))
    service = (DEPLOY / "fusen.service").read_text()
    assert {"User", "EnvironmentFile", "WorkingDirectory", "StateDirectory", "ProtectSystem"} <= by_hand.keys()
    assert all(f"\n{name}={value}\n" in service for name, value in by_hand.items())


def test_the_image_is_built_in_the_format_that_has_a_health_check() -> None:
    for file in (DEPLOY / "Containerfile", ROOT / "docs" / "operating.md"):
        for options in re.findall(r"podman build (.*)-t fusen", file.read_text(encoding="utf-8")):
            assert options.startswith("--format docker ")


def test_a_container_that_brings_a_long_database_up_to_date_is_not_taken_for_sick() -> None:
    minutes = re.search(r"HEALTHCHECK --start-period=(\d+)m ", (DEPLOY / "Containerfile").read_text("utf-8"))
    assert minutes
    assert int(minutes[1]) >= 10
    for file in DEPLOY.glob("*.service"):
        assert "TimeoutStartSec" not in file.read_text("utf-8"), "none has a limit of its own"


def test_the_guide_names_only_settings_and_files_that_are_there() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})(?:=[^`]*)?`", guide)) - {"SIGTERM", "PATH"}
    assert named <= SETTINGS | {"PORT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}
    for file in re.findall(r"\bdeploy/[\w.-]+", guide):
        assert (ROOT / file).is_file(), file
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    assert "setup" in targets >= set(re.findall(r"`(?:[^`]* )?make ([a-z]+)`", guide))


def test_what_translations_need_can_be_had_in_a_container() -> None:
    container = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert "ARG EXTRAS=\n" in container
    words = [(TEMPLATES / "words/shell" / f"doctor.{language}.toml").read_text("utf-8") for language in LANGUAGES]
    for text in (container, (ROOT / "docs/operating.md").read_text(encoding="utf-8"), *words):
        assert set(re.findall(r"--build-arg EXTRAS=(\w+)", text)) == extras.keys()
