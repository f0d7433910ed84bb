# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What runs inside Odoo's shell: rendering one convention, and WeasyPrint alone."""

import resource
import shutil
import statistics

import weasyprint

from odoo.addons.campus_sign.engine import rendering
from odoo.addons.campus_sign.engine.rendering.pdf import module_fetcher

from .measure import milliseconds


def render(env, request_id, rounds):
    """Return medians in milliseconds, queries, bytes and peak memory.

    The reference gets its style sheet parsed beforehand and the fonts of the host,
    which it need not load: nothing it does is more than WeasyPrint must do.
    """
    request = env["campus.sign.request"].browse(request_id)
    fetcher = module_fetcher()
    sheet = weasyprint.CSS(string=rendering.document_css(), url_fetcher=fetcher)

    def ours():
        env.invalidate_all()
        return _render(request)

    def alone():
        page = weasyprint.HTML(string=html, url_fetcher=fetcher)
        return page.write_pdf(pdf_variant="pdf/a-3a", stylesheets=[sheet])

    html, _rendered = ours()
    alone()
    times, references, queries = [], [], []
    for _ in range(rounds):
        before = env.cr.sql_log_count
        spent, (_html, rendered) = milliseconds(ours)
        queries.append(env.cr.sql_log_count - before)
        times.append(spent)
        references.append(milliseconds(alone)[0])
    return {
        "ours": statistics.median(times),
        "reference": statistics.median(references),
        "queries": statistics.median(queries),
        "bytes": len(rendered.pdf),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "odoo": _odoo_path(env, html, rounds),
    }


def _render(request):
    """Make the document of a request as the queue does, without keeping it.

    With the code of each page, which the reference does not draw.
    """
    template = request.template_id.with_company(request.company_id)
    template = template.with_context(lang=request.lang)
    record = request.env[request.res_model].browse(request.res_id)
    slots = request._signature_slots()
    html = request._document_html(
        template,
        record.with_context(lang=request.lang),
        slots,
        request._verification_url(),
    )
    names = [slot.name for slot in slots]
    return html, rendering.render(
        html,
        expected=names,
        identifier=request.code,
        page_code=request._verification_url(),
    )


def _odoo_path(env, html, rounds):
    """Return the median of Odoo's own way to a PDF, ``None`` without wkhtmltopdf."""
    if not shutil.which("wkhtmltopdf"):
        return None
    report = env["ir.actions.report"]
    css = rendering.document_css()
    html = html.replace("</head>", f"<style>{css}</style></head>")
    times = [
        milliseconds(lambda: report._run_wkhtmltopdf([html]))[0]
        for _ in range(max(3, rounds // 3))
    ]
    return statistics.median(times)
