"""The ways by which values come in: by hand, in files, from machines that send, from places that are asked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.indicators.models.definitions import Indicator


class FeedKind(models.TextChoices):
    API = "api", _("Hệ thống nguồn tự gửi")
    TABLE = "table", _("Bảng CSV hoặc XLSX tại một địa chỉ")
    JSON = "json", _("JSON tại một địa chỉ")
    SDMX = "sdmx", _("SDMX")


class Feed(models.Model):
    """A machine that sends values, or a place that is asked for them on a schedule.

    `indicators` and `scope` are the most it may ever write: these indicators, for this organisation and those below it
    (no scope: the country itself as well). `settings` maps what it says to our words (calculations.mapping).
    `every` is kernel.periods.Frequency or "daily"; empty for feeds that send by themselves.
    """

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=FeedKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="feeds")
    scope = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    indicators = models.ManyToManyField(Indicator, related_name="feeds")
    observation_kind = models.CharField(max_length=10, default="actual")
    source = models.CharField(max_length=300)
    address = models.URLField(max_length=1000, blank=True)
    settings = models.JSONField(default=dict)
    every = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="api", address="", every="") | (~Q(kind="api") & ~Q(address="") & ~Q(every="")),
                name="feed_is_asked_or_sends",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FeedSecret(models.Model):
    """What a sending machine proves itself with. Only its SHA-256 is kept; `prefix` is what people tell it apart by."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="secrets")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.feed_id} {self.prefix}…"


class RunOutcome(models.TextChoices):
    TAKEN = "taken", _("Đã nhận số liệu")
    UNCHANGED = "unchanged", _("Không có gì mới")
    REFUSED = "refused", _("Có dòng sai, không nhận dòng nào")
    FAILED = "failed", _("Không lấy được")


class DeliveryKind(models.TextChoices):
    FORM = "form", _("Nhập tay")
    GRID = "grid", _("Bảng nhập")
    WORKBOOK = "workbook", _("Tệp bảng tính")
    FEED = "feed", _("Hệ thống nguồn")
    DISPUTE = "dispute", _("Kết quả xử lý kiến nghị")


class Upload(models.Model):
    """A workbook or CSV of values on its way in: checked in the background, shown, then confirmed by its sender.

    `faults` lists {row, column, text}, the first of them when there are very many (`fault_count` is their number);
    `checked` of `total` rows were looked at. Nothing is written before it is confirmed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ kiểm tra")
        CHECKING = "checking", _("Đang kiểm tra")
        CHECKED = "checked", _("Đã kiểm tra")
        WRITING = "writing", _("Đang ghi")
        DONE = "done", _("Đã ghi")
        UNREADABLE = "unreadable", _("Không đọc được")
        DROPPED = "dropped", _("Đã bỏ")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="uploads")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    corrections = models.PositiveIntegerField(default=0)
    fault_count = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    sentence = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["content_hash"], name="upload_hash")]

    def __str__(self) -> str:
        return self.file_name


UploadState = Upload.State


class Delivery(models.Model):
    """Values that came in together, in one transaction. Fact: only inserted.

    `content_hash` is the SHA-256 of the canonical rows, so that the same delivery is known again.
    """

    kind = models.CharField(max_length=10, choices=DeliveryKind)
    feed = models.ForeignKey(Feed, models.PROTECT, null=True, related_name="deliveries")
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="deliveries")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    added = models.PositiveIntegerField()
    corrected = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["content_hash"], name="delivery_hash")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class FeedRun(models.Model):
    """One time that a feed was asked or sent something, and what came of it. Fact: only inserted.

    `log` is for the operator, `sentence` for officials; `differences` lists {indicator, organisation, period, old,
    new}, the first of them when there are very many.
    """

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=10, choices=RunOutcome)
    sentence = models.TextField()
    log = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    file_hash = models.CharField(max_length=64, blank=True)
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="run")
    warnings = ArrayField(models.CharField(max_length=500), default=list)

    class Meta:
        indexes = [models.Index(fields=["feed", "-started_at"], name="feed_run_order")]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.outcome}"
