# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# A controller has no self.env: `_` is the request's own.
# pylint: disable=prefer-env-translation
"""What all public routes share: answers, headers, language, versioned assets.

Signers have no ACL on ``campus.*`` models, so nothing here reads business data:
the controllers ask the models' own predicates with ``sudo()``.
"""

import functools
import gzip
import hashlib
import json
import re
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from babel.core import LOCALE_ALIASES
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.http import parse_accept_header

from odoo.exceptions import AccessDenied, AccessError, LockError, UserError
from odoo.http import Dispatcher, HttpDispatcher, SessionExpiredException, request
from odoo.tools import file_path

from ..models.ceremony_errors import CeremonyError

ASSETS = Path(__file__).parent.parent / "static" / "src" / "ceremony"
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SCRIPT_NAME = re.compile(r"[a-z0-9_]+\.js")
_SIGNING = (
    *("base", "controls", "frame", "home", "reading", "paper", "visual", "summary"),
    "dialogs",
)
#: The styles of a page, one answer for all of them: it paints after that.
SHEETS = {
    "signing.css": _SIGNING,
    "signing_many.css": (*_SIGNING, "batch"),
    "verifying.css": ("base", "controls", "verify"),
}
# Odoo's own copy, which its static route would send six times as large.
_LIBRARIES = {
    "pdfjs.js": "web/static/lib/pdfjs/build/pdf.js",
    "pdfjs_worker.js": "web/static/lib/pdfjs/build/pdf.worker.js",
}

# Six months: the page's own files carry their version in the address.
IMMUTABLE = "public, max-age=15552000, immutable"

_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
        "interest-cohort=()"
    ),
}

# No inline script, no inline style, nothing from elsewhere. ``data:`` images are
# the visual the signer saved and the logo; ``blob:`` the one being imported.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)


# -- Answers ---------------------------------------------------------------------------


def page_response(template, values, *, status=200, referrer="no-referrer"):
    """Render a page of ours: own document, strict policy, never cached.

    :param referrer: ``no-referrer``, or ``same-origin`` for pages with a plain
        form (a browser told ``no-referrer`` sends such a form with a null origin)
    """
    html = request.env["ir.qweb"]._render(template, values)
    # Nothing in a page is a secret that its length could betray.
    content, encoding = packed(str(html).encode(), gzip.compress)
    return request.make_response(
        content,
        headers=[
            *encoding,
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", PAGE_POLICY),
            ("Referrer-Policy", referrer),
            ("Cache-Control", "no-store"),
            *_SECURITY_HEADERS.items(),
        ],
        status=status,
    )


def pdf_response(filename, content):
    """Answer with a PDF shown in the browser, and nothing else than a PDF."""
    response = request.make_response(
        content,
        headers=[
            ("Content-Type", "application/pdf"),
            ("Content-Length", str(len(content))),
            (
                "Content-Security-Policy",
                "default-src 'none'; sandbox; frame-ancestors 'none'",
            ),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "private, no-store"),
            *_SECURITY_HEADERS.items(),
        ],
    )
    response.headers.set("Content-Disposition", "inline", filename=filename)
    return response


def binary_response(content, mimetype, max_age):
    """Answer with a public file that may be cached ``max_age`` seconds."""
    return request.make_response(
        content,
        headers=[
            ("Content-Type", mimetype),
            ("Content-Length", str(len(content))),
            ("Cache-Control", f"public, max-age={max_age}"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )


def packed(content, pack):
    """Return ``(content, headers)``, small for browsers that can unpack it.

    Odoo packs nothing, and not every proxy does: on a slow telephone it is the
    difference between seconds and a minute.

    :param pack: function that makes the small form of ``content``
    """
    vary = ("Vary", "Accept-Encoding")
    taken = parse_accept_header(request.httprequest.headers.get("Accept-Encoding"))
    if not taken["gzip"]:
        return content, [vary]
    return pack(content), [vary, ("Content-Encoding", "gzip")]


# -- Language --------------------------------------------------------------------------


def use_reader_language():
    """Speak the reader's language: account, then browser, then the main company.

    Routes outside the website have no language of their own, and Odoo would fall
    back to English for a browser that asks for « fr-CA » or for nothing at all.
    """
    env = request.env
    installed = dict(env["res.lang"].sudo().get_installed())
    if not env.user._is_public() and env.user.lang in installed:
        lang = env.user.lang
    else:
        lang = _browser_language(installed)
    if not lang:
        lang = env.company.sudo().partner_id.lang or env.lang
    request.update_context(lang=lang)


def _browser_language(installed):
    for tag, _quality in request.httprequest.accept_languages:
        code = tag.replace("-", "_")
        code = LOCALE_ALIASES.get(code, code)
        if code in installed:
            return code
        short = code.partition("_")[0]
        for candidate in installed:
            if candidate.partition("_")[0] == short:
                return candidate
    return None


# -- Same origin -----------------------------------------------------------------------


def check_same_origin():
    """Refuse a POST that another site made the browser send.

    :raise Forbidden: when the browser names another origin
    """
    headers = request.httprequest.headers
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden()
    origin = headers.get("Origin")
    if origin is None:
        return
    base_url = request.env["ir.config_parameter"].sudo().get_param("web.base.url")
    try:
        netloc = urlsplit(origin).netloc
    except ValueError:
        raise Forbidden() from None
    # Scheme left out: behind a proxy that ends TLS Odoo may believe it is http.
    if netloc not in (
        request.httprequest.host,
        urlsplit(base_url or "").netloc,
    ):
        raise Forbidden()


# -- Our own files ---------------------------------------------------------------------


def assets_url():
    """Return the address of the ceremony's files, which changes with them.

    Modules import each other by relative address: a version in the *path* reaches
    all of them, so that no browser ever mixes two releases.
    """
    return f"/campus_sign/ceremony/{assets_version()}"


def assets_version():
    """Return a short hash of the ceremony's scripts and styles."""
    paths = [*sorted(ASSETS.glob("*.js")), *sorted(ASSETS.glob("*.css"))]
    paths += [Path(file_path(path)) for path in _LIBRARIES.values()]
    stats = [(path, path.stat()) for path in paths]
    return _hash_assets(tuple((p, one.st_mtime_ns, one.st_size) for p, one in stats))


@functools.lru_cache(maxsize=2)
def _hash_assets(listing):
    digest = hashlib.sha256()
    for path, _mtime, _size in listing:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(name):
    """Return the bytes of a script, or of the styles of a page; ``None`` when there
    is no such thing."""
    if name in SHEETS:
        paths = [ASSETS / f"{one}.css" for one in SHEETS[name]]
        return b"".join(path.read_bytes() for path in paths)
    if name in _LIBRARIES:
        return Path(file_path(_LIBRARIES[name])).read_bytes()
    path = ASSETS / name
    ours = _SCRIPT_NAME.fullmatch(name) and path.is_file()
    return path.read_bytes() if ours else None


@functools.lru_cache(maxsize=64)
def pack_asset(content):
    """Return a script or style packed, once for all who ask for it."""
    return gzip.compress(content)


# -- What came in ----------------------------------------------------------------------


def _is_storable(value):
    """Tell whether the database can keep every text in a JSON value.

    JSON can spell what PostgreSQL refuses: NUL, and half of a surrogate pair.
    """
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    if isinstance(value, dict):
        return all(_is_storable(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return all(map(_is_storable, value))
    return True


# -- Dispatchers -----------------------------------------------------------------------


class CeremonyDispatcher(Dispatcher):
    """JSON in, JSON out, a readable sentence for every error.

    Odoo's own dispatchers answer errors with an HTML page or a serialised
    exception; neither is for a parent on a phone, nor for an attacker.
    """

    routing_type = "campus_sign"
    mimetypes = ("application/json",)

    @classmethod
    def is_compatible_with(cls, request):
        # Judged in ``dispatch``, so that the refusal is JSON too.
        return True

    def dispatch(self, endpoint, args):
        use_reader_language()
        params = dict(args)
        verb = endpoint.routing["verb"]
        if self.request.httprequest.method != verb:
            raise MethodNotAllowed([verb])
        if verb == "POST":
            params["data"] = self._read_body()
        self.request.params = params
        result = self.request.registry["ir.http"]._dispatch(endpoint)
        if not isinstance(result, dict | list):
            return result
        return self._json(result)

    def _read_body(self):
        httprequest = self.request.httprequest
        if httprequest.mimetype not in self.mimetypes:
            raise UnsupportedMediaType()
        if httprequest.headers.get("X-Campus-Sign") != "1":
            raise Forbidden()
        check_same_origin()
        try:
            data = json.loads(httprequest.get_data() or b"{}")
            good = isinstance(data, dict) and _is_storable(data)
        except (ValueError, RecursionError):
            good = False
        if not good:
            raise BadRequest()
        return data

    def handle_error(self, exc):
        if isinstance(exc, HTTPException) and exc.response:
            return exc.response
        status, code, message = self._describe(exc)
        return self._json({"error": {"code": code, "message": message}}, status)

    def _describe(self, exc):
        _ = self.request.env._
        if isinstance(exc, CeremonyError):
            return exc.status, exc.code, exc.message
        if isinstance(exc, LockError):
            return 409, "busy", _("Someone is signing this document right now.")
        if isinstance(exc, AccessDenied | SessionExpiredException):
            return 401, "session", _("Your session has ended.")
        if isinstance(exc, AccessError):
            return 403, "forbidden", _("You cannot do this.")
        if isinstance(exc, UserError):
            return exc.http_status, "refused", str(exc)
        status = exc.code if isinstance(exc, HTTPException) else 500
        sentences = {
            400: _("The page sent something that could not be read. Reload it."),
            403: _("This request does not come from the signing page."),
            404: _("This address does not exist."),
            405: _("This address does not accept that kind of request."),
            413: _("This is too large to be sent."),
            415: _("The page sent something that could not be read. Reload it."),
            429: _("Too many attempts. Please wait a few minutes."),
        }
        unexpected = _(
            "Something went wrong on our side. Nothing was signed; please try again."
        )
        code = HTTPStatus(status).phrase.lower().replace(" ", "_")
        return status, code, sentences.get(status, unexpected)

    def _json(self, payload, status=200):
        return self.request.make_json_response(
            payload,
            headers=[
                ("Cache-Control", "no-store"),
                ("Content-Security-Policy", "default-src 'none'"),
                ("Referrer-Policy", "no-referrer"),
                *_SECURITY_HEADERS.items(),
            ],
            status=status,
        )


class PublicFormDispatcher(HttpDispatcher):
    """A plain HTML form open to anybody, that answers an oversized file politely.

    The body is parsed before the controller runs, so its refusal would be
    werkzeug's English page; here the controller is called with ``oversized``.
    """

    routing_type = "campus_sign_form"

    @classmethod
    def is_compatible_with(cls, request):
        return True

    def dispatch(self, endpoint, args):
        use_reader_language()
        try:
            return super().dispatch(endpoint, args)
        except RequestEntityTooLarge:
            self.request.params = {**args, "oversized": True}
            return self.request.registry["ir.http"]._dispatch(endpoint)
