# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The three acts on a file: certify, sign, seal for the long term.

Each returns the whole file with one more revision: what was there before is
its prefix, byte for byte, and nothing follows the new signature.
"""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms, crl, x509
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import (
    InvisSigSettings,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    enumerate_sig_fields,
)
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore

from . import stamp as stamps
from .certificates import utc_second
from .cms import certificate_der, sign_cms
from .errors import BrokenFile, ClockWentBack, FieldProblem, MissingRevocation
from .font import FONT_PATH
from .preparation import prepare

SEAL_FIELD = "seal"
"""Name of the invisible field of the certification."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""A clock behind the file's last time by less is taken as that time."""
EXTERNAL_TOKEN_BYTES = 12 * 1024
"""Room for the document timestamp of an authority we do not know."""

_TOKEN_OVERHEAD = 464
_SIGNATURE_OVERHEAD = 364
"""Bytes of a token or a signature beside the certificates, issuer names and
token in it, longest ECDSA values counted and rounded up. So the reservation is
tight and known before signing, and the CMS object is encoded once."""


@dataclass(frozen=True)
class Signed:
    """A file with its new last revision."""

    pdf: bytes
    certificate_serial: str
    """Of the signer, hexadecimal; of the timestamp certificate for a long-term
    seal."""
    timestamp_serial: str
    """Of the timestamp token, hexadecimal."""
    signing_time: datetime
    """Moment of the timestamp, UTC."""


class _Revision(IncrementalPdfFileWriter):
    """One more revision of a file.

    Info and XMP stay as the seal certified them: rewriting them each time, as
    the parent does, says nothing and costs 2 KB per signature.
    """

    def __init__(self, pdf: bytes):
        try:
            super().__init__(io.BytesIO(pdf))
        except (PdfError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise BrokenFile("the file cannot be extended") from error
        if self.prev.encrypted:
            raise BrokenFile("the file is encrypted")

    def _update_meta(self):
        pass


def certify(
    pdf,
    fields,
    authority,
    *,
    now,
    texts=(),
    reason="",
    contact="",
    location="",
    font_path=FONT_PATH,
) -> Signed:
    """Prepare all fields and certify the document with the seal, one revision.

    After it, only filling the fields and signing is allowed (DocMDP 2).

    :param fields: :class:`FieldSpec` of every signature to come
    :param texts: every text the stamps will need, beyond basic Latin
    :raises FieldProblem, BrokenFile, AuthorityUnusable, WrongSecret:
    """
    writer = _Revision(pdf)
    if writer.prev.embedded_signatures:
        raise BrokenFile("the file is signed already")
    moment = utc_second(now)
    authority.require_valid("seal", moment)
    prepare(writer, list(fields), texts, font_path)
    writer.register_extension(ESIC_EXTENSION_1)
    return _sign(
        writer,
        PdfCMSEmbedder(new_field_spec=_invisible(SEAL_FIELD, "Seal")),
        SEAL_FIELD,
        authority,
        certificate=authority.seal,
        key=authority.seal_key(),
        moment=moment,
        texts={"reason": reason, "contact_info": contact, "location": location},
        mdp=SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS),
    )


def sign(
    pdf,
    field_name,
    authority,
    *,
    person_name,
    person_email,
    organization,
    request_code,
    stamp,
    now,
    reason="",
    contact="",
    location="",
) -> Signed:
    """Sign an existing field with a key made for this act and forgotten.

    :raises FieldProblem: unknown or filled field
    :raises MissingGlyphs: the stamp needs ``artwork``
    :raises BrokenFile, ClockWentBack, AuthorityUnusable, WrongSecret:
    """
    writer = _Revision(pdf)
    moment = _following(writer, pdf, now)
    field = _empty_field(writer, field_name)
    certificate, key = authority.issue_signer(
        name=person_name,
        email=person_email,
        organization=organization,
        request=request_code,
        now=moment,
    )
    x1, y1, x2, y2 = (float(side) for side in field["/Rect"])
    appearance = stamps.draw(writer, stamp, x2 - x1, y2 - y1)
    field[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): appearance})
    return _sign(
        writer,
        PdfCMSEmbedder(),
        field_name,
        authority,
        certificate=certificate,
        key=key,
        moment=moment,
        texts={"reason": reason, "contact_info": contact, "location": location},
    )


def seal_long_term(
    pdf, authority, *, now, revoked=(), extra_crls=(), timestamper=None
) -> Signed:
    """Add revocation lists and a document timestamp, the timestamp last (B-LTA).

    The first call archives the lists of all issuers; a later one renews the
    protection before the timestamp certificate ends. The archived lists end
    with what they cover, the issuing authority and the timestamp certificate:
    validators want them neither shorter nor longer.

    :param revoked: pairs (certificate serial, moment) of signers and seals
    :param extra_crls: DER lists of earlier issuing authorities of this circuit
    :param timestamper: function SHA-256 → (token DER) of an external authority;
        by default the in-process one
    :raises MissingRevocation: a signature's issuer has no list here
    """
    writer = _Revision(pdf)
    signatures = writer.prev.embedded_signatures
    if not signatures:
        raise BrokenFile("there is nothing to seal")
    moment = _following(writer, pdf, now)
    authority.require_valid("timestamp", moment)
    lists = [
        authority.root_crl(moment, authority.timestamp.not_valid_after_utc),
        *extra_crls,
    ]
    if all(one.sig_object_type == "/Sig" for one in signatures):
        authority.require_valid("issuing", moment)
        end = authority.issuing.not_valid_after_utc
        lists.append(authority.issuing_crl(moment, end, revoked))
        _require_lists(signatures, lists)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[x509.Certificate.load(certificate_der(authority.root))],
        crls=[crl.CertificateList.load(der) for der in lists],
    )
    name = f"timestamp-{len(signatures)}"
    if timestamper is None:
        reserved = 2 * _token_bytes(authority)
    else:
        reserved = 2 * EXTERNAL_TOKEN_BYTES
    steps = PdfCMSEmbedder(new_field_spec=_invisible(name, "Timestamp")).write_cms(
        name, writer
    )
    next(steps)
    steps.send(SigObjSetup(DocumentTimestamp(bytes_reserved=reserved)))
    prepared, output = steps.send(SigIOSetup("sha256"))
    if timestamper is None:
        token = authority.timestamper().token(prepared.document_digest, moment).der
    else:
        token = timestamper(prepared.document_digest)
    steps.send(token)
    content = cms.ContentInfo.load(token)["content"]
    info = content["encap_content_info"]["content"].parsed
    signer = content["signer_infos"][0]["sid"].chosen
    return Signed(
        pdf=output.getvalue(),
        certificate_serial=f"{signer['serial_number'].native:x}",
        timestamp_serial=f"{info['serial_number'].native:x}",
        signing_time=info["gen_time"].native,
    )


def _sign(
    writer, embedder, name, authority, *, certificate, key, moment, texts, mdp=None
):
    reserved = 2 * (
        len(certificate_der(certificate))
        + len(certificate_der(authority.issuing))
        + len(certificate.issuer.public_bytes())
        + _token_bytes(authority)
        + _SIGNATURE_OVERHEAD
    )
    steps = embedder.write_cms(name, writer, existing_fields_only=mdp is None)
    next(steps)
    placeholder = SignatureObject(
        timestamp=moment,
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=reserved,
        **texts,
    )
    steps.send(SigObjSetup(placeholder, mdp_setup=mdp))
    prepared, output = steps.send(SigIOSetup("sha256"))
    tokens = []

    def stamp_time(digest):
        tokens.append(authority.timestamper().token(digest, moment))
        return tokens[0].der

    content = sign_cms(
        key=key,
        certificate=certificate,
        digest=prepared.document_digest,
        embedded=(certificate, authority.issuing),
        timestamp=stamp_time,
    )
    steps.send(content)
    return Signed(
        pdf=output.getvalue(),
        certificate_serial=f"{certificate.serial_number:x}",
        timestamp_serial=f"{tokens[0].serial:x}",
        signing_time=tokens[0].moment,
    )


def _token_bytes(authority):
    certificate = authority.timestamp
    return (
        len(certificate_der(certificate))
        + len(certificate.issuer.public_bytes())
        + _TOKEN_OVERHEAD
    )


def _invisible(name, label):
    """Outside every page: inside, PDF/UA would want it tagged."""
    return SigFieldSpec(
        name,
        readable_field_name=label,
        invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
    )


def _empty_field(writer, name):
    for _name, value, reference in enumerate_sig_fields(writer, with_name=name):
        if value is not None:
            raise FieldProblem(f"{name} is signed already")
        return reference.get_object()
    raise FieldProblem(f"no signature field {name}")


def _following(writer, pdf, now):
    """Return the moment of an act on a signed file; time never goes back.

    :raises BrokenFile: the file is unsigned or bytes follow its last signature
    :raises ClockWentBack: beyond :data:`CLOCK_TOLERANCE`
    """
    signatures = writer.prev.embedded_signatures
    if not signatures:
        raise BrokenFile("the file is not certified")
    ends = [one.byte_range[2] + one.byte_range[3] for one in signatures]
    if max(ends) != len(pdf):
        raise BrokenFile("bytes follow the last signature")
    moment = utc_second(now)
    last = max(_moment_of(one) for one in signatures)
    if moment + CLOCK_TOLERANCE < last:
        raise ClockWentBack(f"{moment} is before {last}, already in the file")
    return max(moment, last)


def _moment_of(signature):
    if signature.sig_object_type == "/DocTimeStamp":
        return (
            signature.signed_data["encap_content_info"]["content"]
            .parsed["gen_time"]
            .native
        )
    return signature.self_reported_timestamp


def _require_lists(signatures, lists):
    issuers = {crl.CertificateList.load(der).issuer.dump() for der in lists}
    for signature in signatures:
        if signature.signer_cert.issuer.dump() not in issuers:
            raise MissingRevocation(
                f"{signature.field_name}: no revocation list of its issuer"
            )
