"""Does every command say how it ends, and print figures as JSON where it prints any?"""

import pytest

from koers.config.console import COMMANDS, main

FIGURES = ("demo", "import", "analyse", "facts", "check", "formula list", "formula run")


def help_of(words, capsys):
    assert main([*words, "--help"]) == 0
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("words", [*COMMANDS, "formula list", "formula run"])
def test_the_help_of_every_command_tells_its_exit_codes(words, capsys):
    told = "exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 interrupted"
    assert told in help_of(words.split(), capsys)


@pytest.mark.parametrize("words", FIGURES)
def test_a_command_that_prints_figures_prints_json_too(words, capsys):
    assert "--json" in help_of(words.split(), capsys)


@pytest.mark.parametrize("words", [[], ["unknown"], ["analyse", "weather"], ["demo", "--scale", "x"]])  # fmt: skip
def test_wrong_usage_ends_with_two(words, capsys):
    assert main(words) == 2
    assert "usage: koers" in capsys.readouterr().err
