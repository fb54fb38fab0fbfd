"""Does a file tell which of its companies stand in it twice?"""

import pytest

from koers.customers.figures.duplicate import UnreadableListError, duplicates_in_file

LIST = """Bedrijfsnaam;Plaats;Telefoon
Bakkerij Jansen B.V.;Ede;0318-123456
Slagerij De Wit;Ede;
bakkerij jansen;Ede;+31 318 123456
"""


def test_twins_in_a_dutch_file_come_with_line_numbers_and_names(tmp_path):
    path = tmp_path / "relaties.csv"
    path.write_text(LIST, encoding="utf-8")
    (pair,), names = duplicates_in_file(path, at_least=0.5)
    assert (pair.first, pair.second, pair.evidence) == (2, 4, ("+name", "+phone", "+city"))
    assert names == {2: "Bakkerij Jansen B.V.", 4: "bakkerij jansen"}


@pytest.mark.parametrize("content", [b"color;size\nred;1\n", b"naam;plaats\n\xff\xfe\xfa;Ede\n"])
def test_a_file_without_names_or_in_another_encoding_is_refused(tmp_path, content):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableListError):
        duplicates_in_file(path, at_least=0.5)
