"""An experiment's plan: checked, and fixed once it runs."""

import json
from dataclasses import FrozenInstanceError, replace

import pytest
from kit.services import postgres_server, service

from mlmastery.ab_testing.assignment import Layer, assign
from mlmastery.ab_testing.database import open_database
from mlmastery.ab_testing.experiment import Experiment, ExperimentStateError
from mlmastery.ab_testing.registry import Registry, UnknownExperimentError

PLAN = Experiment("price", "Nine sells as often as eight", "purchase", 0.01)
USERS = [f"user-{i}" for i in range(2000)]


postgres = service(postgres_server)


@pytest.fixture
def registry():
    engine = open_database("sqlite://")
    yield Registry(engine)
    engine.dispose()


def test_a_plan_holds_what_it_was_given():
    assert PLAN.arms == ("control", "treatment")
    assert PLAN.control == "control"
    assert (PLAN.salt, PLAN.coverage, PLAN.state) == ("price", 1.0, "draft")
    with pytest.raises(FrozenInstanceError):
        PLAN.salt = "other"
    with pytest.raises(TypeError):
        PLAN.allocation["control"] = 0.9
    assert hash(PLAN) == hash(Experiment.from_dict(PLAN.to_dict()))


def test_it_assigns_by_its_own_salt_and_shares():
    unequal = PLAN.change(allocation={"a": 0.9, "b": 0.1}, salt="s", coverage=0.5)
    for user in USERS[:200]:
        assert unequal.assign(user) == assign(user, "s", {"a": 0.9, "b": 0.1}, 0.5)


def test_the_excluded_and_those_of_other_experiments_take_no_part():
    layer = Layer("shop", {"button": 0.5, "price": 0.5})
    plan = PLAN.change(layer=layer, excluded=["user-0", "user-1"])
    button = replace(PLAN, name="button", salt="button", layer=layer)
    for user in USERS:
        member = user not in plan.excluded and layer.experiment_of(user) == "price"
        assert (plan.assign(user) is not None) == member
        assert plan.assign(user) is None or button.assign(user) is None


def test_states_follow_one_another():
    running = PLAN.start(coverage=0.05)
    assert (running.state, running.coverage) == ("running", 0.05)
    assert PLAN.change(coverage=0.5).start().coverage == 0.5
    assert running.ramp(0.05).ramp(1.0).coverage == 1.0
    stopped = running.stop()
    assert stopped.state == "stopped"
    for state, action in [
        (running, "start"),
        (stopped, "start"),
        (PLAN, "stop"),
        (stopped, "stop"),
    ]:
        with pytest.raises(
            ExperimentStateError, match=rf"to {action}, got {state.state}"
        ):
            getattr(state, action)()
    for state in (PLAN, stopped):
        with pytest.raises(ExperimentStateError, match="must be running to ramp"):
            state.ramp(1.0)
    for share in (0.01, 1.5):
        with pytest.raises(ValueError, match=r"at least 0.05 and at most 1, got"):
            running.ramp(share)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"salt": "new"}, "salt must not change while price runs: it would move users"),
        ({"allocation": {"control": 0.9, "treatment": 0.1}}, "it would move users"),
        ({"layer": None}, "it would move users"),
        ({"excluded": ()}, "it would move users"),
        ({"metric": "visit"}, "metric .* fixed before the data came"),
        ({"minimum_effect": 0.5}, "minimum_effect .* fixed before the data came"),
        ({"hypothesis": "Other"}, "hypothesis .* fixed before the data came"),
        ({"state": "draft"}, "use start and stop"),
        ({}, "nothing must not change"),
    ],
)
def test_what_runs_cannot_change(change, reason):
    running = PLAN.start()
    with pytest.raises(ExperimentStateError, match=reason):
        running.change(**change)
    with pytest.raises(ExperimentStateError, match="while price is stopped"):
        running.stop().change(**change)


def test_a_draft_can_change_but_for_its_state():
    assert PLAN.change(metric="visit", minimum_effect=2).metric == "visit"
    with pytest.raises(ExperimentStateError, match="use start and stop"):
        PLAN.change(state="running")
    with pytest.raises(TypeError, match="unknown: colour, size"):
        PLAN.change(size=1, colour=2)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "name must be a text"),
        ({"name": "a/b"}, "name must hold letters, digits"),
        ({"name": "a b"}, "name must hold letters, digits"),
        ({"metric": ""}, "metric must be a text"),
        ({"hypothesis": "  "}, "hypothesis must be a sentence, got '  '"),
        ({"hypothesis": None}, "hypothesis must be a sentence, got None"),
        ({"minimum_effect": 0}, "minimum_effect must be a number above 0"),
        ({"minimum_effect": float("nan")}, "minimum_effect must be a number above 0"),
        ({"coverage": 1.01}, "coverage must be a number of at least 0 and at most 1"),
        ({"coverage": -0.1}, "coverage must be a number of at least 0 and at most 1"),
        ({"state": "paused"}, "state must be one of draft, running, stopped"),
        ({"allocation": {"control": 1.0}}, "allocation must name at least two arms"),
        ({"salt": "s" * 65}, "salt must have at most 64 bytes"),
        ({"excluded": "user-1"}, "excluded must list units, got 'user-1'"),
        (
            {"layer": Layer("l", {"x": 1})},
            "layer must hold the experiment 'price', got x",
        ),
    ],
)
def test_a_bad_plan_is_refused(values, words):
    with pytest.raises(ValueError, match=words):
        replace(PLAN, **values)


def test_json_holds_everything():
    plan = PLAN.change(
        excluded={"b", "a"}, layer=Layer("shop", {"price": 0.5}), coverage=0.2
    ).start()
    again = Experiment.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert again == plan
    assert [again.assign(u) for u in USERS] == [plan.assign(u) for u in USERS]
    changed = PLAN.change_from_dict({"layer": {"name": "shop", "shares": {"price": 1}}})
    assert changed.layer == Layer("shop", {"price": 1})


def test_the_registry_keeps_and_updates(registry):
    assert registry.names() == []
    registry.create(PLAN)
    registry.create(PLAN)  # a retry
    registry.create(replace(PLAN, name="button"))
    assert registry.names() == ["button", "price"]
    assert registry.get("price") == PLAN
    assert registry.update("price", Experiment.start) == PLAN.start()
    assert registry.get("price").state == "running"
    assert registry.get("button").state == "draft"
    with pytest.raises(ExperimentStateError, match="salt must not change"):
        registry.update("price", lambda e: e.change(salt="x"))
    with pytest.raises(ExperimentStateError, match="name must be new, got 'price'"):
        registry.create(PLAN)


def test_an_order_of_arms_is_another_experiment(registry):
    registry.create(PLAN)
    other = {"treatment": 0.5, "control": 0.5}
    with pytest.raises(ExperimentStateError, match="which exists and differs"):
        registry.create(PLAN.change(allocation=other))


def test_an_unknown_experiment_is_named(registry):
    with pytest.raises(UnknownExperimentError, match="one of none yet, got 'x'"):
        registry.get("x")
    registry.create(PLAN)
    with pytest.raises(UnknownExperimentError, match="one of price, got 'x'"):
        registry.update("x", Experiment.start)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_changes_at_once_one_is_refused(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path}/experiments.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres")
    engines = [open_database(url), open_database(url)]
    one, two = map(Registry, engines)
    one.create(PLAN)

    def start_meanwhile(experiment):
        one.update("price", Experiment.start)
        return experiment.change(salt="other")

    with pytest.raises(ExperimentStateError, match="changed by another at this moment"):
        two.update("price", start_meanwhile)
    assert two.get("price") == PLAN.start()
    for engine in engines:
        engine.dispose()


def test_two_of_a_layer_must_cut_it_at_the_same_places(registry):
    registry.create(PLAN.change(layer=Layer("shop", {"price": 0.5})))
    overlapping = Layer("shop", {"button": 0.5, "price": 0.5})
    with pytest.raises(
        ValueError, match=r"layer 'shop' must begin with .*price.*, got"
    ):
        registry.create(replace(PLAN, name="button", layer=overlapping))
    beside = Layer("shop", {"price": 0.5, "button": 0.5})
    registry.create(replace(PLAN, name="button", layer=beside))
    registry.create(replace(PLAN, name="free", layer=Layer("other", {"free": 1})))
    with pytest.raises(ValueError, match="layer 'shop' must begin with"):
        registry.update("button", lambda e: e.change(layer=overlapping))


@pytest.mark.parametrize("url", ["mysql://x/y", "experiments.db", ""])
def test_another_database_is_refused(url):
    with pytest.raises(ValueError, match="url must be of SQLite or PostgreSQL, got"):
        open_database(url)
