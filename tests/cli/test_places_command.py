"""`monitor places`: search, show, import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor import config
from monitor.rules.inline_tests import run_tests
from monitor.rules.lint import lint
from tests.cli.terminal import RULES, monitor, rules_in

OWN = RULES + "places:\n  dune-town:\n    name: {ar: بلدة الكثبان, en: Dune Town}\n    within: homs-governorate\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no rules file lies."""
    monkeypatch.chdir(tmp_path)


# --- search ---------------------------------------------------------------------------------------


def test_search_shows_the_place_how_it_was_found_and_what_to_write() -> None:
    result = monitor("places", "search", "بديرالزور")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:4] == [
        "deir-ez-zor  city in deir-ez-zor-governorate, syria",
        "  دير الزور",
        "  Deir ez-Zor",
        "  read as: ب+دير الزور",
    ]
    assert result.stdout.endswith("In a rule:  - place: deir-ez-zor\n")


def test_several_words_need_no_quotes() -> None:
    assert monitor("places", "search", "Deir", "ez", "Zor").stdout.startswith("deir-ez-zor ")


@pytest.mark.parametrize("typed", [("حلب",), ("Deir", "ez-Zor")])
def test_whoever_forgets_to_say_search_is_told_of_it(typed: tuple[str, ...]) -> None:
    result = monitor("places", *typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"monitor: to find a place, write: monitor places search {' '.join(typed)}\n"


def test_a_command_of_places_that_is_misspelt_is_still_suggested() -> None:
    result = monitor("places", "serch", "حلب")
    assert result.exit_code == 2
    assert "Did you mean 'search'?" in result.stderr


def test_search_as_json() -> None:
    answer = json.loads(monitor("places", "search", "الباب", "--json").stdout)
    first = answer["found"][0]
    assert (answer["query"], answer["nearest"]) == ("الباب", [])
    assert {key: first[key] for key in ("id", "kind", "how", "guarded", "write")} == {
        "id": "al-bab", "kind": "city", "how": "spelling", "guarded": True, "write": "place: al-bab",
    }  # fmt: skip
    assert first["within"] == ["aleppo-governorate", "syria"]


def test_a_spelling_that_is_a_word_as_well_is_pointed_out() -> None:
    assert "ordinary word as well: see monitor places show al-bab" in monitor("places", "search", "الباب").stdout


def test_nothing_found_is_exit_1_with_the_nearest_guesses() -> None:
    result = monitor("places", "search", "Daxmsqxus")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no place is called 'Daxmsqxus'; the nearest:" in result.stderr
    assert "damascus" in result.stderr
    answer = json.loads(monitor("places", "search", "Daxmsqxus", "--json").stdout)
    assert answer["found"] == []
    assert "damascus" in [hit["id"] for hit in answer["nearest"]]


@pytest.mark.parametrize(
    ("filters", "found", "left_out"),
    [
        ([], {"tripoli-libya", "tripoli-lebanon", "tripoli-airport"}, set()),
        (["--country", "lebanon"], {"tripoli-lebanon"}, {"tripoli-libya", "tripoli-airport"}),
        (["--country", "لبنان"], {"tripoli-lebanon"}, {"tripoli-libya", "tripoli-airport"}),
        (["--kind", "airport"], {"tripoli-airport"}, {"tripoli-libya", "tripoli-lebanon"}),
        (["--within", "tripoli-district"], {"tripoli-libya", "tripoli-airport"}, {"tripoli-lebanon"}),
        (["--country", "libya", "--kind", "city"], {"tripoli-libya"}, {"tripoli-airport", "tripoli-lebanon"}),
    ],
)
def test_what_is_found_can_be_narrowed_down(filters: list[str], found: set[str], left_out: set[str]) -> None:
    answer = json.loads(monitor("places", "search", "Tripoli", "--json", "--limit", "99", *filters).stdout)
    ids = {hit["id"] for hit in answer["found"]}
    assert (found - ids, left_out & ids) == (set(), set())


def test_a_place_that_lies_elsewhere_is_told_as_such() -> None:
    result = monitor("places", "search", "حمص", "--country", "iraq")
    assert result.exit_code == 1
    assert "there; elsewhere:\nhoms  city in homs-governorate, syria" in result.stderr


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (["--country", "hooms"], "there is no place 'hooms': did you mean 'homs'"),
        (["--country", "homs"], "write --within homs"),
        (["--within", "nowhere"], "there is no place 'nowhere'"),
        (["--kind", "town hall"], "there is no kind 'town hall': kinds are airport, "),
    ],
)
def test_a_filter_that_names_nothing_is_exit_2(filters: list[str], told: str) -> None:
    result = monitor("places", "search", "حمص", *filters)
    assert (result.exit_code, told in result.stderr) == (2, True)


def test_the_list_is_cut_and_says_so() -> None:
    assert "… and " in monitor("places", "search", "دير", "--limit", "1").stdout


def test_places_of_the_rules_file_are_found_too(tmp_path: Path) -> None:
    rules_in(tmp_path, OWN)
    first = monitor("places", "search", "ببلدة الكثبان").stdout.splitlines()[0]
    assert first == "dune-town  place of yours in homs-governorate, syria"


def test_a_broken_rules_file_is_an_error_only_if_it_was_named(tmp_path: Path) -> None:
    file = rules_in(tmp_path, "version: 9\n")
    unnamed = monitor("places", "search", "حمص")
    assert (unnamed.exit_code, "only shipped places" in unnamed.stderr) == (0, True)
    assert monitor("places", "search", "حمص", "-c", file).exit_code == 3
    assert monitor("places", "search", "حمص", "-c", "none.yaml").exit_code == 3


# --- show -----------------------------------------------------------------------------------------


def test_show_tells_spellings_guards_position_and_a_rule() -> None:
    shown = monitor("places", "show", "al-bab").stdout
    for told in (
        "al-bab  city in aleppo-governorate, syria\n",
        "  at 36.37",
        "  Cyrillic\n    Эль-Баб",
        "an ordinary word as well, and the place only in company\n  الباب\n  behind one of:\n    مدينة، بلدة،",
        "- place: al-bab",
    ):
        assert told in shown


def test_show_lists_and_counts_what_lies_within() -> None:
    shown = monitor("places", "show", "syria", "--all").stdout
    inner = json.loads(monitor("places", "show", "syria", "--json").stdout)["inner"]
    assert f"within it: {len(inner)} places (" in shown
    assert "\n    deir-ez-zor  city\n      " in shown
    assert "\n      deir-ez-zor-airport  airport\n" in shown


def test_of_a_large_place_only_the_outermost_are_listed_unless_all_are_asked_for() -> None:
    shown, whole = monitor("places", "show", "syria").stdout, monitor("places", "show", "syria", "--all").stdout
    assert "\n  homs-governorate  governorate  +" in shown
    assert ("\n    homs  city" in shown, "\n    homs  city" in whole) == (False, True)


def test_show_as_json() -> None:
    place = json.loads(monitor("places", "show", "al-bab", "--json").stdout)
    assert (place["id"], place["within"]) == ("al-bab", ["aleppo-governorate", "syria"])
    assert "مدينة" in place["guarded"]["الباب"]
    assert abs(place["lat"] - 36.37) < 0.01


def test_show_of_ones_own_place_has_no_position(tmp_path: Path) -> None:
    rules_in(tmp_path, OWN)
    result = monitor("places", "show", "dune-town")
    assert (result.exit_code, "  at " in result.stdout) == (0, False)


@pytest.mark.parametrize("asked", ["hooms", "حمص", "Hims"])
def test_show_of_an_unknown_id_suggests_one(asked: str) -> None:
    result = monitor("places", "show", asked)
    assert (result.exit_code, "did you mean 'homs'" in result.stderr) == (2, True)


# --- import ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Jordan, Turkey and Morocco: towns that are called as words are, as each other, and as shipped places."""
    file = tmp_path_factory.mktemp("packs") / "places.yaml"
    result = monitor("places", "import", "Jordan", "TUR", "المغرب", "--out", str(file))
    assert result.exit_code == 0, result.stderr
    assert f"{file} is written: write  include: [places.yaml]  in your rules file" in result.stderr
    return file


RULE = """\
version: 1
include: [{file}]
rules:
  - id: abroad
    all:
      - place: [turkey, jordan, morocco]
      - event: clash
    tests:
      - match: اشتباكات في غازي عنتاب
      - match: اشتباكات بإزمير
      - match: اشتباكات في تركيا
      - match: Clashes in Marrakesh
      - match: اشتباكات قرب مدينة وان
      - match: Бои в Стамбуле اشتباكات
      - no_match: اشتباكات وان لم تتوقف
        because: the name of Van is a word as well
      - no_match: Clashes of mobile units
        because: so is Of
      - no_match: اشتباكات في دمشق
"""


def test_what_is_imported_loads_without_a_warning_and_its_places_are_found(imported: Path) -> None:
    rules = imported.with_name("rules.yaml")
    rules.write_text(RULE.format(file=imported.name), encoding="utf-8")
    loaded = config.load(rules, environ={})
    assert [str(problem) for problem in (*loaded.warnings, *lint(loaded))] == []
    assert [str(result) for result in run_tests(loaded.rules, loaded.lexicon) if not result.passed] == []


def test_the_same_countries_give_the_same_file_in_any_order(imported: Path, tmp_path: Path) -> None:
    result = monitor("places", "import", "ma", "tr", "JO", "TR")
    assert result.stdout == imported.read_text(encoding="utf-8")


def test_a_file_is_overwritten_only_if_forced(tmp_path: Path) -> None:
    file = tmp_path / "there.yaml"
    file.write_text("mine", encoding="utf-8")
    result = monitor("places", "import", "KW", "-o", str(file))
    assert (result.exit_code, "--force" in result.stderr, file.read_text()) == (2, True, "mine")
    assert monitor("places", "import", "KW", "-o", str(file), "--force").exit_code == 0
    assert "kuwait:" in file.read_text(encoding="utf-8")
    assert [left.name for left in tmp_path.iterdir()] == ["there.yaml"]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    result = monitor("places", "import", "KW", "-o", str(tmp_path / "none" / "places.yaml"))
    assert (result.exit_code, "cannot be written" in result.stderr) == (2, True)


def test_an_unknown_country_is_suggested() -> None:
    result = monitor("places", "import", "Turky")
    assert (result.exit_code, "did you mean 'Turkey'" in result.stderr) == (2, True)


def test_a_file_too_large_to_be_included_is_refused_with_a_number_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.cli.places_import.MAX_BYTES", 60_000)
    result = monitor("places", "import", "TR")
    assert (result.exit_code, result.stdout) == (2, "")
    least = result.stderr.partition("--min-population ")[2].partition(",")[0]
    smaller = monitor("places", "import", "TR", "--min-population", least)
    assert smaller.exit_code == 0
    assert 30_000 < len(smaller.stdout.encode()) <= 60_000


def test_shipped_towns_are_told_and_left_out() -> None:
    result = monitor("places", "import", "SY")
    assert "shipped already" in result.stderr
    assert "  homs:" not in result.stdout
    assert "within: syria" in result.stdout
