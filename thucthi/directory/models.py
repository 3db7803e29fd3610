"""Who: organisations through time, posts and their holders, accounts and their roles."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DateRange(Func):
    """SQL daterange(from, to, '[]'): both days included, an empty end means still valid."""

    function = "daterange"


def _inclusive_range() -> DateRange:
    return DateRange(F("valid_from"), F("valid_to"), RangeBoundary(inclusive_lower=True, inclusive_upper=True))


def _range_without_its_end() -> DateRange:
    return DateRange(F("valid_from"), F("valid_to"), RangeBoundary(inclusive_lower=True, inclusive_upper=False))


def _ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name
    )


class Tree(models.TextChoices):
    STATE = "state", _("Nhà nước")
    PARTY = "party", _("Đảng")
    FRONT = "front", _("Mặt trận và đoàn thể")


class Level(models.TextChoices):
    CENTRAL = "central", _("Trung ương")
    PROVINCE = "province", _("Tỉnh, thành phố")
    DISTRICT = "district", _("Huyện (đến 30/6/2025)")
    COMMUNE = "commune", _("Xã, phường, đặc khu")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def live(self, on: object) -> "OrganisationQuerySet":
        """In existence on that day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )

    def under(self, organisation_id: int) -> "OrganisationQuerySet":
        """The organisation and everything below it today."""
        return self.filter(path__contains=[organisation_id])


class Organisation(models.Model):
    """A body that can answer for something. `path` is its lineage today, root first, itself last."""

    code = models.SlugField(max_length=64, unique=True, allow_unicode=False)
    tree = models.CharField(max_length=10, choices=Tree)
    level = models.CharField(max_length=10, choices=Level)
    kind = models.CharField(max_length=40)
    official_name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    aliases = ArrayField(models.CharField(max_length=200), default=list)
    unit_code = models.CharField(max_length=8, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    search_text = models.TextField()
    sort_key = models.CharField(max_length=600)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["path"], name="organisation_path"),
            GinIndex(fields=["search_text"], name="organisation_search", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["sort_key"], name="organisation_sort"),
        ]
        constraints = [
            _ends_after_it_starts("organisation_ends_after_start"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organisation_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.official_name


class OrganisationName(models.Model):
    """What an organisation was called, when. One name at a time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="names")
    official_name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisation_one_name_at_a_time",
                expressions=[("organisation", RangeOperators.EQUAL), (_inclusive_range(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return self.official_name


class Placement(models.Model):
    """Under whom an organisation stood, when. One parent at a time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisation_one_parent_at_a_time",
                expressions=[("organisation", RangeOperators.EQUAL), (_inclusive_range(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} < {self.parent_id}"


class Leadership(models.Model):
    """A Party organisation leads a State organisation: the relation between the two trees."""

    leader = models.ForeignKey(Organisation, models.PROTECT, related_name="leads")
    led = models.ForeignKey(Organisation, models.PROTECT, related_name="led_by")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leader", "led"], name="leadership_once"),
            models.CheckConstraint(condition=~Q(leader=F("led")), name="leadership_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.leader_id} → {self.led_id}"


class EventKind(models.TextChoices):
    MERGE = "merge", _("Hợp nhất")
    SPLIT = "split", _("Chia tách")
    RENAME = "rename", _("Đổi tên")
    MOVE = "move", _("Chuyển cơ quan chủ quản")
    DISSOLVE = "dissolve", _("Kết thúc hoạt động")


class OrganisationEvent(models.Model):
    """A recorded change of the tree. Fact: only inserted."""

    code = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=EventKind)
    effective_on = models.DateField()
    legal_basis = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on:%d/%m/%Y}"


class Succession(models.Model):
    """Who answers after the event for what the predecessor led. Fact: only inserted."""

    event = models.ForeignKey(OrganisationEvent, models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="inheritances")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Person(models.Model):
    """A natural person. `is_invented` persons exist for demonstrations only and say so wherever they appear."""

    display_name = models.CharField(max_length=200)
    is_invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.display_name


class Post(models.Model):
    """An office in an organisation; results belong to who held it on that day (D32)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    is_head = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title"], name="post_title_once"),
            models.UniqueConstraint(fields=["organisation"], condition=Q(is_head=True), name="post_one_head"),
        ]

    def __str__(self) -> str:
        return self.title


class Tenure(models.Model):
    """A person holds a post; no two holders of one post at once."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="tenures")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            _ends_after_it_starts("tenure_ends_after_start"),
            ExclusionConstraint(
                name="tenure_one_holder_at_a_time",
                expressions=[("post", RangeOperators.EQUAL), (_inclusive_range(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.post_id}"


class Account(AbstractUser):
    """Someone who can sign in. Rights come from memberships alone, never from the framework's staff flags."""

    person = models.OneToOneField(Person, models.PROTECT, null=True, related_name="account")

    def __str__(self) -> str:
        return self.username


class Role(models.TextChoices):
    REPORTER = "reporter", _("Người báo cáo")
    APPROVER = "approver", _("Người nghiệm thu")
    HEAD = "head", _("Người đứng đầu")
    PROGRAMME_EDITOR = "programme_editor", _("Người soạn chương trình")
    STEERING_OFFICE = "steering_office", _("Cơ quan thường trực chỉ đạo")
    VERIFIER = "verifier", _("Người kiểm chứng")
    PUBLISHER = "publisher", _("Người công bố")
    AUDITOR = "auditor", _("Người kiểm toán, giám sát")
    ACCOUNT_ADMIN = "account_admin", _("Quản trị tài khoản")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: object) -> "MembershipQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class Membership(models.Model):
    """An account plays a role in an organisation. On the day `valid_to` it no longer does; an end acts at once."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            _ends_after_it_starts("membership_ends_after_start"),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (_range_without_its_end(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.organisation_id}"


class Delegation(models.Model):
    """An absent head lets another account decide in his place, between two dates, both included (D32).

    Whoever acts under it is recorded beside the one he acts for. Ends early by `revoked_on`; never deleted.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="delegations")
    role = models.CharField(max_length=20, choices=Role, default=Role.HEAD)
    giver = models.ForeignKey(Account, models.PROTECT, related_name="given_delegations")
    receiver = models.ForeignKey(Account, models.PROTECT, related_name="received_delegations")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=500)
    revoked_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="delegation_to_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="delegation_has_a_reason"),
            ExclusionConstraint(
                name="delegation_one_at_a_time",
                expressions=[
                    ("giver", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (_inclusive_range(), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.receiver_id}"


class Scope(models.TextChoices):
    """What a token of the API may read at most. There is none to write: programs do not report in this version."""

    TASKS = "tasks:read", _("Nhiệm vụ")
    REPORTS = "reports:read", _("Báo cáo và kỳ phải báo cáo")
    OBSTACLES = "obstacles:read", _("Điểm nghẽn")
    VALUES = "values:read", _("Giá trị chỉ tiêu")


class ApiToken(models.Model):
    """What a program of an organisation proves itself with to the API. Only its SHA-256 is kept.

    It reads what `organisation` may read, never more than `scopes` say; `prefix` is what people tell it apart by.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}…"
