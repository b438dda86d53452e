"""The real app in a real browser: an interview, a drill and a story to their scorecards.

Screenshots go to a temporary folder; with SAVE_SCREENSHOTS=docs/screenshots the README's two go there.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

_START_SECONDS = 300  # the first start embeds the whole bank
_REPLY_MS = 60_000
# A page that is slow on a busy machine is no failure; what never comes is one.
expect.set_options(timeout=_REPLY_MS)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
GOOD = (
    "L1 adds the sum of the absolute weights to the loss and L2 the sum of the squared weights. "
    "L1 drives many weights exactly to zero, while L2 only makes them small."
)
FALSE = "Ridge sets unimportant coefficients to exactly zero."
STORY = (
    "In 2022 our ticket shop lost 0.6% of its sales to fraud and refused 2.3% of honest buyers. "
    "I was asked to bring both numbers down within two quarters. I priced a missed fraud with finance "
    "and, um, I chose gradient boosting over a graph network because it was fast enough at checkout. "
    "I built the features from the event stream. After eleven weeks fraud fell from 0.6% to 0.4% and "
    "refusals from 2.3% to 1.6%. Next time I would show the reasons to the care team from week one."
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app on a free port with a home of its own; return its address."""
    folder = tmp_path_factory.mktemp("app")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("INTERVIEWER_", "OPENAI_"))}
    env["INTERVIEWER_HOME"] = str(folder / "home")
    command = [sys.executable, "-m", "interviewer", "serve", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _await(url, process, folder / "log")
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.fail("No Chromium found. Install it: apt-get install chromium (or google-chrome).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, app: str) -> Iterator[Page]:
    """Open the page; at the end, nothing outside this machine was asked for, nothing broke."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(_REPLY_MS)
    page = context.new_page()
    hosts: set[str | None] = set()
    broken: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(app)
    yield page
    context.close()
    assert hosts <= {"127.0.0.1", None, ""}
    assert broken == []


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Return the folder for screenshots."""
    asked = os.environ.get("SAVE_SCREENSHOTS")
    folder = Path(__file__).parent.parent / asked if asked else tmp_path / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_a_first_visit_offers_an_example_with_its_scorecard(page: Page, app: str) -> None:
    """Runs first: later tests leave sessions behind, and the offer goes."""
    expect(page.get_by_role("button", name="Five-minute taster")).to_be_visible()
    page.get_by_role("button", name="Read an example").click()
    expect(page.locator(".example .result mark").first).to_be_visible(timeout=_REPLY_MS)
    page.goto(app)
    expect(page.get_by_role("button", name="Read an example")).to_be_visible()


def test_an_interview_to_its_scorecard(page: Page, shots: Path) -> None:
    practise(page, "L1 against L2", "L1 against L2 regularisation")
    box = answer_box(page)
    box.press_sequentially("Two")
    box.press("Shift+Enter")
    box.press_sequentially("lines")
    expect(box).to_have_value("Two\nlines")
    say(page, GOOD)
    page.get_by_role("button", name="Hint", exact=True).click()
    expect(page.locator(".chat .user").last).to_contain_text("Could I have a hint?")
    expect(page.locator(".chat .bot")).to_have_count(3)
    page.screenshot(path=shots / "interview.png")
    finish(page, own_rating="70")
    expect(page.locator(".overall .score")).to_contain_text("of 100")
    expect(page.locator(".overall .own")).to_contain_text("You expected 70")
    expect(page.locator("mark + .tag").first).to_contain_text(re.compile("made|contradicted"))
    expect(page.locator(".radar .js-plotly-plot:visible")).to_be_visible(timeout=_REPLY_MS)
    page.locator(".scorecard:visible").screenshot(path=shots / "scorecard.png")


def test_a_point_is_contested_and_a_question_reported(page: Page) -> None:
    practise(page, "L1 against L2", "L1 against L2 regularisation")
    say(page, GOOD)
    finish(page)
    card = page.locator(".scorecard:visible")
    card.get_by_role("link", name="Contest").last.click()
    form = page.locator(".contest-form:visible")
    form.get_by_label("Or paste a passage").fill("I never said any of this.")
    form.get_by_role("button", name="Contest it").click()
    expect(form.get_by_role("alert")).to_contain_text("not words of your answer", timeout=_REPLY_MS)
    form.get_by_label("Pick a sentence").click()
    page.get_by_role("option").last.click()
    picked = form.get_by_label("Or paste a passage")
    expect(picked).to_have_value(GOOD.split(". ")[1], timeout=_REPLY_MS)
    form.get_by_role("button", name="Contest it").click()
    expect(card.locator(".views")).to_contain_text("the score stays", timeout=_REPLY_MS)
    expect(form).to_have_count(0)
    card.get_by_role("link", name="Report this question").click()
    note = page.locator(".report-form:visible")
    note.get_by_label("What is wrong with it?").fill("The probe gives it away.")
    note.get_by_role("button", name="Send the note").click()
    expect(note.get_by_role("status")).to_contain_text("Kept", timeout=_REPLY_MS)
    tab(page, "Sessions")
    expect(page.get_by_text("Download contested cases")).to_be_visible(timeout=_REPLY_MS)


def test_a_misconception_is_contested(page: Page) -> None:
    practise(page, "L1 against L2", "L1 against L2 regularisation")
    say(page, f"{GOOD} {FALSE}")
    finish(page)
    card = page.locator(".scorecard:visible")
    charge = card.locator("li", has_text="✗ misconception")
    charge.get_by_text("Why?").click()
    expect(charge).to_contain_text("L2 regularisation produces sparse models")
    expect(charge).to_contain_text("least sure of")
    charge.get_by_role("link", name="Contest").click()
    form = page.locator(".contest-form:visible")
    expect(form).to_contain_text("You contest that you said this:")
    expect(form.get_by_label("Or paste a passage")).to_have_value(FALSE)
    form.get_by_label("What did you mean?").fill("I meant the lasso.")
    form.get_by_role("button", name="Contest it").click()
    expect(charge.locator(".views")).to_contain_text("I meant the lasso.")
    expect(charge.locator(".views")).to_contain_text("the score stays")
    expect(charge.locator(".views")).to_be_in_viewport()
    expect(charge.get_by_role("link", name="Contest again")).to_be_visible()


def test_what_the_candidate_types_is_shown_and_does_nothing(page: Page) -> None:
    practise(page, "L1 against L2", "L1 against L2 regularisation")
    say(page, f"{GOOD} <img src=x onerror='window.hacked = 1'> with $x^2$ for $2M and $3M")
    said = page.locator(".chat .user").last
    expect(said).to_contain_text("<img src=x onerror='window.hacked = 1'>")
    expect(said).to_contain_text("for $2M and $3M")
    expect(said.locator(".katex").first).to_be_visible()
    finish(page)
    expect(page.locator(".answer .said").first).to_contain_text("<img src=x")
    assert page.evaluate("window.hacked") is None


def test_a_reload_and_the_list_come_back_to_the_session(page: Page) -> None:
    practise(page, "L1 against L2", "L1 against L2 regularisation")
    answer_box(page).fill("half a thought")
    page.wait_for_timeout(500)
    page.reload()
    expect(answer_box(page)).to_have_value("half a thought")
    expect(page.locator(".chat .bot").first).to_be_visible()
    page.goto(page.url.split("?")[0])
    tab(page, "Sessions")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(answer_box(page)).to_have_value("half a thought")


def test_a_second_tab_gets_a_clear_message_and_keeps_its_text(page: Page) -> None:
    practise(page, "L1 against L2", "L1 against L2 regularisation")
    other = page.context.new_page()
    other.goto(page.url)
    # By now the other tab shows the session as it is, and looks no more of its own accord.
    ticked = re.compile(r"0:0[5-9]|0:[1-5]")
    expect(other.locator(".clock:visible .used")).to_have_text(ticked, timeout=_REPLY_MS)
    say(page, GOOD)
    answer_box(other).fill("from the other tab")
    answer_box(other).press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("another tab", timeout=_REPLY_MS)
    expect(answer_box(other)).to_have_value("from the other tab")


def test_a_long_message_is_taken(page: Page) -> None:
    practise(page, "L1 against L2", "L1 against L2 regularisation")
    say(page, "weights " * 2500)
    expect(page.locator(".chat .user").last).to_contain_text("weights weights")


def test_a_series_is_plotted_in_the_chat(page: Page) -> None:
    practise(page, "AUC fell after retraining", "AUC fell after retraining")
    say(page, "When did it start?")
    expect(page.locator(".chat .js-plotly-plot").first).to_be_visible(timeout=_REPLY_MS)
    expect(page.locator(".panel:visible")).to_contain_text("Facts seen 1 of")


def test_a_drill_to_its_summary(page: Page) -> None:
    tab(page, "Drill")
    page.get_by_label("Questions", exact=True).first.fill("2")
    page.get_by_role("button", name="Start drill").click()
    say(page, "I would compare the validation error with the training error first.")
    expect(page.locator(".chat:visible")).to_contain_text("A better answer", timeout=_REPLY_MS)
    expect(page.locator(".panel:visible")).to_contain_text("Question 2 of 2")
    page.get_by_role("button", name="Skip", exact=True).locator("visible=true").click()
    expect(page.get_by_text("By topic")).to_be_visible(timeout=_REPLY_MS)
    expect(page.locator(".scorecard:visible .result")).to_have_count(2)


def test_a_story_to_its_scorecard(page: Page, tmp_path: Path) -> None:
    tab(page, "Stories")
    page.get_by_label("Your story").fill(STORY)
    page.get_by_role("button", name="Read my story").click()
    report = page.locator("section.summary:visible").first
    expect(report).to_contain_text("Clarity", timeout=_REPLY_MS)
    for part in ("Situation", "Action", "Result"):
        expect(report.locator("tr", has_text=part).first).to_contain_text("✓ found")
    expect(report).to_contain_text("“um” once")
    expect(page.locator(".chat:visible .bot")).to_have_count(2)
    finish(page)
    expect(page.locator(".scorecard:visible")).to_contain_text("Behavioral")
    page.screenshot(path=tmp_path / "story.png", full_page=True)


def test_on_a_phone_the_panel_goes_under_the_chat(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(answer_box(page)).to_be_visible()
    chat, panel = page.locator(".chat:visible").first, page.locator(".panel:visible")
    expect(panel).to_be_visible()
    chat_box, panel_box = chat.bounding_box(), panel.bounding_box()
    assert chat_box is not None
    assert panel_box is not None
    assert panel_box["y"] > chat_box["y"] + chat_box["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=tmp_path / "phone.png", full_page=True)


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def answer_box(page: Page) -> Locator:
    return page.locator(".room .box textarea:visible")


def practise(page: Page, words: str, title: str) -> None:
    """Start an interview on one question of the bank."""
    tab(page, "Bank")
    page.get_by_label("Search").first.fill(words)
    first = page.locator(".found label").first
    expect(first).to_contain_text(title)
    first.click()
    expect(page.locator(".reader h3")).to_contain_text(title)
    page.get_by_role("button", name="Practise this question").click()
    expect(answer_box(page)).to_be_visible()
    expect(page.locator(".chat:visible .bot").first).to_be_visible()


def say(page: Page, text: str) -> None:
    """Send a message by Enter and await the reply."""
    box = answer_box(page)
    replies = page.locator(".chat:visible .bot")
    before = replies.count()
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("", timeout=_REPLY_MS)
    expect(replies.nth(before)).not_to_have_text("…", timeout=_REPLY_MS)
    expect(page.get_by_role("button", name="Send").locator("visible=true")).to_be_visible()


def finish(page: Page, own_rating: str = "") -> None:
    """End the session, rate oneself where that is asked, and await the scorecard."""
    page.get_by_role("button", name="Finish").locator("visible=true").click()
    asked_or_shown = page.locator(".rating:visible, .scorecard:visible .result").first
    expect(asked_or_shown).to_be_visible(timeout=_REPLY_MS)
    if page.locator(".rating:visible").count():
        expect(page.locator(".scorecard:visible")).to_have_count(0)
        page.get_by_label("Your own rating").locator("visible=true").fill(own_rating)
        page.get_by_role("button", name="Show my score").locator("visible=true").click()
    expect(page.locator(".scorecard:visible .result").first).to_be_visible(timeout=_REPLY_MS)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.5)
    pytest.fail(f"The app did not start:\n{log.read_text()[-2000:]}")
