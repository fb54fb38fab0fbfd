"""How does a person get, change or lose access?"""

import pytest
from django.conf import settings
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.organisation.actions.first_run import (
    WeakPasswordError,
    create_first_administrator,
    first_run_is_open,
    first_run_path,
)
from koers.organisation.actions.pairing import PairingRefusedError, pair, part
from koers.organisation.actions.user import UserRefusedError, change_user, create_user
from koers.organisation.models import Organisation, Pairing, Role, User
from koers.organisation.policies import RIGHTS, Right
from koers.organisation.tests.cast import acting, person

GOOD = "correct horse battery staple"


def made(actor, password=GOOD, **more):
    values = {"full_name": "Eva Prins", "email": "eva@example.org", "role": Role.SALESPERSON} | more
    return create_user(actor=acting(actor), password=password, at=timezone.now(), **values)


def changed(actor, user, **values):
    return change_user(
        actor=acting(actor),
        user_id=user.pk,
        version=user.version,
        values=values,
        at=timezone.now(),
    )


def test_a_new_person_can_log_in_and_stands_in_the_audit_trail(cast, client):
    eva = made(cast.adam, email="Eva@Example.org")
    answer = client.post("/account/login/", {"login": "eva@example.org", "password": GOOD})
    assert (answer.status_code, client.session["_auth_user_id"]) == (302, str(eva.pk))
    entry = AuditEntry.objects.get(noun="user", object_id=eva.pk)
    assert (entry.verb, entry.user_id, entry.channel) == ("create", cast.adam.pk, "screen")


@pytest.mark.parametrize(
    "password",
    ["q1w2e3r4t5y6", "Vermeer rocks 99", "my Koers secret", "eva@example.org"],
)
def test_password_that_everybody_guesses_is_refused(cast, password):
    with pytest.raises(WeakPasswordError):
        made(cast.adam, password=password)
    assert not User.objects.filter(email="eva@example.org").exists()


def test_password_of_eleven_characters_is_refused_and_of_twelve_is_accepted(cast):
    with pytest.raises(WeakPasswordError):
        made(cast.adam, password="tR7!wq9#zLp")
    assert made(cast.adam, password="tR7!wq9#zLpK").check_password("tR7!wq9#zLpK")


def test_two_people_cannot_share_an_address(cast):
    with pytest.raises(UserRefusedError):
        made(cast.adam, email="ANN@example.org")


def test_a_seller_may_not_add_people(cast):
    with pytest.raises(NotAllowedError):
        made(cast.ann)


@pytest.mark.parametrize("values", [{"role": Role.SALES_MANAGER}, {"is_active": False}])
def test_the_last_administrator_keeps_access(cast, values):
    with pytest.raises(UserRefusedError):
        changed(cast.adam, cast.adam, **values)
    assert User.objects.get(pk=cast.adam.pk).role == Role.ADMINISTRATOR


def test_one_of_two_administrators_may_leave(cast):
    second = person("Bea Beheer", Role.ADMINISTRATOR)
    assert changed(second, cast.adam, is_active=False).is_active is False


def test_an_administrator_without_address_does_not_count_as_the_second(cast):
    person("Bea Beheer", Role.ADMINISTRATOR)
    User.objects.filter(full_name="Bea Beheer").update(email=None)
    with pytest.raises(UserRefusedError):
        changed(cast.adam, cast.adam, role=Role.SALESPERSON)


def test_the_last_administrator_keeps_an_address_to_log_in_with(cast):
    with pytest.raises(UserRefusedError):
        changed(cast.adam, cast.adam, email=None)


def test_a_sales_manager_cannot_make_an_administrator(cast):
    with pytest.raises(NotAllowedError):
        made(cast.ben, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        changed(cast.ben, cast.ann, role=Role.ADMINISTRATOR)
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_a_sales_manager_cannot_change_an_administrator(cast):
    with pytest.raises((NotAllowedError, NotFoundError)):
        changed(cast.ben, cast.adam, full_name="Nobody")


def test_a_sales_manager_changes_only_people_of_the_own_tree(cast):
    with pytest.raises(NotFoundError):
        changed(cast.ben, cast.cora, full_name="Nobody")


def test_a_change_names_what_was_and_what_is(cast):
    changed(cast.adam, cast.ann, role=Role.SALESPERSON)
    entry = AuditEntry.objects.filter(noun="user", object_id=cast.ann.pk).first()
    assert entry.changes == {"role": ["account_manager", "salesperson"]}


def test_two_changes_of_one_field_clash_and_nothing_is_lost(cast):
    read = User.objects.get(pk=cast.ann.pk)
    changed(cast.adam, read, full_name="Ann Bakker")
    with pytest.raises(StaleVersionError):
        changed(cast.adam, read, full_name="Ann Smit")
    assert User.objects.get(pk=cast.ann.pk).full_name == "Ann Bakker"


def test_five_wrong_passwords_lock_the_log_in_for_this_address(cast, client):
    made(cast.adam)
    body = {"login": "eva@example.org", "password": "wrong wrong wrong"}
    for _attempt in range(5):
        assert client.post("/account/login/", body).status_code == 200
    answer = client.post("/account/login/", body | {"password": GOOD})
    assert (answer.status_code, "_auth_user_id" in client.session) == (200, False)


def test_nobody_signs_up_alone(client, db):
    client.post("/account/signup/", {"email": "x@example.org", "password1": GOOD})
    assert not User.objects.exists()


def test_first_run_secret_works_once(db, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.DATA_DIR = tmp_path
    secret = first_run_path().split("/")[-2]
    with django_capture_on_commit_callbacks(execute=True):
        first_administrator(secret)
    assert (first_run_is_open(), first_run_path(), list(tmp_path.glob("first_run*"))) == (
        False,
        None,
        [],
    )
    with pytest.raises(NotFoundError):
        first_administrator(secret, email="second@example.org")
    assert User.objects.get().role == Role.ADMINISTRATOR
    assert Organisation.objects.get().name == "Vermeer"


def test_a_wrong_first_run_secret_is_a_page_that_does_not_exist(client, db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    right = first_run_path()
    assert (client.get("/account/first-run/guess/").status_code, client.get(right).status_code) == (
        404,
        200,
    )


def first_administrator(secret, email="first@example.org"):
    return create_first_administrator(
        secret=secret,
        organisation="Vermeer",
        base_currency="EUR",
        full_name="First Person",
        email=email,
        password=GOOD,
        at=timezone.now(),
    )


def test_pairing_twice_is_refused_and_parting_is_kept_in_the_trail(cast):
    actor = acting(cast.adam)
    with pytest.raises(PairingRefusedError):
        pair(actor=actor, inside_rep_id=cast.ina.pk, account_manager_id=cast.ann.pk, at=timezone.now())  # fmt: skip
    part(actor=actor, pairing_id=Pairing.objects.get().pk, at=timezone.now())
    assert list(AuditEntry.objects.filter(noun="pairing").values_list("verb", flat=True)) == ["delete"]  # fmt: skip


def test_every_role_has_its_rights_listed():
    assert set(RIGHTS) == set(Role.values)
    assert [role for role in Role.values if Right.SEE_COST not in RIGHTS[role]] == ["inside_sales", "marketing"]  # fmt: skip
    assert settings.AUTH_USER_MODEL == "organisation.User"
