from mlmastery.linear_regression import solver_times


def test_every_solver_but_one_arrives_at_the_exact_weights(diabetes):
    table = solver_times(*diabetes, runs=1)
    assert table.index.names == ["penalty", "solver"]
    assert set(table.index.get_level_values(0)) == {"none", "l1", "elasticnet"}
    late = table[table["gap"] > 1e-6].index.get_level_values(1)
    assert set(late) == {"SGDRegressor"}
    assert len(late) == 3
    assert (table["milliseconds"] > 0).all()
