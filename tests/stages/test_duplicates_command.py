"""Does the command tell which companies stand in a file twice, and why?"""

import json

from koers.config.console import main

LIST = """Bedrijfsnaam;Plaats;Telefoon
Bakkerij Jansen B.V.;Ede;0318-123456
Slagerij De Wit;Ede;
bakkerij jansen;Ede;+31 318 123456
"""


def test_twins_in_a_dutch_file_come_with_line_numbers_and_reasons(tmp_path, capsys):
    path = tmp_path / "relaties.csv"
    path.write_text(LIST, encoding="utf-8")
    assert main(["duplicates", str(path), "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)
    assert (pair["line"], pair["name"], pair["other_line"], pair["other_name"]) == (2, "Bakkerij Jansen B.V.", 4, "bakkerij jansen")  # fmt: skip
    assert (pair["same"], pair["different"]) == (["name", "phone", "city"], [])
