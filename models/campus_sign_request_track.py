# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import circuit
from .campus_sign_request import STATES

COUNT_BOUND = 1000
"""Rows of one state are counted up to this number: the screen says « 999+ »."""

# What a list shows: a change of one of these is worth telling the screens.
_SHOWN = {"state", "signature_done", "deadline", "sealed_at", "sent_at", "failure"}


class CampusSignRequest(models.Model):
    """The tracking list: live changes, counters that stay cheap (A109-A114)."""

    _inherit = "campus.sign.request"

    waits_for_me = fields.Boolean(
        compute="_compute_waits_for_me",
        search="_search_waits_for_me",
        string="Waiting for my signature",
    )

    _promotion_idx = models.Index("(promotion_id) WHERE promotion_id IS NOT NULL")
    _sender_idx = models.Index("(sender_id, sent_at DESC)")

    @api.depends("signer_ids.status", "state")
    @api.depends_context("uid")
    def _compute_waits_for_me(self):
        user = self.env.user
        for request in self:
            request.waits_for_me = request.state in circuit.OPEN_STATES and any(
                signer.status == "pending"
                and (
                    signer._represents(user)
                    if signer.user_id
                    else signer.partner_id == user.partner_id
                )
                for signer in request.signer_ids
            )

    def _search_waits_for_me(self, operator, value):
        """Find what the user, or whom he replaces today, is asked to sign."""
        if operator != "in":
            return NotImplemented
        user = self.env.user
        heads = user | self.env["campus.sign.deputy"]._heads_of(user)
        mine = Domain("user_id", "in", heads.ids) | (
            Domain("user_id", "=", False)
            & Domain("partner_id", "=", user.partner_id.id)
        )
        # Lines of a circuit that is over are no longer pending, an expired one's are.
        return Domain("state", "in", list(circuit.OPEN_STATES)) & Domain(
            "signer_ids", "any", Domain("status", "=", "pending") & mine
        )

    # === VIEWS ===#

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Give the cards the actions of the list: same buttons, same rights (A111)."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "kanban" and arch.find("header") is None:
            rows = self.env.ref("campus_sign.campus_sign_request_view_list")
            listed, _view = super()._get_view(rows.id, "list", **options)
            arch.insert(0, listed.find("header"))
        return arch, view

    # === LIVE: screens learn of a change after the commit ===#

    def write(self, vals):
        done = super().write(vals)
        if not _SHOWN.isdisjoint(vals):
            self._announce()
        return done

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._announce()
        return requests

    def _announce(self):
        """Tell the open lists that these documents changed: ids, nothing else."""
        if self:
            group = self.env["ir.model.data"]._xmlid_to_res_id(
                "campus_sign.group_follow"
            )
            self.env["res.groups"].browse(group)._bus_send(
                "campus_sign/changed", {"ids": self.ids}
            )

    # === COUNTERS: one query, however many documents ===#

    @api.model
    def _bounded_state_counts(self, domain):
        """Return ``{state: rows of the domain}``, each at most ``COUNT_BOUND``.

        Counting a million archived documents for a number nobody reads would make
        the list slower with every year: one index range per state is enough.
        """
        domain = Domain(domain)
        parts = []
        for state, _label in STATES:
            query = self._search(
                domain & Domain("state", "=", state), limit=COUNT_BOUND, order="id"
            )
            if query.is_empty():
                continue
            query.order = None
            parts.append(
                SQL(
                    "(SELECT %s AS state, count(*) FROM (%s) AS bounded)",
                    state,
                    query.select(SQL("1")),
                )
            )
        if not parts:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        return {state: count for state, count in rows if count}

    @api.model
    def _search_panel_domain_image(
        self, field_name, domain, set_count=False, limit=False
    ):
        if field_name != "state" or not set_count:
            return super()._search_panel_domain_image(
                field_name, domain, set_count, limit
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {
            state: {"id": state, "display_name": labels[state], "__count": count}
            for state, count in self._bounded_state_counts(domain).items()
        }

    @api.model
    @api.readonly
    def web_read_group(self, domain, groupby, aggregates=(), **kwargs):
        self.check_access("read")
        bounded = self.with_context(campus_sign_bounded=True)
        return super(CampusSignRequest, bounded).web_read_group(
            domain, groupby, aggregates, **kwargs
        )

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Count the groups of lists and kanbans by state up to the bound.

        Graphs, pivots and reports do not set the context: their figures are exact.
        """
        if (
            self.env.context.get("campus_sign_bounded")
            and tuple(groupby) == ("state",)
            and tuple(aggregates) == ("__count",)
            and not having
        ):
            counts = self._bounded_state_counts(domain)
            rows = [(state, counts[state]) for state, _l in STATES if state in counts]
            return rows[offset : offset + limit if limit else None]
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )


class CampusSignSigner(models.Model):
    _inherit = "campus.sign.signer"

    def write(self, vals):
        done = super().write(vals)
        if not {"status", "name", "partner_id"}.isdisjoint(vals):
            self.request_id._announce()
        return done
