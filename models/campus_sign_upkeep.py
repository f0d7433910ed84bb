# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What years ask for: seals renewed before they end, what nobody needs forgotten."""

import logging
from datetime import timedelta, timezone
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.pades import (
    Authority,
    AuthorityProfile,
    PadesError,
    SealedAuthority,
    renew_authority,
    seal_long_term,
)
from .campus_sign_event import Chain
from .ceremony_errors import CeremonyError
from .gate import gate, unlocked

_logger = logging.getLogger(__name__)

RENEW_DAYS = 365
"""A long-term seal is renewed in the last year of its timestamp certificate."""
LINK_DAYS = 30
VISUAL_DAYS = 365
SLICE = 500


class CampusSignAuthority(models.Model):
    _inherit = "campus.sign.authority"

    renewed_certificates = fields.Json(readonly=True)
    renewed_keys = fields.Json(readonly=True, groups=fields.NO_ACCESS)

    @api.model
    def _timestamp_end(self, authority):
        """Return when the timestamps of an engine authority end, naive UTC."""
        end = authority.timestamp.not_valid_after_utc
        return end.astimezone(timezone.utc).replace(tzinfo=None)

    def _open_renewed(self, now):
        """Return an engine authority of the same root with a fresh timestamp.

        The first renewal of an establishment makes it, the others share it until
        its own last years come.
        """
        self.ensure_one()
        record = self.sudo()  # keys are readable by no person, only by this method
        own, vault = record._open(), self._vault()
        if record.renewed_keys:
            renewed = Authority(
                SealedAuthority.from_dict(
                    {**record.renewed_certificates, **record.renewed_keys}
                ),
                vault,
            )
            if self._timestamp_end(renewed) > now + timedelta(days=2 * RENEW_DAYS):
                return renewed
        profile = AuthorityProfile(
            organization=record.company_id.name,
            country=(record.company_id.country_id.code or "FR"),
            not_before=(now - timedelta(minutes=5)).replace(tzinfo=timezone.utc),
            not_after=own.root.not_valid_after_utc,
            **record._public_urls(),
        )
        sealed = SealedAuthority.from_dict(
            {**record.certificates, **record.sealed_keys}
        )
        material = renew_authority(sealed, vault, profile)
        values = material.to_dict()
        keys = {name: values.pop(name) for name in list(values) if "key" in name}
        record.write({"renewed_certificates": values, "renewed_keys": keys})
        return Authority(material, vault)


class CampusSignRequest(models.Model):
    _inherit = "campus.sign.request"

    sealed_until = fields.Datetime(
        string="Long-term seal valid until",
        readonly=True,
        help="End of the last timestamp's certificate; renewed before.",
    )

    _renew_idx = models.Index("(sealed_until) WHERE sealed_until IS NOT NULL")

    # === RENEWAL OF LONG-TERM SEALS (signature design, Finalisation) ===#

    @api.model
    def _cron_renew(self):
        """Renew the long-term seals that enter their last year, one per transaction.

        A seal cannot outlive its root: in the root's last year nothing is gained by
        a renewal, and the document is left as it is.
        """
        limit = fields.Datetime.now() + timedelta(days=RENEW_DAYS)
        seen = set()
        while True:
            todo = self.search(
                [
                    ("sealed_until", "<=", limit),
                    ("authority_id.ends_at", ">", limit),
                    ("id", "not in", list(seen)),
                ],
                order="sealed_until, id",
                limit=20,
            )
            if not todo:
                return
            for request in todo:
                seen.add(request.id)
                request._renew_seal(limit)
                if not self.env["ir.cron"]._commit_progress(1):
                    self._trigger_lanes("renew")
                    return

    def _renew_seal(self, limit):
        try:
            with gate(self, wait=0.001) as request:
                if request.sealed_until and request.sealed_until <= limit:
                    request._add_renewal()
        except CeremonyError as error:
            # Somebody holds it, or its file is not what it was: told, not lost.
            if error.code != "busy":
                _logger.warning("seal of %s not renewed: %s", self.code, error.message)
        except PadesError:
            _logger.warning("seal of %s not renewed", self.code, exc_info=True)

    def _add_renewal(self):
        content = self._stored_file()
        before = self.revisions[-1]["sha256"]
        chain = Chain(self)
        moment = chain.now.replace(tzinfo=None)
        authority = self.authority_id._open_renewed(moment)
        sealed = seal_long_term(content, authority, now=chain.now)
        revision = self._store_revision(
            sealed.pdf, "timestamp", f"timestamp-{len(self.revisions)}"
        )
        chain.append(
            "long_term_sealed",
            before=before,
            after=revision["sha256"],
            length=revision["length"],
            timestamp_serial=sealed.timestamp_serial,
        )
        chain.store()
        until = self.env["campus.sign.authority"]._timestamp_end(authority)
        unlocked(self).write({"sealed_until": until})

    # === CLEAN-UP ===#

    @api.model
    def _cron_cleanup(self):
        """Forget what is no longer needed, a slice per transaction."""
        for model, domain in self._waste():
            records = self.env[model].sudo()  # housekeeping of the server's own rows
            while True:
                some = records.search(domain, limit=SLICE, order="id")
                if not some:
                    break
                count = len(some)
                unlocked(some).unlink()
                if not self.env["ir.cron"]._commit_progress(count):
                    self._trigger_lanes("cleanup")
                    return

    @api.model
    def _waste(self):
        """Return pairs (model, domain) of what nobody needs any more.

        Links a month after their end, attempts at a door after a day, visuals their
        owner saved and never signed with for a year, files left by a circuit that
        no longer exists.
        """
        now = fields.Datetime.now()
        ended = now - timedelta(days=LINK_DAYS)
        year = now - relativedelta(days=VISUAL_DAYS)
        yesterday = now - timedelta(days=1)
        return [
            (
                "campus.sign.link",
                Domain("expires_at", "<", ended) | Domain("revoked_at", "<", ended),
            ),
            ("campus.sign.attempt", Domain("create_date", "<", yesterday)),
            (
                "campus.sign.visual",
                Domain("write_date", "<", year)
                & Domain.custom(to_sql=partial(_no_signature_since, year)),
            ),
            (
                "ir.attachment",
                Domain("res_model", "=", "campus.sign.request")
                & Domain("create_date", "<", yesterday)
                & Domain.custom(to_sql=_circuit_gone),
            ),
        ]


def _no_signature_since(moment, model, alias, query):
    """Return the condition « its owner neither signed since nor has to sign »."""
    return SQL(
        """NOT EXISTS (
            SELECT 1 FROM campus_sign_signer line
            WHERE line.partner_id = %s
            AND (line.status = 'pending' OR line.signed_at >= %s))""",
        SQL.identifier(alias, "partner_id"),
        moment,
    )


def _circuit_gone(model, alias, query):
    """Return the condition « the circuit of this file no longer exists »."""
    return SQL(
        "NOT EXISTS (SELECT 1 FROM campus_sign_request request WHERE request.id = %s)",
        SQL.identifier(alias, "res_id"),
    )
