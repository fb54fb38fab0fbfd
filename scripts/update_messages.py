"""Which texts does Koers show, and which of them still lack a translation?

Collects every text marked for translation from the Python sources and the templates and merges
them into the catalogues: translations are kept, texts no longer shown are dropped, new ones stand
with an empty translation. Needs no GNU gettext: Python is read with `ast`, templates with Django's
own lexer.
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import allauth
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "koers"
LOCALES = SOURCE / "locale"
OVERRIDDEN = "allauth"
"""The source reference of a text of allauth that our catalogue translates in its place."""

FUNCTIONS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
"""Per function of Django: which argument is the context, the text and the plural."""

QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
MARKED_CONSTANT = re.compile(rf"""(?<![\w"'])_\(({QUOTED})\)""")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{\w*\}")


class Text(NamedTuple):
    """One text to translate: `plural` and `context` are None for a plain one."""

    singular: str
    plural: str | None = None
    context: str | None = None


def placeholders(text: str) -> set[str]:
    """Return what a text has filled in: `%(name)s`, `%s`, `{name}`."""
    return {found.group() for found in PLACEHOLDER.finditer(text.replace("%%", ""))}


def texts_of_python(source: str) -> Iterator[Text]:
    """Yield the texts of one module; a call whose text is no constant is an error.

    Functions count under the name they are imported by, so `gettext as _` is found as well.
    """
    tree = ast.parse(source)
    names = dict(_imported_functions(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            function = names.get(node.func.id)
        elif isinstance(node.func, ast.Attribute):
            function = node.func.attr if node.func.attr in FUNCTIONS else None
        else:
            function = None
        if function:
            yield _text_of_call(node, function)


def _imported_functions(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                if name.name in FUNCTIONS:
                    yield name.asname or name.name, name.name


def _text_of_call(node: ast.Call, function: str) -> Text:
    context, singular, plural = FUNCTIONS[function]
    return Text(
        _constant(node, singular),
        None if plural is None else _constant(node, plural),
        None if context is None else _constant(node, context),
    )


def _constant(node: ast.Call, position: int) -> str:
    argument = node.args[position] if position < len(node.args) else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise SystemExit(f"line {node.lineno}: a text to translate must be written out")


def texts_of_template(source: str) -> Iterator[Text]:
    """Yield the texts of one template, spelled as Django looks them up: a `%` is doubled."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for found in MARKED_CONSTANT.finditer(token.contents):
                yield Text(_unquoted(found.group(1)))
        if token.token_type != TokenType.BLOCK:
            continue
        words = list(smart_split(token.contents))
        if words[0] in ("translate", "trans"):
            yield from _text_of_tag(words)
        elif words[0] in ("blocktranslate", "blocktrans"):
            yield _text_of_block(words, tokens)


def _text_of_tag(words: list[str]) -> Iterator[Text]:
    literal = re.match(QUOTED, words[1])
    if literal and "noop" not in words:
        yield Text(_unquoted(literal.group()), context=_context(words))


def _text_of_block(words: list[str], tokens: Iterator[Token]) -> Text:
    """Read up to the end of the block; the singular stands before the plural."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.BLOCK:
            if token.contents.split()[0] != "plural":
                break
            parts.append([])
    told = ["".join(part) for part in parts]
    if "trimmed" in words:
        told = [trim_whitespace(part) for part in told]
    return Text(told[0], told[1] if len(told) > 1 else None, _context(words))


def _context(words: list[str]) -> str | None:
    if "context" not in words:
        return None
    return _unquoted(words[words.index("context") + 1], doubled=False)


def _unquoted(quoted: str, *, doubled: bool = True) -> str:
    text = re.sub(r"\\(.)", r"\1", quoted[1:-1])
    return text.replace("%", "%%") if doubled else text


def collect(source: Path = SOURCE) -> dict[Text, set[str]]:
    """Return every text with the files that show it; tests and migrations show nothing."""
    found: dict[Text, set[str]] = defaultdict(set)
    for path in sorted(source.rglob("*")):
        if {"tests", "migrations", "static"} & set(path.relative_to(source).parts):
            continue
        if path.suffix == ".py":
            texts = texts_of_python(path.read_text(encoding="utf-8"))
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            texts = texts_of_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for text in texts:
            found[text].add(path.relative_to(source.parent).as_posix())
    return _joined(found)


def _joined(found: dict[Text, set[str]]) -> dict[Text, set[str]]:
    """Give a text that has a plural in one place the plural everywhere, as gettext does."""
    plural = {(text.context, text.singular): text for text in found if text.plural}
    joined: dict[Text, set[str]] = defaultdict(set)
    for text, files in found.items():
        joined[plural.get((text.context, text.singular), text)] |= files
    return joined


def shown_by_allauth() -> set[Text]:
    """Return the texts of the installed allauth, which our catalogue may translate instead."""
    path = Path(allauth.__file__).parent / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    return {text_of(message) for message in read_catalogue(path) if message.id}


def text_of(message: Message) -> Text:
    """Return a catalogue's entry as the text it translates."""
    if isinstance(message.id, str):
        return Text(message.id, None, message.context)
    return Text(message.id[0], message.id[1], message.context)


def read_catalogue(path: Path) -> Catalog:
    """Return the catalogue in one file of the form `<language>/LC_MESSAGES/django.po`."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name)


def merged(old: Catalog, found: dict[Text, set[str]], foreign: set[Text]) -> Catalog:
    """Return a catalogue of exactly the texts found, and allauth's that are overridden here."""
    new = Catalog(locale=old.locale, project="Koers", charset="utf-8", fuzzy=False)
    new.header_comment = f"# Koers in {new.locale_identifier}; made by scripts/update_messages.py."
    known = {text_of(message): message for message in old if message.id}
    overridden = {
        text
        for text, message in known.items()
        if OVERRIDDEN in {file for file, _line in message.locations} and text in foreign
    }
    files = {text: {OVERRIDDEN} for text in overridden} | found
    for text in sorted(files, key=lambda text: (text.singular, text.context or "")):
        message = known.get(text)
        new.add(
            text.singular if text.plural is None else (text.singular, text.plural),
            message.string if message else _nothing(text),
            [(file, None) for file in sorted(files[text])],  # type: ignore[misc]
            context=text.context,
        )
    return new


def _nothing(text: Text) -> str | tuple[str, str]:
    return "" if text.plural is None else ("", "")


def written(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue without dates or line numbers, so that only texts change the file."""
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=100, omit_header=True)
    body = path.read_text(encoding="utf-8")
    head = (
        f"{catalogue.header_comment}\n"
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: Koers\\n"\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    path.write_text(head + body, encoding="utf-8")


def untranslated(catalogue: Catalog) -> list[Text]:
    """Return the texts without a translation in every form."""
    return [
        text_of(message) for message in catalogue if message.id and not all(_translations(message))
    ]


def _translations(message: Message) -> list[str]:
    if isinstance(message.string, str):
        return [message.string]
    return [str(form or "") for form in message.string or [""]]


def main() -> int:
    """Bring every catalogue up to date and tell what still has to be translated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.parse_args()
    found, foreign = collect(), shown_by_allauth()
    missing = 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        catalogue = merged(read_catalogue(path), found, foreign)
        written(catalogue, path)
        left = untranslated(catalogue)
        missing += len(left)
        sys.stdout.write(
            f"{path.parent.parent.name}: {len(catalogue)} texts, {len(left)} untranslated\n"
        )
        for text in left:
            sys.stdout.write(f"   {text}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
