# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Validation of a signed file, offline, for any moment.

The proof is inductive. The last document timestamp must be good now; each
earlier one when the next was made; a signature when the first document
timestamp after it was made. Each step relies only on revocation lists the
next timestamp already covers. Over all that, the differences between every
signature and the end of the file must be allowed ones.
"""

import asyncio
import hashlib
import logging
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from asn1crypto import cms, core, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from .certificates import SMTP_UTF8_MAILBOX
from .errors import NotAPdf
from .reader import Allowance, IndexedReader

# The verdict is the return value; the library would also log whole tracebacks
# with the names in the certificates of files that strangers upload.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

MAX_BYTES = 64 * 1024 * 1024
MAX_SIGNATURES = 100
MAX_REVISIONS = 200
"""Beyond these a file is not read: the work grows with their product."""

MAX_COMPARISONS = 6_000_000
"""Objects of all revisions × revisions × signatures: what the difference analysis goes
through. An agreement of 12 pages with 30 signatures makes 1.9 million."""

_ALLOWED_AFTER_TIMESTAMP = (None, ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
_UNREADABLE = (
    PdfError,
    CMSExtractionError,
    SignatureValidationError,
    PathError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What a parser fed with hostile bytes may raise. A file that raises one of
them is not valid; a fault of ours would show in the tests of good files."""


@dataclass(frozen=True)
class SignatureReport:
    """Judgement on one signature of a file."""

    field: str
    kind: str
    """``seal`` (certification), ``signature`` or ``timestamp`` (of document)."""
    signer_name: str
    signer_email: str
    signed_at: datetime | None
    """Moment of its timestamp token."""
    reason: str
    contact: str
    ok: bool
    intact: bool
    """The bytes covered are those signed."""
    trusted: bool
    """The certificate leads to a root given, valid and not revoked then."""
    covers: int
    """Length of the file at that revision, bytes."""
    certificate_serial: str
    """Hexadecimal."""
    timestamp_serial: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class ValidationReport:
    """Judgement on a whole file; ``ok`` when nothing at all is wrong."""

    ok: bool
    signatures: tuple[SignatureReport, ...] = ()
    long_term: bool = False
    """A good document timestamp comes last, with revocation lists."""
    tail: bool = False
    """Bytes follow the last signature."""
    empty_fields: tuple[str, ...] = ()
    """Signature fields nobody signed."""
    problems: tuple[str, ...] = field(default=())
    conditions: str = field(default="", compare=False, repr=False)
    """Digest of all the judgement depends on; empty if the file was not read."""

    def answers(self, pdf: bytes, roots, *, now: datetime, crls=()) -> bool:
        """Tell whether ``validate``, asked this, would say just this again."""
        anchors = [one for root in roots for one in _certificates(root)]
        return self.conditions == _conditions(pdf, anchors, now, crls)


def validate(pdf: bytes, roots, *, now: datetime, crls=()) -> ValidationReport:
    """Judge every signature of ``pdf`` at the moment ``now``; never go online.

    :param roots: PEM (bytes or text) of the trusted roots, one or more in each
    :param crls: DER revocation lists for files still without their own; when
        there are none, revocation is not checked and ``long_term`` is False
    :raises NotAPdf: the bytes do not start as a PDF file
    :raises ValueError: no root, or a root that is not a certificate
    """
    anchors = [one for root in roots for one in _certificates(root)]
    if not anchors:
        # The library would turn to the roots of the operating system.
        raise ValueError("nothing can be trusted without a root")
    if not pdf.startswith(b"%PDF-"):
        raise NotAPdf("no PDF header")
    if len(pdf) > MAX_BYTES:
        return ValidationReport(False, problems=("too_large",))
    if pdf.count(b"startxref") > MAX_REVISIONS:
        return ValidationReport(False, problems=("too_many_revisions",))
    moment = now.astimezone(timezone.utc)
    lists = list(crls)
    try:
        report = asyncio.run(_File(pdf, anchors, moment, lists).report())
    except _UNREADABLE:
        return ValidationReport(False, problems=("unreadable",))
    return replace(report, conditions=_conditions(pdf, anchors, moment, lists))


class _File:
    """One file under judgement."""

    def __init__(self, pdf, anchors, now, crls):
        self.pdf = pdf
        self.anchors = anchors
        self.now = now
        self.crls = crls
        self.allowance = Allowance()
        self.reader = IndexedReader(pdf, self.allowance)
        self.sealed = {}

    async def report(self):
        if self.reader.encrypted:
            return ValidationReport(False, problems=("encrypted",))
        fields = list(enumerate_sig_fields(self.reader))
        filled = [value for _name, value, _field in fields if value is not None]
        empty = tuple(name for name, value, _field in fields if value is None)
        if len(filled) > MAX_SIGNATURES:
            return ValidationReport(False, problems=("too_many_signatures",))
        if self._comparisons(len(filled)) > MAX_COMPARISONS:
            return ValidationReport(False, problems=("too_many_objects",))
        self.signatures = self.reader.embedded_signatures
        problems = self._file_problems(filled)
        reports = [await self._judge(index) for index in range(len(self.signatures))]
        ends = [one.covers for one in reports]
        if ends != sorted(set(ends)):
            problems.append("disordered")
        moments = [one.signed_at for one in reports if one.signed_at]
        if moments != sorted(moments):
            problems.append("time_went_back")
        tail = bool(ends) and ends[-1] != len(self.pdf)
        if tail:
            problems.append("tail")
        sound = not problems and all(one.ok for one in reports)
        return ValidationReport(
            ok=sound,
            signatures=tuple(reports),
            long_term=sound and reports[-1].kind == "timestamp",
            tail=tail,
            empty_fields=empty,
            problems=tuple(problems),
        )

    def _comparisons(self, signatures):
        revisions, xrefs = self.reader.total_revisions, self.reader.xrefs
        changed = map(xrefs.explicit_refs_in_revision, range(revisions))
        return sum(map(len, changed)) * revisions * signatures

    def _file_problems(self, filled):
        if not filled:
            return ["unsigned"]
        problems = []
        if len(filled) != len(self.signatures):
            problems.append("unknown_signature_type")
        if len({id(value.get_object()) for value in filled}) != len(filled):
            problems.append("shared_signature")
        if not self.signatures or not self._is_seal(self.signatures[0]):
            problems.append("not_certified")
        return problems

    def _is_seal(self, signature):
        """The certification: named by the catalog, allows form filling at most."""
        root = self.reader.root
        if "/Perms" not in root or "/DocMDP" not in root["/Perms"]:
            return False
        named = root["/Perms"]["/DocMDP"] is signature.sig_object
        level = signature.docmdp_level
        return named and level in (MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS)

    async def _judge(self, index):
        signature = self.signatures[index]
        problems = list(self._placement_problems(signature))
        covers = signature.byte_range[2] + signature.byte_range[3]
        anchor = self._anchor(index)
        is_timestamp = signature.sig_object_type == "/DocTimeStamp"
        if is_timestamp:
            kind = "timestamp"
            token = signature.signed_data
            status = await async_validate_pdf_timestamp(
                signature, self._context(anchor, at=anchor.moment)
            )
            if not (status.intact and status.valid):
                problems.append("altered")
            if status.modification_level not in _ALLOWED_AFTER_TIMESTAMP:
                problems.append("changed_after")
        else:
            kind = "seal" if index == 0 and self._is_seal(signature) else "signature"
            token = _signature_token(signature)
            if token is None:
                problems.append("no_timestamp")
                at = anchor.moment
            else:
                at = _token_info(token)["gen_time"].native
            status = await async_validate_pdf_signature(
                signature,
                self._context(anchor, at=at),
                ts_validation_context=self._context(anchor, at=anchor.moment),
            )
            problems += _signature_problems(status, anchor)
        if not status.trusted and status.intact and status.valid:
            problems.append("revoked" if status.revoked else "untrusted")
        if status.coverage not in (
            SignatureCoverageLevel.ENTIRE_FILE,
            SignatureCoverageLevel.ENTIRE_REVISION,
        ):
            problems.append("coverage")
        info = _token_info(token) if token is not None else None
        certificate = signature.signer_cert
        return SignatureReport(
            field=str(signature.field_name),
            kind=kind,
            signer_name=_common_name(certificate),
            signer_email=_email(certificate),
            signed_at=info["gen_time"].native if info is not None else None,
            reason=_text(signature, "/Reason"),
            contact=_text(signature, "/ContactInfo"),
            ok=not problems,
            intact=bool(status.intact and status.valid),
            trusted=bool(status.trusted),
            covers=int(covers),
            certificate_serial=f"{certificate.serial_number:x}",
            timestamp_serial=(
                f"{info['serial_number'].native:x}" if info is not None else ""
            ),
            problems=tuple(dict.fromkeys(problems)),
        )

    def _placement_problems(self, signature):
        """The gap of the byte range is the signature and nothing else."""
        if len(signature.byte_range) != 4 or signature.byte_range[0] != 0:
            yield "coverage"
            return
        _zero, first, second, _length = (int(part) for part in signature.byte_range)
        held = signature.pkcs7_content
        if self.pdf[first:second] != b"<%s>" % held.hex().upper().encode():
            yield "coverage"
        elif held[len(cms.ContentInfo.load(held).dump()) :].strip(b"\0"):
            yield "padding"

    def _anchor(self, index):
        """Return the moment and knowledge from which a signature is judged."""
        for later in range(index + 1, len(self.signatures)):
            if self.signatures[later].sig_object_type == "/DocTimeStamp":
                if later not in self.sealed:
                    self.sealed[later] = self._sealed_by(self.signatures[later])
                return self.sealed[later]
        archived = _archived_lists(self.reader)
        sealed = self.signatures[index].sig_object_type == "/DocTimeStamp"
        return _Anchor(
            self.now, archived + self.crls, required=sealed or bool(self.crls)
        )

    def _sealed_by(self, timestamp):
        end = timestamp.byte_range[2] + timestamp.byte_range[3]
        return _Anchor(
            _token_info(timestamp.signed_data)["gen_time"].native,
            _archived_lists(IndexedReader(self.pdf[:end], self.allowance)),
            required=True,
        )

    def _context(self, anchor, *, at):
        return ValidationContext(
            trust_roots=self.anchors,
            moment=at,
            best_signature_time=at,
            allow_fetching=False,
            crls=anchor.lists,
            revocation_mode="require" if anchor.required else "soft-fail",
            retroactive_revinfo=True,
        )


@dataclass(frozen=True)
class _Anchor:
    moment: datetime
    lists: list
    required: bool


def _signature_problems(status, anchor):
    if not (status.intact and status.valid):
        yield "altered"
    token = status.timestamp_validity
    if token is not None and not (token.valid and token.intact and token.trusted):
        yield "timestamp_untrusted"
    end = status.signing_cert.not_valid_after
    if anchor.required and anchor.moment > end:
        # A list issued after a certificate's end no longer speaks of it.
        yield "sealed_too_late"
    if status.docmdp_ok is False:
        yield "changed_after"
    if not status.bottom_line:
        yield "rejected"


def _conditions(pdf, anchors, now, crls):
    digest = hashlib.sha256(now.astimezone(timezone.utc).isoformat().encode())
    for parts in ([pdf], sorted({one.dump() for one in anchors}), list(crls)):
        digest.update(b"%d;" % len(parts))
        for part in parts:
            digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _text(signature, key):
    return str(signature.sig_object[key]) if key in signature.sig_object else ""


def _archived_lists(reader):
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return []
    return [reference.get_object().data for reference in store.crls]


def _signature_token(signature):
    attributes = signature.signer_info["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return None
    for attribute in attributes:
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0]["content"]
    return None


def _token_info(token):
    return token["encap_content_info"]["content"].parsed


def _certificates(text):
    data = text.encode() if isinstance(text, str) else text
    if not pem.detect(data):
        return [x509.Certificate.load(data)]
    blocks = pem.unarmor(data, multiple=True)
    return [x509.Certificate.load(der) for _type, _headers, der in blocks]


def _common_name(certificate):
    return str(certificate.subject.native.get("common_name", ""))


def _email(certificate):
    names = certificate.subject_alt_name_value
    for name in names if names is not None else ():
        if name.name == "rfc822_name":
            return name.native
        if name.name == "other_name" and name.chosen["type_id"].dotted == (
            SMTP_UTF8_MAILBOX.dotted_string
        ):
            return name.chosen["value"].native
    return ""
