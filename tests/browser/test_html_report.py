"""The HTML report in a real browser: it asks for nothing, logs nothing, shows clauses on a click, and is accessible."""

from __future__ import annotations

import base64
import io
import json
import shutil
from collections.abc import Iterator
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from auditor.inputs.targets import parse_target
from auditor.model import Report, Use
from auditor.pipeline import audit, open_source
from auditor.report import render
from auditor.report.notebook import render as notebook
from tests.support.hostile import TEXTS, hostile
from tests.support.lineages import report_of

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
By = pytest.importorskip("selenium.webdriver.common.by", reason="selenium drives the browser").By
pytest.importorskip("axe_core_python", reason="axe-core looks for faults of accessibility")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs Debian's packages chromium and chromium-driver"),
]
_WIDTH = "return document.querySelector('#stage .lineage').clientWidth"
_SEEN = "return [...document.querySelectorAll('.finding')].filter((f) => f.checkVisibility()).length"
_FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1280,900"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*_FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


@pytest.fixture
def show(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens a page; afterwards nothing must have been logged, and nothing asked for but the page itself."""

    def opened(text: str) -> Any:
        page = tmp_path / "report.html"
        page.write_text(text, "utf-8")
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        chromium.get("about:blank")  # leaves the browser's own start page
        chromium.get_log("browser"), chromium.get_log("performance")
        chromium.get(page.as_uri())
        return chromium

    yield opened
    assert chromium.get_log("browser") == []
    events = [json.loads(row["message"])["message"] for row in chromium.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith(("data:", "chrome:"))] == [(tmp_path / "report.html").as_uri()]


def _vicuna() -> Report:
    ref = parse_target("lmsys/vicuna-7b-v1.5").ref
    assert ref
    return audit([(ref, None)], open_source("bundled"), Use())


def _faults(driver: Any) -> list[str]:
    """Faults of accessibility that axe calls serious or critical."""
    script = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    driver.execute_script(script)  # runs in the page, beside its policy, which allows no such script
    run = "axe.run(document, {resultTypes: ['violations'], iframes: false}).then(arguments[arguments.length - 1])"
    found = driver.execute_async_script(run)
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def _scheme(driver: Any, scheme: str, width: int) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _click(driver: Any, query: str) -> None:
    element = driver.find_element(By.CSS_SELECTOR, query)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def _text(driver: Any, query: str) -> str:
    return str(driver.execute_script("return document.querySelector(arguments[0]).innerText", query))


@pytest.mark.parametrize("size", [1, 30, 500])
def test_pages_of_every_size_are_quiet(show: Any, size: int) -> None:
    driver = show(render(report_of(size), "html"))
    assert driver.execute_script("return document.querySelectorAll('.node').length") == size
    assert driver.execute_script("return document.querySelector('#stage').classList.contains('live')")
    assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_no_serious_fault(show: Any, scheme: str, width: int) -> None:
    driver = show(render(_vicuna(), "html"))
    _scheme(driver, scheme, width)
    assert _faults(driver) == []
    driver.execute_script("document.querySelector('tr[data-node=\"1\"] button').click()")
    assert _faults(driver) == []
    assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [60, pytest.param(500, marks=pytest.mark.every_system)])
def test_axe_finds_no_serious_fault_in_a_large_lineage(show: Any, size: int) -> None:
    """Five hundred members take axe twenty seconds."""
    driver = show(render(report_of(size), "html"))
    driver.execute_script("document.querySelector('tr[data-node=\"16\"] button').click()")
    assert "User-count cap" in _text(driver, "#details")
    assert _faults(driver) == []


def test_a_click_shows_the_quote_of_a_clause_and_its_source(show: Any) -> None:
    driver = show(render(_vicuna(), "html"))
    _click(driver, ".node[data-node='0'] text:nth-of-type(3)")
    details = _text(driver, "#details")
    assert "User-count cap" in details
    assert "greater than 700 million monthly active users" in details
    links = driver.execute_script("return [...document.querySelectorAll('#details a')].map((a) => a.href)")
    assert any("/blob/a9c89c471f793423afd4cc3ca8671d6e56fe64cb/" in link for link in links)
    _click(driver, "#clear")
    assert not driver.execute_script("return document.querySelector('#details').checkVisibility()")


@pytest.mark.parametrize("size", [30, 500])
def test_a_click_in_a_large_picture_shows_the_quote(show: Any, size: int) -> None:
    driver = show(render(report_of(size), "html"))
    driver.execute_script("document.querySelector('#fit').click()")
    _click(driver, ".node[data-node='1'] .box")
    assert "more than 700 million people a month" in _text(driver, "#details")
    driver.find_element(By.ID, "words").send_keys("parent-7 looked")
    assert driver.execute_script(_SEEN) == (1 if size == 30 else 8)  # parent-70 and the like, too


def test_the_keyboard_reaches_every_member(show: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    driver = show(render(_vicuna(), "html"))
    driver.execute_script("document.querySelector('.node[tabindex=\"0\"]').focus()")
    driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert "meta-llama/Llama-2-7b-hf" in _text(driver, "#details h3") or "ShareGPT" in _text(driver, "#details h3")
    driver.switch_to.active_element.send_keys(Keys.TAB)
    assert driver.switch_to.active_element.get_attribute("id") == "details"
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not driver.execute_script("return document.querySelector('#details').checkVisibility()")
    assert driver.execute_script("return document.activeElement.classList.contains('node')")


def test_the_path_of_a_finding_lights_up(show: Any) -> None:
    driver = show(render(report_of(30), "html"))
    _click(driver, "button[data-path='0 1']")
    lit = "return [...document.querySelectorAll('.node.lit')].map((n) => n.dataset.node).join(' ')"
    assert driver.execute_script(lit) == "0 1"
    assert driver.execute_script("return document.querySelectorAll('.edge.lit').length") == 1
    inside = """const area = document.querySelector('#stage .canvas').getBoundingClientRect();
        return [...document.querySelectorAll('.node.lit .box')].map((box) => box.getBoundingClientRect())
            .every((box) => box.left > area.left && box.right < area.right && box.top > area.top
                && box.bottom < area.bottom)"""
    assert driver.execute_script(inside)


def test_filters_hide_and_count(show: Any) -> None:
    driver = show(render(report_of(30), "html"))
    every = driver.execute_script(_SEEN)
    _click(driver, "input[value='info']")
    assert driver.execute_script(_SEEN) == 1
    assert _text(driver, "#shown") == f"1 of {every} shown"
    _click(driver, "input[value='info']")
    driver.find_element(By.ID, "words").send_keys("parent-7 looked")
    assert driver.execute_script(_SEEN) == 1


def test_zoom_and_drag_change_the_view(show: Any) -> None:
    driver = show(render(report_of(30), "html"))
    view = "return document.querySelector('#stage .lineage').getAttribute('viewBox')"
    seen = [driver.execute_script(view)]
    for query in ("#in", "#fit"):
        _click(driver, query)
        seen.append(driver.execute_script(view))
    from selenium.webdriver import ActionChains

    picture = driver.find_element(By.CSS_SELECTOR, "#stage .canvas")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", picture)
    drag = ActionChains(driver).move_to_element_with_offset(picture, -200, 0).click_and_hold()
    drag.move_by_offset(80, 30).release().perform()
    seen.append(driver.execute_script(view))
    assert len(set(seen)) == 4


def test_two_fingers_zoom_and_one_drags(show: Any) -> None:
    driver = show(render(report_of(30), "html"))
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    size = "return document.querySelector('#stage .lineage').viewBox.baseVal"
    box = "const { left, top } = document.querySelector('#stage .lineage').getBoundingClientRect(); return [left, top]"
    driver.execute_script("document.querySelector('#stage').scrollIntoView({block: 'center'})")
    left, top = driver.execute_script(box)

    def touch(kind: str, *fingers: tuple[int, int]) -> None:
        points = [{"x": left + x, "y": top + y, "id": n} for n, (x, y) in enumerate(fingers)]
        driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before = driver.execute_script(size)
    touch("touchStart", (200, 150), (300, 150))
    for spread in (20, 60, 100):
        touch("touchMove", (200 - spread, 150), (300 + spread, 150))
    touch("touchEnd")
    after = driver.execute_script(size)
    assert after["width"] == pytest.approx(before["width"] / 3, rel=0.15)
    middle = [view["x"] + 250 * view["width"] / driver.execute_script(_WIDTH) for view in (before, after)]
    assert middle[0] == pytest.approx(middle[1], abs=15)  # what lay between the fingers lies there still
    touch("touchStart", (200, 150))
    for x in (230, 260, 300):
        touch("touchMove", (x, 150))
    touch("touchEnd")
    moved = driver.execute_script(size)
    assert moved["width"] == after["width"]
    assert moved["x"] < after["x"]
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_on_paper_everything_is_there_from_the_first_page(show: Any) -> None:
    pypdf = pytest.importorskip("pypdf", reason="the extra pdf is not installed")
    driver = show(render(_vicuna(), "html"))
    driver.execute_script("document.querySelector('tr[data-node=\"1\"] button').click()")
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})["data"]
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(base64.b64decode(printed))).pages]
    assert "NOT ALLOWED" in pages[0]
    assert "greater than 700 million monthly active users" in pages[0].replace("\n", " ")
    whole = " ".join(pages)
    assert "Show path" not in whole
    assert "Zoom in" not in whole
    assert "https://github.com/meta-llama/llama-models" in whole.replace("\n", "")
    assert len(pages) < 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_notebook_it_is_quiet_and_readable(show: Any, scheme: str) -> None:
    """A sandbox lets no script run, and the colors are those of the page around."""
    shown = notebook(_vicuna())
    driver = show(
        f'<!doctype html><html lang="en"><meta name="color-scheme" content="{scheme}"><title>Notebook</title>'
        f"<body><main><h1>Notebook</h1>{shown.replace('<details>', '<details open>')}"
        f'<iframe sandbox title="Sandbox" srcdoc="{escape(shown)}"></iframe></main></body></html>'
    )
    assert _faults(driver) == []
    assert "NOT ALLOWED" in _text(driver, "main")


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_text_stays_text(show: Any, text: str) -> None:
    driver = show(render(hostile(text), "html"))
    tags = "['script', 'img', 'iframe', 'style', 'link', 'base']"
    count = f"return {tags}.map((tag) => document.getElementsByTagName(tag).length)"
    assert driver.execute_script(count) == [2, 0, 0, 1, 1, 0]
    driver.execute_script("document.querySelectorAll('tr[data-node] button').forEach((b) => b.click())")
    assert driver.execute_script(count) == [2, 0, 0, 1, 1, 0]
    links = "[...document.querySelectorAll('a:not([href^=\"#\"])')]"
    bad = f"return {links}.filter((a) => !/^https?:$/.test(a.protocol)).length"
    assert driver.execute_script(bad) == 0
    names = "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
    assert driver.execute_script(f"return {names}.filter((name) => /^on/i.test(name))") == []
    assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
