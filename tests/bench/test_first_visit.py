"""What a browser fetches for a page."""

from bench.first_visit import files_of

HEAD = """
<link rel="stylesheet" href="/a.css"><script src="/a.js" data-plotly="/plotly.js" defer></script>
<script type="application/json">{}</script><img src="/a.png" alt=""><a href="/other/">x</a>
"""


def test_styles_scripts_and_pictures_are_fetched_and_links_are_not() -> None:
    assert files_of(HEAD) == {"/a.css", "/a.js", "/a.png"}


def test_plotly_comes_with_the_first_chart() -> None:
    assert "/plotly.js" in files_of(HEAD + "<figure data-chart></figure>")
