"""What a notebook's first cell installs: what is missing, and nothing else."""

import sys
import warnings
from importlib import metadata
from types import ModuleType

import pytest
from packaging.requirements import Requirement

from mlmastery import install

DECLARED = [
    "numpy>=2.0",
    "duckdb-engine>=0.17",
    'xgboost-cpu>=3.0; sys_platform != "darwin" and extra == "housing_prices"',
    'tensorflow-cpu>=2.18; sys_platform == "darwin" and extra == "housing_prices"',
    'opacus>=1.5; extra == "distributed_training"',
]


class Service:
    """A notebook service with these distributions, that notes what pip is asked for."""

    def __init__(self, monkeypatch, answers=True, **there):
        self.there, self.answers, self.calls, self.kept = there, answers, [], ""
        monkeypatch.setattr(metadata, "requires", lambda name: DECLARED)
        monkeypatch.setattr(metadata, "version", self.version)
        monkeypatch.setattr(install, "pins", self.pins)

    def version(self, name):
        if name.replace("-", "_") not in self.there:
            raise metadata.PackageNotFoundError(name)
        return self.there[name.replace("-", "_")]

    def pins(self, without):
        return [f"{n}=={v}" for n, v in self.there.items() if n not in without]

    def pip(self, *arguments):
        self.calls.append(arguments)
        if "--constraint" in arguments:
            with open(arguments[1]) as file:
                self.kept = file.read()
        return "" if self.answers else "ERROR: No matching distribution found"


@pytest.mark.parametrize("there", ["xgboost", "xgboost_cpu"])
def test_where_all_is_there_pip_is_not_asked(monkeypatch, there):
    service = Service(
        monkeypatch, numpy="2.0.2", duckdb_engine="0.17.0", **{there: "3.1.3"}
    )
    install.install_missing("housing_prices", pip=service.pip)
    assert service.calls == []


def test_only_what_is_missing_is_installed_and_what_is_there_stays(monkeypatch):
    service = Service(monkeypatch, numpy="2.0.2", xgboost="3.1.3")
    install.install_missing("housing_prices", ["weights==0.1"], pip=service.pip)
    first, second = service.calls
    assert first[2:] == ("duckdb-engine>=0.17",)
    assert service.kept.splitlines() == ["numpy==2.0.2", "xgboost==3.1.3"]
    assert second == ("--no-deps", "weights==0.1")


def test_other_chapters_and_platforms_are_not_asked_for(monkeypatch):
    Service(monkeypatch)
    names = [r.name for r in install.requirements("housing_prices")]
    assert names == ["numpy", "duckdb-engine", "xgboost-cpu"]
    assert [r.name for r in install.requirements()] == ["numpy", "duckdb-engine"]


def test_where_nothing_can_be_reached_one_message_says_what_to_do(monkeypatch):
    service = Service(monkeypatch, answers=False, numpy="2.0.2")
    with pytest.raises(SystemExit) as stop:
        install.install_missing(pip=service.pip)
    for part in ("duckdb-engine>=0.17", "Turn on Internet", "No matching distribution"):
        assert part in str(stop.value)
    assert "numpy" not in str(stop.value)


def test_a_version_that_is_too_old_is_replaced_and_asks_for_a_restart(monkeypatch):
    service = Service(monkeypatch, numpy="1.26.4", duckdb_engine="0.17.0")
    monkeypatch.setattr(
        metadata, "packages_distributions", lambda: {"numpy": ["numpy"]}
    )
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    install.install_missing(pip=service.pip)
    assert service.calls[0][2:] == ("numpy>=2.0",)
    assert service.kept == "duckdb_engine==0.17.0"
    monkeypatch.setitem(sys.modules, "numpy", ModuleType("numpy"))
    with pytest.raises(SystemExit, match=r"Restart .* numpy"):
        install.install_missing(pip=service.pip)


def test_pip_tells_why_it_failed():
    assert "'/nowhere'" in install.run_pip("--no-deps", "x @ file:///nowhere")


def test_a_checkout_on_the_path_needs_nothing(monkeypatch):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", nothing)
    assert install.requirements("housing_prices") == []


def test_pins_are_what_pip_takes_for_a_constraint():
    pins = [Requirement(pin) for pin in install.pins(without=["NumPy"])]
    assert "numpy" not in {p.name for p in pins}
    [scipy] = [p for p in pins if p.name == "scipy"]
    assert scipy.specifier.contains(metadata.version("scipy"))


def test_a_warning_of_nothing_is_hidden_and_others_are_shown():
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        install.install_missing()
        names = "X does not have valid feature names, but {} was fitted with them"
        warnings.warn(names.format("LGBMRegressor"), stacklevel=1)
        warnings.warn(names.format("Ridge"), stacklevel=1)
    assert [str(w.message) for w in shown] == [names.format("Ridge")]
