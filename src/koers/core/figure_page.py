"""How is an opened figure answered: in the side panel, or as a page of its own?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from koers.core.figure_panel import FigurePanel


def render_figure(request: HttpRequest, panel: FigurePanel) -> HttpResponse:
    """Answer the panel's content to a fragment request, a whole page to anybody else."""
    template = (
        "ui/figure_panel.html" if request.headers.get("HX-Request") else "ui/figure_page.html"
    )
    return render(request, template, {"panel": panel})
