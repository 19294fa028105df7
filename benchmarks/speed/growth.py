"""The picture of how engines grow."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.speed.measure import Measured

_PANELS: Mapping[str, Callable[[Measured], float]] = {
    "one need on one core, p50 (ms)": lambda one: one.p50,
    "one need of a batch on two cores (ms)": lambda one: 1e3 / one.a_second,
    "index (MB)": lambda one: one.index_bytes / 1e6,
    "peak memory (MB)": lambda one: one.peak_bytes / 1e6,
}
_OURS = "ours"


def draw(tables: Mapping[int, Sequence[Measured]], path: Path) -> None:
    """Draw what engines take over the number of offers; both axes are logarithmic."""
    engines = dict.fromkeys(one.engine for table in tables.values() for one in table)
    with mpl.rc_context({"svg.hashsalt": "speed", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(9, 6.5), layout="constrained")
        for axes, (title, value) in zip(figure.subplots(2, 2).flat, _PANELS.items(), strict=True):
            for engine in engines:
                points = {size: value(one) for size, table in tables.items() for one in table if one.engine == engine}
                width = 3 if engine == _OURS else 1.2
                axes.plot(list(points), list(points.values()), marker="o", markersize=3, linewidth=width, label=engine)
            axes.set(title=title, xlabel="offers", xscale="log", yscale="log", xticks=list(tables))
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter("{x:,g}")
            axes.minorticks_off()
            axes.grid(visible=True, linewidth=0.3)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=len(engines))
        figure.savefig(path, metadata={"Date": None})
