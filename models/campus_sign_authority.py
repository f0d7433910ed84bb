# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
from datetime import datetime, timedelta, timezone

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import config

from ..engine.pades import (
    Authority,
    AuthorityProfile,
    KeyVault,
    SealedAuthority,
    WeakSecret,
    create_authority,
)
from .ceremony_errors import CeremonyError

SECRET_ENV = "CAMPUS_SIGN_SECRET"
SECRET_OPTION = "campus_sign_secret"


class CampusSignAuthority(models.Model):
    """Certificates of an establishment; private keys only encrypted (invariant 8)."""

    _name = "campus.sign.authority"
    _description = "Signature authority of an establishment"
    _order = "id desc"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    active = fields.Boolean(default=True)
    certificates = fields.Json(readonly=True)
    sealed_keys = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    starts_at = fields.Datetime(readonly=True)
    ends_at = fields.Datetime(
        readonly=True,
        help="Common end of the issuing authority, the seal and every signer's "
        "certificate.",
    )
    revoked = fields.Json(readonly=True, default=lambda self: self._default_revoked())

    _company_uniq = models.UniqueIndex(
        "(company_id) WHERE active", "This establishment already has an authority."
    )

    def _default_revoked(self):
        return []

    # === LIFE ===#

    @api.model
    def _secret(self):
        """Return the secret that encrypts the keys; it never lives in the database."""
        return os.environ.get(SECRET_ENV) or config.get(SECRET_OPTION) or ""

    @api.model
    def _vault(self):
        """Return the key vault of this server.

        :raise CeremonyError: 409 ``no_secret`` when no strong secret is configured
        """
        try:
            return KeyVault(self._secret())
        except WeakSecret:
            raise CeremonyError(
                409,
                "no_secret",
                self.env._(
                    "The key secret of the server is missing or too weak. Set the "
                    "environment variable %(variable)s (or the option %(option)s of "
                    "the server's configuration file) to at least 32 random "
                    "characters, then restart the server.",
                    variable=SECRET_ENV,
                    option=SECRET_OPTION,
                ),
            ) from None

    @api.model
    def _activate(self, company, now=None):
        """Create root, issuing authority, seal and timestamp certificates.

        :raise CeremonyError: 409 when there is no secret, or an authority already
        """
        vault = self._vault()
        if self.search_count([("company_id", "=", company.id)], limit=1):
            raise CeremonyError(
                409,
                "active",
                self.env._("Electronic signature is already activated."),
            )
        now = now or fields.Datetime.now()
        years = self._parameter("authority_years")
        authority = self.create(
            {
                "company_id": company.id,
                "starts_at": now,
                "ends_at": now + relativedelta(years=years),
            }
        )
        profile = AuthorityProfile(
            organization=company.name,
            country=(company.country_id.code or "FR"),
            not_before=_aware(now - timedelta(minutes=5)),
            not_after=_aware(authority.ends_at),
            **authority._public_urls(),
        )
        material = create_authority(profile, vault).to_dict()
        keys = {name: material.pop(name) for name in list(material) if "key" in name}
        authority.write({"certificates": material, "sealed_keys": keys})
        authority.flush_recordset()
        return authority

    @api.model
    def _parameter(self, name):
        """Return an integer setting of trust (editable, years)."""
        defaults = {"authority_years": 15, "archive_margin_years": 5}
        value = self.env["ir.config_parameter"].sudo().get_param(f"campus_sign.{name}")
        return int(value) if value else defaults[name]

    def _public_urls(self):
        base = f"{self.company_id.get_base_url()}/campus_sign"
        return {
            "issuing_crl_url": f"{base}/crl/{self.id}/issuing.crl",
            "root_crl_url": f"{base}/crl/{self.id}/root.crl",
            "issuing_ca_url": f"{base}/ca/{self.id}/issuing.crt",
            "root_ca_url": f"{base}/ca/{self.id}/root.crt",
        }

    @api.model
    def _for_company(self, company):
        """Return the authority of an establishment, renewed when it grows old.

        :raise CeremonyError: 409 ``inactive`` when the service is not activated
        """
        authority = self.sudo().search([("company_id", "=", company.id)], limit=1)
        if not authority:
            raise CeremonyError(
                409,
                "inactive",
                self.env._(
                    "Electronic signature is not activated for %(company)s: ask the "
                    "super-administrator to open Settings > Electronic signature.",
                    company=company.name,
                ),
            )
        if not company.sudo().sign_enabled:  # a switch, whoever sends
            raise CeremonyError(
                409,
                "switched_off",
                self.env._(
                    "Electronic signature is switched off for %(company)s.",
                    company=company.name,
                ),
            )
        margin = relativedelta(years=self._parameter("archive_margin_years"))
        if authority.ends_at < fields.Datetime.now() + margin:
            authority.active = False
            authority.flush_recordset()
            authority = self.sudo()._activate(company)
        return authority

    def _open(self):
        """Return the engine's authority.

        :raise CeremonyError: 409 when the secret is missing or is another one
        """
        self.ensure_one()
        record = self.sudo()  # keys are readable by no person, only by this method
        if not record.sealed_keys:
            raise CeremonyError(
                409,
                "no_keys",
                self.env._(
                    "This is a copy of the database: its signature keys were removed."
                ),
            )
        sealed = SealedAuthority.from_dict(
            {**record.certificates, **record.sealed_keys}
        )
        return Authority(sealed, self._vault())

    def _problems(self):
        """Return sentences on what stops this authority from signing."""
        self.ensure_one()
        broken = self.env._("The certificates of the establishment are damaged.")
        try:
            codes = self._open().check(aware_now())
        except CeremonyError as error:
            return [error.message]
        except (KeyError, ValueError):
            # One is missing, or is not a certificate at all.
            return [broken]
        sentences = {
            "decrypt": self.env._(
                "The keys cannot be opened: the server's secret is not the one they "
                "were created with."
            ),
            "expired": self.env._("The certificates of the establishment have ended."),
        }
        return sorted({sentences.get(code.partition(":")[0], broken) for code in codes})

    # === PUBLIC FILES ===#

    def _revocations(self):
        return [
            (int(serial), _aware(fields.Datetime.to_datetime(when)))
            for serial, when in self.revoked or []
        ]

    def _final_crls(self, now):
        """Return the DER revocation lists that a long-term seal archives.

        They end with what they cover, like those of the document's own authority.
        """
        self.ensure_one()
        opened = self._open()
        timestamp_end = opened.timestamp.not_valid_after_utc
        return [
            opened.root_crl(now, timestamp_end),
            opened.issuing_crl(
                now, opened.issuing.not_valid_after_utc, self._revocations()
            ),
        ]

    @api.model
    def _public_crl(self, authority_id, kind):
        """Return a short-lived DER revocation list, ``None`` if there is none."""
        authority = self._public(authority_id)
        if not authority or kind not in ("issuing", "root"):
            return None
        now = aware_now()
        end = now + timedelta(days=7)
        opened = authority._open()
        if kind == "root":
            return opened.root_crl(now, end)
        return opened.issuing_crl(now, end, authority._revocations())

    @api.model
    def _public_certificate(self, authority_id, kind):
        """Return the PEM bytes of a public certificate, ``None`` if there is none."""
        authority = self._public(authority_id)
        if not authority or kind not in ("issuing", "root"):
            return None
        return authority.certificates[f"{kind}_cert"].encode()

    @api.model
    def _public(self, authority_id):
        # Certificates and revocation lists are public by nature; retired
        # authorities stay reachable, old signatures name their addresses.
        return (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "=", authority_id)], limit=1)
        )

    @api.model
    def _roots(self):
        """Return the PEM roots of every authority this database ever had."""
        authorities = (
            self.sudo()
            .with_context(active_test=False)
            .search([("certificates", "!=", False)])
        )
        return [authority.certificates["root_cert"] for authority in authorities]


def _aware(moment):
    return moment.replace(tzinfo=timezone.utc)


def aware_now():
    """Return the current moment, aware, in UTC."""
    return datetime.now(timezone.utc)
