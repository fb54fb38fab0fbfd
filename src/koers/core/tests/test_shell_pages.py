"""Do the pages around all others keep their promises: language, theme, health, no inline code?"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.urls import include, path
from django.utils import translation

from koers.core.navigation import LOOP, Place, links, navigation

CORE = Path(apps.get_app_config("core").path)
pytestmark = pytest.mark.urls("koers.core.tests.gallery_urls")
TEMPLATES = sorted(CORE.parent.glob("*/templates/**/*.html"))


def page(_request):
    return HttpResponse()


_stage = [path("", page, name="list"), path("rules/", page, name="rules")]
urlpatterns = [path("sell/", include((_stage, "sell"))), path("", include("koers.core.urls"))]
PLACES = (
    Place(
        "Sell",
        "sell:list",
        "briefcase",
        places=(
            Place("Orders", "sell:list"),
            Place("Rules", "sell:rules", right="edit_rules"),
        ),
    ),
    Place("Dream", "dream:list", "moon"),
)


@pytest.mark.urls("koers.core.tests.test_shell_pages")
def test_a_place_without_an_address_is_left_out():
    assert [link.label for link in links(PLACES, {"edit_rules"}, "/sell/")] == ["Sell"]


@pytest.mark.urls("koers.core.tests.test_shell_pages")
def test_a_place_the_role_may_not_open_is_left_out():
    (with_right,) = links(PLACES[:1], {"edit_rules"}, "/sell/rules/")
    assert [link.label for link in with_right.links] == ["Orders", "Rules"]
    (without,) = links(PLACES[:1], set(), "/sell/")
    assert without.links == ()


@pytest.mark.urls("koers.core.tests.test_shell_pages")
def test_only_the_closest_place_is_the_current_page():
    (sell,) = links(PLACES[:1], {"edit_rules"}, "/sell/rules/")
    assert sell.aria_current == "true"
    assert [(link.label, link.current) for link in sell.links] == [
        ("Orders", False),
        ("Rules", True),
    ]


def test_the_loop_stands_in_the_managers_order():
    with translation.override("en"):
        labels = [str(place.label) for place in LOOP]
    assert labels == ["Home", "Analyse", "Plan", "Sell", "Serve", "Develop", "Control"]


@pytest.mark.urls("koers.core.tests.test_shell_pages")
def test_a_role_without_rights_still_sees_its_stages():
    groups = navigation(frozenset(), "/")
    assert [[link.label for link in group] for group in groups] == []


def test_the_language_is_kept_in_a_cookie(client):
    answer = client.post("/language/", {"language": "nl", "next": "/account/login/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/login/")
    assert answer.cookies["koers-language"].value == "nl"


def test_an_unknown_language_is_not_kept(client):
    assert "koers-language" not in client.post("/language/", {"language": "xx"}).cookies


def test_a_switch_never_leads_to_another_site(client):
    answer = client.post("/theme/", {"theme": "dark", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


def test_the_theme_of_the_device_forgets_the_choice(client):
    assert client.post("/theme/", {"theme": "dark"}).cookies["koers-theme"].value == "dark"
    assert client.post("/theme/", {"theme": "auto"}).cookies["koers-theme"]["max-age"] == 0


@pytest.mark.django_db
def test_the_chosen_theme_and_language_stand_on_the_page(client):
    client.cookies["koers-theme"] = "dark"
    client.cookies["koers-language"] = "nl"
    page = client.get("/account/login/").content.decode()
    assert '<html lang="nl" data-theme="dark">' in page


@pytest.mark.django_db
def test_ready_asks_the_database(client, monkeypatch):
    assert client.get("/health/ready").json() == {"status": "ready"}

    def broken(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_no_template_holds_inline_style_or_script(template):
    source = template.read_text()
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:", source) == []
    scripts = re.findall(r"<script\b[^>]*>", source)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []


def test_every_icon_in_a_template_is_in_the_sprite():
    known = set((CORE / "frontend/icons.txt").read_text().split())
    used = {
        name
        for template in TEMPLATES
        for name in re.findall(r"""{% icon ["']([a-z0-9-]+)""", template.read_text())
    }
    assert used - known == set()


def test_the_policy_allows_neither_inline_nor_eval():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
