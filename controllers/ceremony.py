# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The signing ceremony over HTTP: one page, a few JSON acts, one file.

Who acts is decided here from a cookie or a session and from nothing else; what he
may do is decided by ``campus.sign.ceremony``. From the browser come only the
consents, the visual and the reading (A089-A108).
"""

import json

from odoo import SUPERUSER_ID
from odoo.http import Controller, request, route

from ..models.ceremony_errors import CeremonyError
from .ceremony_texts import page_texts
from .http_tools import (
    IMMUTABLE,
    asset,
    assets_url,
    assets_version,
    pack_asset,
    packed,
    page_response,
    pdf_response,
    use_reader_language,
)

COOKIE = "campus_sign"
# Long enough to read twelve conventions, short enough for a shared computer.
COOKIE_SECONDS = 4 * 3600

# A drawn visual is some 30 KB; the largest one accepted is 2 MB, 2.7 in base64.
MAX_VISUAL_BYTES = 2 * 1024 * 1024
MAX_BODY_BYTES = 6 * 1024 * 1024
MAX_SMALL_BODY_BYTES = 64 * 1024
MAX_REASON = 2000

_PUBLIC = {"auth": "public", "website": False, "multilang": False, "sitemap": False}
_API = {
    **_PUBLIC,
    "type": "campus_sign",
    "verb": "POST",  # judged by the dispatcher: ``methods`` would answer in HTML
    "csrf": False,  # the dispatcher asks for our header and our origin instead
    "save_session": False,
    "max_content_length": MAX_SMALL_BODY_BYTES,
}


class Ceremony(Controller):
    # -- Page ------------------------------------------------------------------------

    @route(
        "/sign",
        type="http",
        methods=["GET"],
        readonly=True,
        save_session=False,
        **_PUBLIC,
    )
    def page(self, **_query):
        """Show the ceremony; it learns who reads from the cookie or the fragment."""
        return signing_page("campus_sign.ceremony_page", page_texts)

    @route("/my/sign", type="http", auth="user", methods=["GET"], website=False)
    def from_account(self, **_query):
        """Sign as the account that is logged in, whatever link was opened before."""
        response = request.redirect("/sign")
        _set_cookie(response, "", seconds=0)
        return response

    @route(
        "/campus_sign/ceremony/<string:version>/<string:name>",
        type="http",
        auth="none",
        methods=["GET"],
        readonly=True,
        save_session=False,
        website=False,
        multilang=False,
        sitemap=False,
    )
    def asset(self, version, name, **_query):
        """Serve a script or styles of the page, for good when the version is ours."""
        content = asset(name)
        if content is None:
            return request.not_found()
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        current = version == assets_version()
        content, encoding = packed(content, pack_asset)
        return request.make_response(
            content,
            headers=[
                *encoding,
                ("Content-Type", f"{kind}; charset=utf-8"),
                ("Cache-Control", IMMUTABLE if current else "no-cache"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    # -- Acts ------------------------------------------------------------------------

    @route("/sign/api/open", **_API)
    def open_link(self, data):
        """Exchange the token of a personal link for the path-limited cookie."""
        token = _text(data, "token", 200)
        _ceremony()._open_link(token, *_client())
        response = request.make_json_response({"ok": True})
        _set_cookie(response, token)
        return response

    @route("/sign/api/overview", **_API)
    def overview(self, data):
        """Tell who is signing, what there is to sign and under which consents."""
        return _ceremony()._overview(_actor())

    @route("/sign/api/read", **_API)
    def record_read(self, data):
        """Record that the last page of a document was reached."""
        _ceremony()._record_read(
            _actor(),
            _integer(data, "signer_id"),
            _integer(data, "pages"),
            _integer(data, "seconds"),
        )
        return {"ok": True}

    @route("/sign/api/sign", **{**_API, "max_content_length": MAX_BODY_BYTES})
    def sign(self, data):
        """Sign the listed documents with one consent and one visual."""
        consents = data.get("consents")
        if not isinstance(consents, dict) or not all(
            isinstance(version, str | int) for version in consents.values()
        ):
            raise _unreadable()
        results = _ceremony()._sign(
            _actor(),
            data.get("signer_ids"),
            consents,
            _visual(data),
            data.get("save_visual") is True,
            _text(data, "code", 20) if "code" in data else "",
        )
        return {"results": results}

    @route("/sign/api/code", **_API)
    def request_code(self, data):
        """Send the code that documents ask for before they are signed."""
        return _ceremony()._request_code(_actor(), data.get("signer_ids"))

    @route("/sign/api/delegate", **_API)
    def delegate(self, data):
        """Propose somebody else for one document; the office decides."""
        _ceremony()._propose(
            _actor(),
            _integer(data, "signer_id"),
            _text(data, "name", 200),
            _text(data, "email", 254),
            _text(data, "reason", MAX_REASON),
        )
        return {"ok": True}

    @route("/sign/api/disown", **_API)
    def disown(self, data):
        """« Ce n'est pas moi »: stop the link, forget it here, tell the office."""
        _ceremony()._disown(_actor(), _text(data, "reason", MAX_REASON))
        response = request.make_json_response({"ok": True})
        _set_cookie(response, "", seconds=0)
        return response

    @route("/sign/api/refuse", **_API)
    def refuse(self, data):
        """Refuse to sign one document, with the reason the office will read."""
        reason = _reason(data)
        _ceremony()._refuse(_actor(), _integer(data, "signer_id"), reason)
        return {"ok": True}

    @route("/sign/api/refuse_all", **_API)
    def refuse_all(self, data):
        """Refuse several documents for one reason; each stands by itself."""
        results = _ceremony()._refuse_all(
            _actor(), data.get("signer_ids"), _reason(data)
        )
        return {"results": results}

    @route(
        "/sign/file/<int:signer_id>",
        **{**_API, "verb": "GET"},
    )
    def file(self, signer_id):
        """Serve the frozen bytes this person is asked to sign."""
        return pdf_response(*_ceremony()._file(_actor(), signer_id))

    @route(
        "/sign/final/<int:locker_id>",
        **{**_API, "verb": "GET"},
    )
    def final(self, locker_id):
        """Serve a final file to a person it was published to (A131)."""
        return pdf_response(*_ceremony()._final_file(_actor(), locker_id))

    @route(
        "/sign/final/<int:locker_id>/attestation",
        **{**_API, "verb": "GET"},
    )
    def attestation(self, locker_id):
        """Serve what a signer may prove of his own signature."""
        return pdf_response(*_ceremony()._attestation(_actor(), locker_id))


def signing_page(template, texts):
    """Render a page of the signing platform in the reader's language.

    :param texts: function of an environment giving the sentences of its scripts
    """
    use_reader_language()
    env = request.env
    assets = assets_url()
    return page_response(
        template,
        {
            "assets": assets,
            "html_lang": (env.lang or "en").replace("_", "-"),
            "account": not env.user._is_public(),
            "exit": _exit(env.user),
            "config": json.dumps(
                {
                    "assets": assets,
                    "pdfjs": f"{assets}/pdfjs.js",
                    "signaturePad": (
                        "/web/static/lib/signature_pad/signature_pad.umd.js"
                    ),
                    "maxVisualBytes": MAX_VISUAL_BYTES,
                    "texts": texts(env),
                },
                ensure_ascii=False,
            ),
        },
    )


def _exit(user):
    """Return where an account goes on from: the office from its list."""
    if user.has_group("campus_sign.group_follow"):
        return "/odoo/campus-signatures"
    return "/odoo" if user._is_internal() else "/my"


# -- Who is there ----------------------------------------------------------------------


def _ceremony():
    # Odoo's public user has no address: an activity given to the office in its name
    # (a refusal, a document to finalise) could not be mailed.
    public = request.env.user._is_public()
    user = SUPERUSER_ID if public else request.env.uid
    return request.env["campus.sign.ceremony"].with_user(user).sudo()


def _client():
    """Return the address and the browser of the request, for the proof."""
    httprequest = request.httprequest
    return httprequest.remote_addr or "", (httprequest.user_agent.string or "")[:500]


def _actor():
    """Return who acts: the bearer of a personal link first, else the account.

    :raise CeremonyError: 401 when there is neither, 404 or 410 for a bad link
    """
    token = request.httprequest.cookies.get(COOKIE)
    if token:
        return _ceremony()._actor_from_token(token, *_client())
    return _ceremony()._actor_from_user(request.env.user, *_client())


def _set_cookie(response, token, seconds=COOKIE_SECONDS):
    response.set_cookie(
        COOKIE,
        token,
        max_age=seconds,
        path="/sign",
        httponly=True,
        samesite="Lax",
        secure=request.httprequest.scheme == "https",
    )


# -- What came in ----------------------------------------------------------------------


def _unreadable():
    return CeremonyError(
        400,
        "bad_request",
        request.env._("The page sent something that could not be read. Reload it."),
    )


def _text(data, name, maximum):
    value = data.get(name)
    if not isinstance(value, str) or len(value) > maximum:
        raise _unreadable()
    return value


def _integer(data, name):
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _unreadable()
    if not 0 <= value < 2**31:
        raise _unreadable()
    return value


def _reason(data):
    reason = _text(data, "reason", MAX_REASON).strip()
    if not reason:
        raise CeremonyError(
            422, "reason_missing", request.env._("Please give a reason.")
        )
    return reason


def _visual(data):
    visual = data.get("visual")
    if not isinstance(visual, dict):
        raise _unreadable()
    kind = visual.get("kind")
    if kind not in ("drawn", "typed", "image"):
        raise _unreadable()
    content = _text(visual, "data", MAX_BODY_BYTES)
    if len(content) * 3 // 4 > MAX_VISUAL_BYTES:
        raise CeremonyError(
            413,
            "visual_too_large",
            request.env._("This image is too large: 2 MB at most."),
        )
    return {"kind": kind, "data": content}
