"""Forest plots keep their words inside, whatever the labels and numbers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from alliancekit.reporting.plots.forest import WIDTH, Row, draw_forest, height
from alliancekit.reporting.plots.picture import style

SCORES = st.floats(-100, 100, allow_subnormal=False)
AXIS = "difference (squared units, target - reference), 95% CI"
LABELS = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=60)


@settings(max_examples=10)
@given(LABELS, SCORES, st.floats(0, 50), st.integers(2, 6))
def test_words_stay_inside(label: str, value: float, half: float, digits: int) -> None:
    rows = [Row("task", heading=True), Row(label, value, value - half, value + half), Row(label[::-1])]
    with style("test"):
        figure = Figure(figsize=(WIDTH, height(rows)))
        draw_forest(figure, rows, axis=AXIS, digits=digits, name="t")
        figure.draw_without_rendering()
        wide, tall = figure.bbox.width, figure.bbox.height
        (axes,) = figure.axes
        assert axes.get_position().width * WIDTH > 0.5, "room for the plot itself"
        for text in (*axes.texts, axes.xaxis.label):
            box = text.get_window_extent()
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= wide + 1, text.get_text()
            assert -1 <= box.y0 <= box.y1 <= tall + 1, text.get_text()
