"""The checks in words: what is asked, how it is found, and what else may explain it.

`sentence` is the question put to the organisation; it may name the numbers of `Question.numbers`. Every text says what
else may be behind it, because a question that knows only one answer is a verdict.
"""

from dataclasses import dataclass

from thucthi.monitoring.calculations.honesty.control import CHECKS_BY_PEERS


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class CheckInWords:
    code: str
    title: str
    sentence: str
    how: str
    also: str

    @property
    def is_by_peers(self) -> bool:
        """Found by comparison with peers, not by a fact."""
        return self.code in CHECKS_BY_PEERS


CATALOGUE = (
    CheckInWords(
        "done_without_evidence",
        N_("Báo hoàn thành mà chưa có minh chứng được chấp nhận"),
        N_("Vì sao báo hoàn thành 100 %% khi chưa có minh chứng được chấp nhận?"),
        N_("Báo cáo gần nhất của nhiệm vụ ghi hoàn thành, nhưng không kèm tệp minh chứng nào, hoặc đã bị trả lại."),
        N_("Minh chứng có thể ở dạng chưa gửi qua hệ thống được, hoặc đang bổ sung sau khi bị trả lại."),
    ),
    CheckInWords(
        "done_but_unmoved",
        N_("Báo hoàn thành nhưng chỉ tiêu chưa chuyển"),
        N_("Vì sao nhiệm vụ báo hoàn thành mà chỉ tiêu nhiệm vụ phải làm chuyển vẫn chưa chuyển?"),
        N_("Nhiệm vụ báo từ 100 %, còn chỉ tiêu gắn với nhiệm vụ chưa nhích khỏi mức xuất phát về phía mục tiêu."),
        N_("Tác động có thể đến sau nhiều tháng, hoặc số đo của chỉ tiêu chưa đến kỳ công bố."),
    ),
    CheckInWords(
        "done_before_start",
        N_("Báo hoàn thành trước ngày bắt đầu"),
        N_("Vì sao nhiệm vụ báo hoàn thành trước ngày bắt đầu %(start)s?"),
        N_("Ngày gửi báo cáo hoàn thành sớm hơn ngày bắt đầu ghi trong chương trình."),
        N_("Việc có thể đã làm trước khi được giao, hoặc ngày bắt đầu ghi nhầm."),
    ),
    CheckInWords(
        "above_hundred",
        N_("Tiến độ vượt 100 %"),
        N_("Vì sao tiến độ báo cáo vượt 100 %%?"),
        N_("Có báo cáo ghi tiến độ sản phẩm lớn hơn 100 %."),
        N_("Sản phẩm có thể làm nhiều hơn số được giao."),
    ),
    CheckInWords(
        "falling_progress",
        N_("Tiến độ đi lùi"),
        N_("Vì sao tiến độ báo cáo sau thấp hơn báo cáo trước?"),
        N_("Hai báo cáo liền nhau của một nhiệm vụ, báo cáo trước không bị trả lại, mà báo cáo sau ghi thấp hơn."),
        N_("Phạm vi việc có thể được mở rộng, hoặc báo cáo trước tính chưa đúng và nay sửa lại."),
    ),
    CheckInWords(
        "reused_evidence",
        N_("Một tệp minh chứng dùng cho nhiều việc hoặc nhiều kỳ"),
        N_("Vì sao cùng một tệp minh chứng được dùng cho %(n)s báo cáo?"),
        N_("Các tệp giống nhau từng byte (cùng mã SHA-256) kèm theo báo cáo của nhiệm vụ hoặc kỳ khác nhau."),
        N_("Một quyết định có thể chứng minh cho nhiều nhiệm vụ."),
    ),
    CheckInWords(
        "reused_text",
        N_("Một lời báo cáo dùng cho nhiều việc hoặc nhiều kỳ"),
        N_("Vì sao cùng một đoạn chữ được dùng cho %(n)s báo cáo?"),
        N_("Phần chữ từ 40 ký tự trở lên trùng nhau giữa các nhiệm vụ hoặc kỳ, không kể hoa thường và khoảng trắng."),
        N_("Trong kỳ có thể thật sự chưa có gì mới."),
    ),
    CheckInWords(
        "parts_do_not_give_amount",
        N_("Tử số và mẫu số không cho ra số đã ghi"),
        N_("Vì sao tử số chia mẫu số không ra số đã ghi?"),
        N_("Tính lại tỷ lệ từ tử số và mẫu số, lệch quá nửa đơn vị của chữ số cuối cùng đã ghi."),
        N_("Tử số, mẫu số và tỷ lệ có thể được chốt vào những ngày khác nhau."),
    ),
    CheckInWords(
        "parent_differs_from_parts",
        N_("Số của cấp trên khác tổng hợp từ cấp dưới"),
        N_("Vì sao số của đơn vị khác số tổng hợp từ %(n)s đơn vị trực thuộc?"),
        N_("Mọi đơn vị trực thuộc đều đã có số, nhưng tổng hợp theo quy tắc của chỉ tiêu không ra số của đơn vị."),
        N_("Nguồn của cấp trên có thể gồm cả phần không thuộc đơn vị nào bên dưới."),
    ),
    CheckInWords(
        "back_dated",
        N_("Nhập sau ngày ghi là đã biết"),
        N_("Vì sao số này được nhập hơn 7 ngày sau ngày ghi là đã biết?"),
        N_("Thời điểm nhập do cơ sở dữ liệu ghi muộn hơn ngày ghi là đã biết trên 7 ngày."),
        N_("Đơn vị có thể nhập bù số liệu cũ, hoặc mất kết nối nhiều ngày."),
    ),
    CheckInWords(
        "corrected_after_publication",
        N_("Đính chính sau khi kỳ số liệu đã công bố"),
        N_("Vì sao số này được đính chính sau khi đã công bố?"),
        N_("Số trước đã nằm trong một kỳ công bố; số sau lệch quá dung sai và không do giải quyết kiến nghị."),
        N_("Nguồn có thể có lịch rà soát số liệu định kỳ."),
    ),
    CheckInWords(
        "edited_after_deadline",
        N_("Sửa theo hướng tốt hơn sau hạn"),
        N_("Vì sao số này được sửa theo hướng tốt hơn sau khi đã hết hạn cung cấp?"),
        N_("Số đầu đến đúng hạn; số sửa đến sau hạn, lệch quá dung sai và có lợi hơn theo chiều của chỉ tiêu."),
        N_("Nguồn có thể hoàn tất số sơ bộ sau hạn."),
    ),
    CheckInWords(
        "target_lowered",
        N_("Hạ mục tiêu khi đã vào năm phải đạt"),
        N_("Vì sao mục tiêu được hạ xuống hoặc lùi lại khi đã vào năm phải đạt?"),
        N_("Quyết định đổi mục tiêu được ký trong hoặc sau năm phải đạt, làm mục tiêu dễ hơn hoặc lùi sang năm sau."),
        N_("Hoàn cảnh bất khả kháng có thể làm mục tiêu cũ không còn ý nghĩa."),
    ),
    CheckInWords(
        "denominator_changed",
        N_("Đổi mẫu số làm tỷ lệ đẹp hơn"),
        N_("Vì sao mẫu số được đổi và tỷ lệ nhờ đó đẹp hơn?"),
        N_("Bản đính chính đổi mẫu số quá 5 % và làm tỷ lệ tốt hơn theo chiều của chỉ tiêu."),
        N_("Đối tượng có thể được rà soát lại, ví dụ sau sắp xếp đơn vị hành chính."),
    ),
    CheckInWords(
        "heaped_digits",
        N_("Nhiều số tròn 0 và 5 hơn đơn vị cùng loại"),
        N_("Vì sao %(own)s các số kết thúc bằng 0 hoặc 5, trong khi đơn vị cùng loại thường là %(peers)s?"),
        N_("Đếm số chia hết cho 5 trong khoảng 5–95 % (ít nhất 60 số), so với cơ quan cùng loại (beta nhị thức)."),
        N_("Đơn vị có thể có thói quen làm tròn, hoặc chỉ tiêu chỉ được đo theo bậc 5."),
    ),
    CheckInWords(
        "end_jump",
        N_("Tăng dồn vào kỳ cuối hơn đơn vị cùng loại"),
        N_("Vì sao phần tăng của kỳ cuối (%(own)s cả năm) lớn hơn hẳn đơn vị cùng loại (%(peers)s)?"),
        N_("Tỷ trọng của kỳ cuối trong mức tăng cả năm, trung vị của ít nhất 10 chuỗi, so với đơn vị cùng loại."),
        N_("Công trình, nghiệm thu có thể dồn vào cuối năm."),
    ),
    CheckInWords(
        "too_smooth",
        N_("Chuỗi số đều bất thường"),
        N_("Vì sao mức tăng các kỳ gần như bằng nhau, khác hẳn đơn vị cùng loại?"),
        N_("Hệ số biến thiên của mức tăng từng kỳ (ít nhất 8 kỳ và 10 chuỗi), so với đơn vị cùng loại."),
        N_("Công việc có thể thật sự đều, ví dụ cấp phát theo lịch."),
    ),
    CheckInWords(
        "bunched_at_target",
        N_("Số dồn sát ngay trên mục tiêu"),
        N_("Vì sao %(own)s các số gần mục tiêu nằm ngay phía đạt, trong khi đơn vị cùng loại là %(peers)s?"),
        N_("Trong các số cách mục tiêu không quá 2 điểm, đếm số nằm phía đạt; ít nhất 30 số quanh mục tiêu 10 điểm."),
        N_("Đơn vị có thể dừng lại khi vừa đạt mục tiêu vì nguồn lực có hạn."),
    ),
    CheckInWords(
        "full_everywhere",
        N_("100 % ở khắp nơi"),
        N_("Vì sao %(own)s các việc đều báo 100 %%, trong khi đơn vị cùng loại là %(peers)s?"),
        N_("Tỷ lệ chuỗi kết thúc năm ở mức từ 100 % (ít nhất 20 chuỗi), so với đơn vị cùng loại."),
        N_("Đơn vị có thể được giao việc dễ hoàn thành hơn."),
    ),
    CheckInWords(
        "above_measured",
        N_("Số báo cáo cao hơn hẳn số đo"),
        N_("Vì sao số báo cáo cao hơn số đo nhiều hơn hẳn ở đơn vị cùng loại?"),
        N_("Khoảng cách giữa số báo cáo và số đo sau khi trừ quan hệ chung của đơn vị cùng loại (đường Theil–Sen)."),
        N_("Số đo và số báo cáo có thể khác phạm vi hoặc khác ngày chốt."),
    ),
    CheckInWords(
        "upward_revisions",
        N_("Đính chính chỉ một chiều đẹp lên"),
        N_("Vì sao %(own)s các lần đính chính đều làm số đẹp hơn?"),
        N_("Kiểm định dấu trên ít nhất 12 lần đính chính, so với đơn vị cùng loại và không dưới một nửa."),
        N_("Số sơ bộ của nguồn có thể thường thấp hơn số chính thức."),
    ),
    CheckInWords(
        "last_day_bursts",
        N_("Dồn báo cáo vào 24 giờ cuối"),
        N_("Vì sao %(own)s báo cáo được gửi trong 24 giờ cuối, trong khi đơn vị cùng loại là %(peers)s?"),
        N_("Tỷ lệ báo cáo gửi trong ngày cuối của hạn (ít nhất 20 báo cáo), so với đơn vị cùng loại."),
        N_("Đơn vị có thể chỉ có một người làm báo cáo cho nhiều việc."),
    ),
)
WORDS = {check.code: check for check in CATALOGUE}
