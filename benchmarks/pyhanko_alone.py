# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Raw pyHanko: one PAdES B-T signature with the same kind of keys and the same stamp.

The reference is kept lean on purpose: certificates and keys are made and loaded
beforehand, the timestamp authority has a P-256 key too (pyHanko's own test authority
loads an RSA key for each token: 35 ms more), the stamp is a ready page it imports.
"""

import io
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from asn1crypto import algos, cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1 as to_cert,
)
from pyhanko.keys.internal import (
    translate_pyca_cryptography_key_to_asn1 as to_key,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore


class Reference:
    """A signer ready to sign, as a script would have it; a context manager.

    :param signed: a file one of our signatures stands in, to take its stamp from
    :param field: the name of that signature's field
    """

    def __init__(self, signed, field):
        root, root_key = _certificate("Root", None, None, authority=True)
        issuing, issuing_key = _certificate("Issuing", root, root_key, authority=True)
        leaf, key = _certificate("Signer", issuing, issuing_key)
        stamper, stamper_key = _certificate("Time", root, root_key, stamps=True)
        self._signer = signers.SimpleSigner(
            signing_cert=to_cert(leaf),
            signing_key=to_key(key),
            cert_registry=SimpleCertificateStore.from_certs(
                [to_cert(issuing), to_cert(root)]
            ),
        )
        self._timestamper = _TimeStamper(to_cert(stamper), to_key(stamper_key))
        self._timestamper.ready_key = stamper_key
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "stamp.pdf"
        path.write_bytes(_stamp_page(signed, field))
        self._style = StaticStampStyle.from_pdf_file(str(path), border_width=0)
        self._meta = {
            "md_algorithm": "sha256",
            "subfilter": SigSeedSubFilter.PADES,
            "reason": "Read and approved sha256:" + 64 * "0",
            "contact_info": "https://school.example.org/verify/0123456789ABCDEF",
            "location": "Limoges",
        }

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._folder.cleanup()

    def sign(self, pdf, field):
        """Return ``pdf`` with its empty ``field`` signed."""
        output = io.BytesIO()
        signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name=field, **self._meta),
            self._signer,
            timestamper=self._timestamper,
            stamp_style=self._style,
        ).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)),
            existing_fields_only=True,
            output=output,
        )
        return output.getvalue()


class _TimeStamper(DummyTimeStamper):
    """pyHanko's own authority with a P-256 key that stays loaded."""

    ready_key = None

    def _sign_tst_info(self, tst_info_data, md_algorithm, dt):
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        signature = self.ready_key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        return signature, attributes

    def _build_signed_data(self, *args, **kwargs):
        data = super()._build_signed_data(*args, **kwargs)
        data["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm(
            {"algorithm": "sha256_ecdsa"}
        )
        return data


def _certificate(name, issuer, issuer_key, authority=False, stamps=False):
    """Return (certificate, key), P-256, shaped like those of the module."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    public = key.public_key()
    signing = (issuer_key or key).public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing), False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority and not stamps,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            True,
        )
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, True)
    return builder.sign(issuer_key or key, hashes.SHA256()), key


def _stamp_page(signed, field):
    """Return a one-page PDF that shows the stamp of a signature of ours."""
    reader = PdfFileReader(io.BytesIO(signed))
    [(_name, _value, widget)] = enumerate_sig_fields(reader, with_name=field)
    drawn = widget.get_object()["/AP"]["/N"]
    x1, y1, x2, y2 = (float(side) for side in drawn["/BBox"])
    writer = PdfFileWriter()
    stamp = writer.import_object(drawn)
    page = PageObject(
        contents=writer.add_object(generic.StreamObject(stream_data=b"/Stamp Do")),
        media_box=(x1, y1, x2, y2),
        resources=generic.DictionaryObject(
            {
                generic.pdf_name("/XObject"): generic.DictionaryObject(
                    {generic.pdf_name("/Stamp"): writer.add_object(stamp)}
                )
            }
        ),
    )
    writer.insert_page(page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
