"""verify.html, opened from disk in Chromium: the same verdicts and the same sentences as verify.py, and no network."""

import base64
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.publication.proofs.attacks import attacks, every_byte, flips
from tests.publication.proofs.bundle import PINNED, checked, country, two_weeks
from tests.trust.bars import bar
from thucthi.publication.proofs import verify_html
from thucthi.publication.verifier.verify import told

FLIPS = int(os.environ.get("THUCTHI_BROWSER_FLIPS", "250"))
# Runs inside the page: bundles go in as base64, one flip at a time is made there.
CHECK = """async ([files, older, wanted, flip]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const folder = (texts) => new Map(Object.entries(texts).map(([name, text]) => [name, async () => {
    const data = bytes(text);
    if (flip && flip[0] === name) data[flip[1]] ^= flip[2];
    return data;
  }]));
  const result = await new thucthi.Verification(folder(files), wanted).run();
  if (older) await result.compareWith(await new thucthi.Verification(folder(older)).run());
  return thucthi.told(result, false);
}"""
MANY = """async ([files, flips]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const kept = new Map(Object.entries(files).map(([name, text]) => [name, bytes(text)]));
  const accepted = [];
  for (const [name, place, bits] of flips) {
    const data = kept.get(name).slice();
    data[place] ^= bits;
    const folder = new Map([...kept].map(([each, content]) => [each, async () => (each === name ? data : content)]));
    if (!(await new thucthi.Verification(folder).run()).wrong.length) accepted.push([name, place, bits]);
  }
  return accepted;
}"""


def encoded(files: Mapping[str, bytes] | None) -> dict[str, str] | None:
    return files and {name: base64.b64encode(data).decode() for name, data in files.items()}


def put(files: Mapping[str, bytes], directory: Path) -> Path:
    for name, data in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(data)
    return directory


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page of the newer issue, opened from disk; complains about anything asked of a network."""
    context = chromium.new_context(locale="vi-VN")
    opened = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    directory = put(two_weeks()[1], tmp_path / "new")
    opened.goto((directory / "verify.html").as_uri())
    yield opened
    assert [url for url in asked if not url.startswith("file:")] == []
    assert complaints == []
    context.close()


def verdict(page: Page) -> list[str]:
    page.wait_for_selector("[data-state=right] #result p, [data-state=wrong] #result p")
    return page.locator("#result p").all_inner_texts()


def test_a_person_chooses_the_directory_and_an_older_one(page: Page, tmp_path: Path) -> None:
    old, new = two_weeks()
    page.set_input_files("#directory", tmp_path / "new")
    assert verdict(page) == list(told(checked(new), False))
    page.click("summary")
    page.fill("#key", PINNED)
    page.set_input_files("#older", put(old, tmp_path / "old"))
    page.wait_for_selector("text=Sổ nối tiếp kỳ 2026-W47")
    assert verdict(page) == list(told(checked(new, old, key=PINNED), False))
    page.click("button[data-lang=en]")
    page.wait_for_selector("text=VALID: issue 2026-W48")
    assert verdict(page) == list(told(checked(new, old, key=PINNED), True))


def test_a_newcomer_changes_one_figure_and_both_verifiers_name_file_and_figure(page: Page, tmp_path: Path) -> None:
    _, new = two_weeks()
    changed = new["issue.json"].replace(b'"accepted":"38"', b'"accepted":"88"', 1)
    (tmp_path / "new" / "issue.json").write_bytes(changed)
    page.set_input_files("#directory", tmp_path / "new")
    said = verdict(page)
    assert said == list(told(checked({**new, "issue.json": changed}), False))
    assert said[1:] == [
        "Tệp issue.json đã bị thay đổi so với bản kê.",
        "issue.json: nhiệm vụ nv-1, kỳ 2026-W46: accepted công bố là 88, sổ ghi 38.",
    ]


def test_a_country_whose_tasks_stand_in_files_of_their_own_is_accepted(page: Page) -> None:
    files = country()
    said = page.evaluate(CHECK, [encoded(files), None, {}, None])
    assert said == list(told(checked(files), False))
    assert said[0].startswith("ĐÚNG: ")


@bar("B7")
def test_every_forgery_gets_the_same_sentences_as_from_the_command(page: Page) -> None:
    different = []
    for attack in attacks():
        said = page.evaluate(CHECK, [encoded(attack.files), encoded(attack.older), dict(attack.wanted), None])
        assert said[0].startswith("SAI: "), attack.name
        wanted = list(told(checked(attack.files, attack.older, **attack.wanted), False))
        different += [(attack.name, said, wanted)] if said != wanted else []
    assert different == []


@bar("B7")
def test_no_flipped_byte_is_accepted_in_the_browser(page: Page) -> None:
    _, new = two_weeks()
    tried = [*every_byte(new, ["checkpoint", "manifest.json"]), *flips(new, sorted(new), FLIPS)]
    assert page.evaluate(MANY, [encoded(new), tried]) == []


@bar("B7", planted=True)
def test_a_page_that_forgets_the_signature_lets_flips_through(page: Page) -> None:
    """The planted fault."""
    _, new = two_weeks()
    forget = "thucthi.Verification.prototype.checkCheckpoint = async () => {}"
    assert page.evaluate(f"async (given) => {{ {forget}; return ({MANY})(given); }}", [
        encoded(new), list(every_byte(new, ["checkpoint"]))[:20],
    ])  # fmt: skip


def test_a_browser_without_ed25519_says_so(page: Page) -> None:
    page.evaluate(
        "() => { crypto.subtle.importKey = async () => { throw new DOMException('none', 'NotSupportedError'); }; }"
    )
    said = page.evaluate(CHECK, [encoded(two_weeks()[1]), None, {}, None])
    assert any(line.startswith("Trình duyệt này chưa kiểm tra được chữ ký Ed25519.") for line in said)


def test_served_under_the_policy_of_the_site_it_asks_to_be_downloaded(chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    policy = {"Content-Security-Policy": "default-src 'self'"}
    page.route("**/*", lambda route: route.fulfill(body=verify_html(), content_type="text/html", headers=policy))
    page.goto("http://cong-bo.vi-du.vn/verify.html")
    assert page.locator("#asleep").inner_text().startswith("Trang này chỉ làm việc khi được mở từ máy")
    assert not page.locator("#awake").is_visible()
    context.close()


def test_the_page_allows_itself_nothing_but_its_own_script_and_style() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', verify_html().decode())
    assert policy is not None
    assert re.sub(r"sha256-[\w+/=]{44}", "sha256-…", policy[1]) == (
        "default-src 'none'; script-src 'sha256-…'; style-src 'sha256-…'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(rb"https?://", verify_html())
