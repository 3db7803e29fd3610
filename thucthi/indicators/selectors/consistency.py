"""What must hold between indicators, and where it does not: found on the values that stand on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.quality import Finding, Outcome, Relation, Term, check
from thucthi.indicators.models import ConsistencyRule, Indicator
from thucthi.indicators.selectors.owed import (
    COUNTRY,
    StoredKey,
    StoredValue,
    alive_on,
    owing_kinds,
    spans_up_to,
    stored_values,
    tree_day,
    units_of_kinds,
)
from thucthi.indicators.selectors.spoken import number_words, span_words
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import Span
from thucthi.kernel.values import Value

CHECKED_MONTHS = 12
OUTCOME_WORDS = {
    Outcome.HOLDS: gettext_lazy("Khớp"),
    Outcome.BROKEN: gettext_lazy("Không khớp"),
    Outcome.UNCHECKED: gettext_lazy("Chưa kiểm được"),
}
OUTCOME_TONES = {Outcome.HOLDS: "good", Outcome.BROKEN: "bad", Outcome.UNCHECKED: "silent"}
SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One rule on the values of one unit (None: the country) and period; `values` by code, None where none came."""

    rule: ConsistencyRule
    unit: Organisation | None
    span: Span
    finding: Finding
    values: dict[str, StoredValue | None]

    @property
    def word(self) -> str:
        return str(OUTCOME_WORDS[self.finding.outcome])

    @property
    def tone(self) -> str:
        return OUTCOME_TONES[self.finding.outcome]

    @property
    def period(self) -> str:
        return span_words(self.span)

    @property
    def why(self) -> str:
        """What was set against what, with the figures; what is missing when it could not be checked."""
        found = self.finding
        if found.left is None or found.right is None:
            return _("chưa có số của: %(codes)s") % {"codes": ", ".join(found.missing)}
        told = {
            "rule": self.rule.name,
            "left": number_words(found.left),
            "sign": SIGNS[self.rule.operator],
            "right": number_words(found.right),
        }
        if found.excess is None:
            return _("%(rule)s: %(left)s %(sign)s %(right)s") % told
        told["excess"] = number_words(found.excess)
        return _("%(rule)s: cần %(left)s %(sign)s %(right)s, lệch quá mức cho phép %(excess)s") % told

    @property
    def since(self) -> date:
        """From when it could have been noticed: the day the last of its values was known."""
        days = [value.first_on for value in self.values.values() if value and value.first_on]
        return max(days, default=self.span.end)


@dataclass(frozen=True, slots=True)
class RuleStanding:
    """A rule with how often it held, was broken, and could not be checked."""

    rule: ConsistencyRule
    wording: str
    holds: int
    broken: int
    unchecked: int


def relation_of(rule: ConsistencyRule) -> Relation:
    return Relation(_terms(rule.left), rule.operator, _terms(rule.right), rule.tolerance)


def _terms(stored: Iterable[tuple[str, str]]) -> tuple[Term, ...]:
    return tuple(Term(code, Decimal(factor)) for code, factor in stored)


def wording_of(rule: ConsistencyRule) -> str:
    """As one reads it: "a + 2 × b ≤ c"."""
    relation = relation_of(rule)
    return f"{_side(relation.left)} {SIGNS[rule.operator]} {_side(relation.right)}"


def _side(terms: Iterable[Term]) -> str:
    said = ""
    for term in terms:
        factor = "" if abs(term.factor) == 1 else f"{abs(term.factor).normalize():f} × "
        sign = "−" if term.factor < 0 else "+"
        said += f" {sign} {factor}{term.code}" if said or term.factor < 0 else f"{factor}{term.code}"
    return said.strip() or "0"


def rule_called(code: str) -> ConsistencyRule:
    """Raises NotVisible for an unknown code."""
    found = ConsistencyRule.objects.filter(code=code).first()
    if found is None:
        raise NotVisible(_("Không có quan hệ nào mang mã này."))
    return found


def rule_findings(
    as_of: date, *, rules: Iterable[ConsistencyRule] | None = None, within: Organisation | None = None
) -> list[RuleFinding]:
    """Every active rule on every unit and period of the last twelve months of which at least one value was stated.

    Four queries. Where nothing at all was stated nothing is listed: that is a matter of completeness.
    """
    chosen = list(ConsistencyRule.objects.filter(is_active=True).order_by("code") if rules is None else rules)
    codes = {code for rule in chosen for code in relation_of(rule).codes}
    indicators = {row.code: row for row in Indicator.objects.filter(code__in=codes)}
    keys = {span.key for row in indicators.values() for span in spans_up_to(row, as_of, CHECKED_MONTHS)}
    kinds = owing_kinds([row.pk for row in indicators.values()])
    units = units_of_kinds((kind for found in kinds.values() for kind in found), within=within)
    stored = stored_values([row.pk for row in indicators.values()], keys, as_of)
    concerned: list[Organisation | None] = [*units] if within else [None, *units]
    found = []
    for rule in chosen:
        members = [indicators[code] for code in relation_of(rule).codes if code in indicators]
        found += [row for unit in concerned for row in _findings_of(rule, members, unit, stored, as_of)]
    return found


def _findings_of(
    rule: ConsistencyRule,
    members: list[Indicator],
    unit: Organisation | None,
    stored: dict[StoredKey, StoredValue],
    as_of: date,
) -> list[RuleFinding]:
    if not members:
        return []
    relation, found = relation_of(rule), []
    for span in spans_up_to(members[0], as_of, CHECKED_MONTHS):
        if unit is not None and not alive_on(unit, tree_day(members[0], span)):
            continue
        place = unit.pk if unit else COUNTRY
        values = {row.code: stored.get((row.pk, place, span.key)) for row in members}
        if any(values.values()):
            said = {code: Value(value.state, value.amount) for code, value in values.items() if value}
            found.append(RuleFinding(rule, unit, span, check(relation, said), values))
    return found


def rule_standings(as_of: date, within: Organisation | None = None) -> list[RuleStanding]:
    """All rules, also those at rest, with their counts."""
    rules = list(ConsistencyRule.objects.order_by("-is_active", "code"))
    found = rule_findings(as_of, rules=[rule for rule in rules if rule.is_active], within=within)
    counted: dict[tuple[int, Outcome], int] = {}
    for row in found:
        key = (row.rule.pk, row.finding.outcome)
        counted[key] = counted.get(key, 0) + 1
    return [
        RuleStanding(rule, wording_of(rule), *(counted.get((rule.pk, outcome), 0) for outcome in Outcome))
        for rule in rules
    ]
