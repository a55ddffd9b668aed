from .calibration import undo_resampling
from .campaign import Campaign, choose_customers, run_campaign
from .costs import CostMatrix, profit_curve
from .features import (
    ChurnFeatures,
    leaking_columns,
    repeated_customers,
)
from .leak import check_original_rows, resampled_before, resampled_inside
from .lifetime import CustomerLifetimeValue, monthly_rate
from .models import (
    Race,
    as_records,
    make_model,
    published_model,
    race,
    scores_by_fold,
)
from .purchases import BetaGeometric
from .reasons import ACTIONS, Reason, customer_reasons
from .report import call_list, churn_report
from .smote import SMOTE
from .survival import (
    SurvivalCurve,
    cox_log_likelihood,
    cox_table,
    kaplan_meier,
)
from .uplift import TransformedOutcome, TwoModels, qini_area, qini_curve

__all__ = [
    "ACTIONS",
    "SMOTE",
    "BetaGeometric",
    "Campaign",
    "ChurnFeatures",
    "CostMatrix",
    "CustomerLifetimeValue",
    "Race",
    "Reason",
    "SurvivalCurve",
    "TransformedOutcome",
    "TwoModels",
    "as_records",
    "call_list",
    "check_original_rows",
    "choose_customers",
    "churn_report",
    "cox_log_likelihood",
    "cox_table",
    "customer_reasons",
    "kaplan_meier",
    "leaking_columns",
    "make_model",
    "monthly_rate",
    "profit_curve",
    "published_model",
    "qini_area",
    "qini_curve",
    "race",
    "repeated_customers",
    "resampled_before",
    "resampled_inside",
    "run_campaign",
    "scores_by_fold",
    "undo_resampling",
]
