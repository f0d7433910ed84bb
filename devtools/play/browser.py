# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clients that send what browsers send: accounts, the office, signers."""

import base64
import io
import itertools
import math
import random
import re
import time

import requests
from PIL import Image, ImageDraw

TIMEOUT_SECONDS = 60

SCRIPT_BYTES = """() => {
    const all = performance.getEntriesByType("resource");
    const { startTime } = all.find((one) => one.name.endsWith("/pdfjs.js"));
    return all
        .filter((one) => one.name.includes("/ceremony/") && one.name.endsWith(".js"))
        .filter((one) => one.startTime < startTime)
        .reduce((sum, one) => sum + one.decodedBodySize, 0);
}"""
"""What a signing page that shows a document is asked, to tell the bytes of script it
asked for before pdf.js."""

_LANGUAGE = {"Accept-Language": "fr-FR,fr;q=0.9"}
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_numbers = itertools.count(1)


class Refused(Exception):
    """The server said no.

    ``status`` is the HTTP status, ``code`` the ceremony's word for it, ``str()`` the
    sentence people read.
    """

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code


class Browser:
    """One browser: cookies, language, base address."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()
        self.session.headers.update(_LANGUAGE)

    def get(self, path, **options):
        """GET ``path`` and return the response, whatever its status."""
        options.setdefault("timeout", TIMEOUT_SECONDS)
        return self.session.get(self.url + path, **options)

    def download(self, path):
        """Return the bytes at ``path``.

        :raise Refused: any other status than 200
        """
        response = self.get(path, allow_redirects=False)
        if response.status_code != 200:
            raise Refused(response.status_code, "", f"GET {path}: {response.reason}")
        return response.content

    def login(self, login, password):
        """Fill the login form in.

        :raise Refused: wrong login or password
        """
        page = self.get("/web/login")
        response = self.session.post(
            f"{self.url}/web/login",
            data={
                "login": login,
                "password": password,
                "csrf_token": _CSRF.search(page.text)[1],
            },
            allow_redirects=False,
            timeout=TIMEOUT_SECONDS,
        )
        if response.status_code != 303:
            raise Refused(response.status_code, "login", f"login of {login} failed")
        return self


class Office(Browser):
    """A user of the web client."""

    def call(self, model, method, *args, **kwargs):
        """Call a model's method as the web client does and return its result.

        :raise Refused: with the server's sentence
        """
        payload = {
            "jsonrpc": "2.0",
            "id": next(_numbers),
            "method": "call",
            "params": {
                "model": model,
                "method": method,
                "args": list(args),
                "kwargs": kwargs,
            },
        }
        response = self.session.post(
            f"{self.url}/web/dataset/call_kw/{model}/{method}",
            json=payload,
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        answer = response.json()
        if "error" in answer:
            data = answer["error"].get("data", {})
            message = data.get("message") or answer["error"]["message"]
            raise Refused(response.status_code, data.get("name", ""), message)
        return answer.get("result")  # left out of the answer when it is nothing

    def create(self, model, values, **kwargs):
        """Create one record (or several from a list) and return the id(s)."""
        many = isinstance(values, list)
        ids = self.call(model, "create", values if many else [values], **kwargs)
        return ids if many else ids[0]

    def read(self, model, record_id, *names):
        """Return the values of one record."""
        return self.call(model, "read", [record_id], list(names))[0]

    def find(self, model, domain, *names, **kwargs):
        """Return the values of the records of a domain."""
        return self.call(model, "search_read", domain, list(names), **kwargs)

    def ref(self, xmlid):
        """Return the id of a record by its external identifier."""
        module, _, name = xmlid.partition(".")
        return self.find(
            "ir.model.data", [("module", "=", module), ("name", "=", name)], "res_id"
        )[0]["res_id"]


class Signer(Browser):
    """A person at the signing page, by his personal link or by his account."""

    def __init__(self, url, token=None):
        super().__init__(url)
        self.token = token
        self.visual = drawing(token or url)

    @classmethod
    def by_account(cls, url, login, password):
        """Return a signer who came through the portal of his account."""
        signer = cls(url).login(login, password)
        signer.get("/my/sign").raise_for_status()
        return signer

    def post(self, act, **data):
        """Call ``/sign/api/<act>`` and return its answer.

        :raise Refused: with the code and the sentence of the page
        """
        response = self.session.post(
            f"{self.url}/sign/api/{act}",
            json=data,
            headers={"X-Campus-Sign": "1", "Origin": self.url},
            timeout=TIMEOUT_SECONDS,
        )
        answer = response.json()
        if response.status_code != 200:
            error = answer["error"]
            raise Refused(response.status_code, error["code"], error["message"])
        return answer

    def open(self):
        """Open the page, exchange the link for the cookie; return the overview."""
        self.get("/sign").raise_for_status()
        if self.token:
            self.post("open", token=self.token)
        return self.post("overview")

    def read(self, document):
        """Open a document, reach its end, say so; return its bytes."""
        signer_id = document["signer_id"]
        content = self.download(f"/sign/file/{signer_id}")
        self.post("read", signer_id=signer_id, pages=document["pages"], seconds=12)
        return content

    def sign(self, signer_ids, overview, visual=None, save_visual=False):
        """Accept the consents and sign; return one result per document."""
        return self.post(
            "sign",
            signer_ids=signer_ids,
            consents={one["code"]: one["version"] for one in overview["consents"]},
            visual={"kind": "drawn", "data": visual or self.visual},
            save_visual=save_visual,
        )["results"]

    def prepare(self):
        """Open and read everything that is to be signed.

        :return: the overview and the ids to sign
        """
        overview = self.open()
        due = [one for one in overview["documents"] if one["state"] == "to_sign"]
        for document in due:
            self.read(document)
        return overview, [document["signer_id"] for document in due]

    def sign_everything(self):
        """Play the whole ceremony; return the results."""
        overview, due = self.prepare()
        return self.sign(due, overview)


def drawing(seed):
    """Return a hand-drawn looking PNG in base64, the same for the same ``seed``."""
    dice = random.Random(seed)
    waves = [(dice.uniform(8, 22), dice.uniform(2, 9), dice.random()) for _ in range(4)]
    image = Image.new("RGBA", (480, 160), (0, 0, 0, 0))
    points = []
    for step in range(160):
        x = step / 159
        height = sum(a * math.sin(6.28 * (f * x + phase)) for a, f, phase in waves)
        points.append((30 + 420 * x, 80 + height))
    ImageDraw.Draw(image).line(points, fill=(20, 30, 90, 255), width=4, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def until(question, seconds=90, every=0.1):
    """Ask ``question()`` until its answer is true; return that answer.

    Also for what a page is asked: ``wait_for_function`` evaluates text over and over,
    which the policy of the signing page refuses whenever the first answer is no.

    :raise TimeoutError: it was not in ``seconds``
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {answer!r} after {seconds} s")
        time.sleep(every)
