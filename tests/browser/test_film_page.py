"""The page of a film: still at first, played, paused, moved with the keyboard; no network."""

import lab
import numpy as np
import pytest

from tconv_helpers import film


@pytest.fixture
def film_page(browser, errors):
    steps = film.transposed(np.arange(1, 5).reshape(2, 2), np.ones((3, 3), int), stride=2)
    context = browser.new_context()
    outside = []
    lab.watch(context, outside, errors)
    page = context.new_page()
    page.clock.install()
    page.set_content(f"<!doctype html><html lang='en'>{steps.page('Stamps')}</html>")
    yield page, steps
    context.close()
    assert outside == [] and errors == []


def shown(page):
    visible = page.locator("img:visible")
    assert visible.count() == 1
    return visible.get_attribute("alt")


def test_it_stands_still_plays_pauses_and_stops_at_the_end(film_page):
    page, steps = film_page
    page.clock.run_for(5000)
    assert shown(page) == steps[0].sentence
    page.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(1500)
    assert shown(page) == steps[1].sentence
    page.get_by_role("button", name="Pause").press("Enter")
    page.clock.run_for(5000)
    assert shown(page) == steps[1].sentence
    page.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(9000)
    assert shown(page) == steps[3].sentence
    page.get_by_role("button", name="Play").press("Enter")  # from the beginning again
    assert shown(page) == steps[0].sentence


def test_the_slider_moves_a_step_with_the_keyboard_and_says_it(film_page):
    page, steps = film_page
    slider = page.get_by_role("slider", name="Step of: Stamps")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    assert shown(page) == steps[2].sentence
    assert slider.get_attribute("aria-valuetext") == steps[2].sentence
    assert page.locator("figcaption").inner_text() == steps[2].sentence
