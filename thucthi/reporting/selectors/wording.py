"""What a report says, in the words the public will read, and in the words of its form."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.kernel.values import format_en, format_vi
from thucthi.kernel.working_days import Period, PeriodKind
from thucthi.obstacles.models import Cause, Obstacle
from thucthi.reporting.calculations.statements import Difference, TypedReport, needs_reasons, read_percent
from thucthi.reporting.models import Claim, Obligation, Report

ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def period_label(obligation: Obligation) -> str:
    """ "Tuần 47/2026" or "Tháng 11/2026", in the reader's language."""
    period = Period(obligation.period_start, obligation.period_end, PeriodKind(obligation.period_kind))
    return period.label_en if get_language() == "en" else period.label_vi


def figure(amount: Decimal) -> str:
    return format_en(amount) if get_language() == "en" else format_vi(amount)


def typed_figure(amount: Decimal) -> str:
    """As one types it: no grouping, a hyphen for minus, the reader's decimal sign."""
    plain = f"{amount:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain if get_language() == "en" else plain.replace(".", ",")


def organisation_text(obstacle: Obstacle) -> str:
    """A name and a code, so that two bodies of one name are told apart."""
    return f"{obstacle.asked_of.official_name} ({obstacle.asked_of.code})"


def public_wording(obligation: Obligation, *, claim: str, progress: Decimal, note: str, cause: str = "") -> str:
    """The sentence under which this report is published; it says who speaks, and that nobody has agreed yet."""
    sentence = _("%(organisation)s báo cáo %(period)s: %(claim)s, đạt %(progress)s %% sản phẩm (đơn vị tự khai).") % {
        "organisation": obligation.organisation.short_name,
        "period": period_label(obligation),
        "claim": Claim(claim).label,
        "progress": figure(progress),
    }
    reason = _("Nguyên nhân: %(cause)s.") % {"cause": Cause(cause).label} if cause else ""
    return " ".join(part for part in (sentence, reason, note.strip()) if part)


def wording_of(obligation: Obligation, typed: TypedReport) -> str | None:
    """The public sentence of what is typed; None until status and progress can be read."""
    try:
        progress = read_percent(typed.progress.strip())
    except ValueError:
        return None
    if progress is None or typed.claim not in Claim.values:
        return None
    cause = typed.cause if needs_reasons(typed.claim) and typed.cause in Cause.values else ""
    return public_wording(obligation, claim=typed.claim, progress=progress, note=typed.note, cause=cause)


def typed_of(report: Report) -> TypedReport:
    """A sent report as its form would show it."""
    obstacle = report.obstacle
    return TypedReport(
        claim=report.claim,
        progress=typed_figure(report.progress_declared),
        note=report.note,
        claims_completion="on" if report.claims_completion else "",
        cause=report.cause,
        done_about_it=report.done_about_it,
        asked_of=organisation_text(obstacle) if obstacle else "",
        asked_what=obstacle.asked_what if obstacle else "",
        asked_due_on=obstacle.due_on.isoformat() if obstacle else "",
        evidence=tuple(str(row.evidence_id) for row in report.report_evidence.all()),
    )


def field_labels() -> dict[str, str]:
    """What the fields of a report are called on screen."""
    return {
        "claim": _("Tình hình so với kế hoạch"),
        "progress": _("Tiến độ (% sản phẩm)"),
        "note": _("Ghi chú"),
        "claims_completion": _("Báo hoàn thành"),
        "cause": _("Nguyên nhân"),
        "done_about_it": _("Đã làm gì để khắc phục"),
        "asked_of": _("Đề nghị cơ quan nào"),
        "asked_what": _("Đề nghị làm gì"),
        "asked_due_on": _("Cần trước ngày"),
        "evidence": _("Minh chứng"),
    }


def in_words(difference: Difference) -> tuple[str, str, str]:
    """(field, before, after) for people: choices by their words, nothing as a dash."""
    choices: dict[str, Sequence[tuple[str, object]]] = {
        "claim": Claim.choices,
        "cause": Cause.choices,
        "claims_completion": [("on", _("Có")), ("", _("Không"))],
    }
    words = dict(choices.get(difference.field, []))
    before, after = (_shown(str(words.get(text, text))) for text in (difference.before, difference.after))
    return field_labels()[difference.field], before, after


def _shown(text: str) -> str:
    day = ISO_DAY.fullmatch(text)
    return "/".join(reversed(day.groups())) if day else text or "–"
