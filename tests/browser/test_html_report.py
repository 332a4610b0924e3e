"""The HTML report in a real browser: it asks for nothing, logs nothing, shows clauses on a click, and is accessible."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from auditor.inputs.targets import parse_target
from auditor.model import Report, Use
from auditor.pipeline import audit, open_source
from auditor.report import html, render
from tests.support.hostile import TEXTS, hostile
from tests.support.lineages import report_of

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytest.importorskip("selenium", reason="selenium drives the browser")
pytest.importorskip("axe_core_python", reason="axe-core looks for faults of accessibility")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs Debian's packages chromium and chromium-driver"),
]
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
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "report.html").as_uri()]


def _vicuna() -> Report:
    ref = parse_target("lmsys/vicuna-7b-v1.5").ref
    assert ref
    return audit([(ref, None)], open_source("bundled"), Use())


def _faults(driver: Any) -> list[str]:
    """Faults of accessibility that axe calls serious or critical."""
    script = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    driver.execute_script(script)  # runs in the page, beside its policy, which allows no such script
    found = driver.execute_async_script("axe.run(document, {}).then(arguments[arguments.length - 1])")
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
    from selenium.webdriver.common.by import By

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


def test_axe_finds_no_serious_fault_in_a_large_lineage(show: Any) -> None:
    assert _faults(show(html.render_lineage(report_of(60).lineage))) == []


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


def test_the_keyboard_reaches_every_member(show: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    driver = show(render(_vicuna(), "html"))
    driver.execute_script("document.querySelector('.node[tabindex=\"0\"]').focus()")
    driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert "meta-llama/Llama-2-7b-hf" in _text(driver, "#details h3") or "ShareGPT" in _text(driver, "#details h3")
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not driver.execute_script("return document.querySelector('#details').checkVisibility()")


def test_the_path_of_a_finding_lights_up(show: Any) -> None:
    driver = show(render(report_of(30), "html"))
    _click(driver, "button[data-path='0 1']")
    lit = "return [...document.querySelectorAll('.node.lit')].map((n) => n.dataset.node).join(' ')"
    assert driver.execute_script(lit) == "0 1"
    assert driver.execute_script("return document.querySelectorAll('.edge.lit').length") == 1


def test_filters_hide_and_count(show: Any) -> None:
    driver = show(render(report_of(30), "html"))
    seen = "return [...document.querySelectorAll('.finding')].filter((f) => f.checkVisibility()).length"
    every = driver.execute_script(seen)
    _click(driver, "input[value='info']")
    assert driver.execute_script(seen) == 1
    assert _text(driver, "#shown") == f"1 of {every} shown"
    _click(driver, "input[value='info']")
    from selenium.webdriver.common.by import By

    driver.find_element(By.ID, "words").send_keys("parent-7 looked")
    assert driver.execute_script(seen) == 1


def test_zoom_and_drag_change_the_view(show: Any) -> None:
    driver = show(render(report_of(30), "html"))
    view = "return document.querySelector('#stage .lineage').getAttribute('viewBox')"
    seen = [driver.execute_script(view)]
    for query in ("#in", "#fit"):
        _click(driver, query)
        seen.append(driver.execute_script(view))
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    picture = driver.find_element(By.CSS_SELECTOR, "#stage .canvas")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", picture)
    drag = ActionChains(driver).move_to_element_with_offset(picture, -200, 0).click_and_hold()
    drag.move_by_offset(80, 30).release().perform()
    seen.append(driver.execute_script(view))
    assert len(set(seen)) == 4


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_text_stays_text(show: Any, text: str) -> None:
    driver = show(render(hostile(text), "html"))
    tags = "['script', 'img', 'iframe', 'style', 'link', 'base']"
    count = f"return {tags}.map((tag) => document.getElementsByTagName(tag).length)"
    assert driver.execute_script(count) == [2, 0, 0, 1, 1, 0]
    driver.execute_script("document.querySelectorAll('tr[data-node] button').forEach((b) => b.click())")
    assert driver.execute_script(count) == [2, 0, 0, 1, 1, 0]
    bad = "return [...document.querySelectorAll('a')].filter((a) => !/^https?:$/.test(a.protocol)).length"
    assert driver.execute_script(bad) == 0
    names = "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
    assert driver.execute_script(f"return {names}.filter((name) => /^on/i.test(name))") == []
    assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
