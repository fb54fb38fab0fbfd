"""Whose customers does each role see?"""

from koers.organisation.models import Pairing, Role, Team, User
from koers.organisation.queries.actor import team_tree, visible_people
from koers.organisation.tests.cast import acting
from koers.organisation.tests.factories import TeamFactory, UserFactory


def test_account_manager_sees_own_team_only(cast):
    assert visible_people(cast.ann) == {cast.ann.pk, cast.ben.pk, cast.sam.pk}


def test_salesperson_sees_own_team_only(cast):
    assert visible_people(cast.sam) == {cast.ann.pk, cast.ben.pk, cast.sam.pk}


def test_seller_without_a_team_sees_only_own_customers(db):
    loner = UserFactory(role=Role.SALESPERSON)
    assert visible_people(loner) == {loner.pk}


def test_team_lead_sees_the_team_and_all_below_it(cast):
    deep = TeamFactory(name="North-East", parent=cast.north)
    eva = UserFactory(team=deep)
    assert visible_people(cast.ben) == {cast.ann.pk, cast.ben.pk, cast.sam.pk, eva.pk}


def test_lead_of_the_root_sees_everybody(cast):
    assert visible_people(cast.tom) is None


def test_manager_who_leads_no_team_sees_only_own_customers(cast):
    Team.objects.filter(pk=cast.north.pk).update(lead=None)
    assert visible_people(cast.ben) == {cast.ben.pk}


def test_inside_rep_sees_own_and_paired_account_managers_customers(cast):
    assert visible_people(cast.ina) == {cast.ina.pk, cast.ann.pk}


def test_inside_rep_sees_less_once_the_pairing_ends(cast):
    Pairing.objects.all().delete()
    assert visible_people(cast.ina) == {cast.ina.pk}


def test_management_team_marketing_and_administrator_see_everybody(cast):
    assert [visible_people(each) for each in (cast.dirk, cast.mia, cast.adam)] == [None] * 3


def test_team_tree_ends_where_teams_point_at_each_other():
    assert team_tree({1}, [(1, 3), (2, 1), (3, 2), (4, None)]) == {1, 2, 3}


def test_demotion_works_at_the_next_request(client, cast):
    client.force_login(cast.ben)
    assert client.get("/organisation/people/").status_code == 200
    User.objects.filter(pk=cast.ben.pk).update(role=Role.SALESPERSON)
    assert client.get("/organisation/people/").status_code == 403


def test_a_person_without_access_is_out_at_the_next_request(client, cast):
    client.force_login(cast.ann)
    assert client.get("/customers/").status_code == 200
    User.objects.filter(pk=cast.ann.pk).update(is_active=False)
    assert client.get("/customers/").headers["Location"] == "/account/login/?next=/customers/"


def test_moving_to_another_team_changes_what_one_sees_at_once(cast):
    User.objects.filter(pk=cast.ann.pk).update(team=cast.south)
    assert acting(cast.ann).visible_people == {cast.ann.pk, cast.cora.pk}
