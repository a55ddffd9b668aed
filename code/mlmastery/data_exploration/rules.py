"""All rules in their order, and the ranking of what they find."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from mlmastery.data_exploration import dependences, faults
from mlmastery.data_exploration.findings import GROUPS, TOPICS, Facts, Finding
from mlmastery.data_exploration.targets import about_target

RULES: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    about_target,
    faults.duplicates,
    faults.duplicate_columns,
    faults.empty_columns,
    faults.mixed_types,
    faults.numbers_as_text,
    faults.infinities,
    faults.stray_codes,
    faults.stray_zeros,
    faults.clock_numbers,
    faults.dates_as_text,
    faults.spellings,
    faults.far_values,
    faults.long_tails,
    faults.many_outliers,
    faults.constant_columns,
    faults.one_value_dominates,
    faults.identifiers,
    dependences.missing_columns,
    dependences.missing_together,
    dependences.missing_depends,
    dependences.reversals,
    dependences.near_copies,
    dependences.strong_correlations,
    dependences.bent_relations,
    dependences.tied_categories,
    dependences.group_differences,
    dependences.limits,
)


def find_all(facts: Facts) -> list[Finding]:
    """Apply every rule; return the findings by group, the gravest of each first."""
    findings = [
        replace(finding, severity=_severity(facts, finding))
        for rule in RULES
        for finding in rule(facts)
    ]
    return sorted(findings, key=lambda f: (GROUPS.index(f.group), -f.severity))


def _severity(facts: Facts, finding: Finding) -> float:
    """Weigh the topic, and within it the share of rows or the strength."""
    weight = TOPICS[finding.topic][1]
    size = abs(finding.number)
    share = size if size <= 1 else min(1.0, size / len(facts.df))
    return weight + 10 * share + 10 * finding.severity


def headlines(findings: list[Finding], most: int = 12) -> list[Finding]:
    """Choose the gravest findings, at most three of one topic while others are left.

    Examples
    --------
    >>> few = [Finding(str(i), "empty", (), i, i) for i in range(9)]
    >>> [str(finding) for finding in headlines(few, 2)]
    ['7', '8']
    """
    ranked = sorted(findings, key=lambda f: -f.severity)
    chosen: list[int] = []
    for least in (3, len(ranked)):
        for finding in ranked:
            same = sum(findings[i].topic == finding.topic for i in chosen)
            place = findings.index(finding)
            if len(chosen) < most and place not in chosen and same < least:
                chosen.append(place)
    return [findings[i] for i in sorted(chosen)]
