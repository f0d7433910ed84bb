# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain

#: Records a lane treats in one transaction: signers wait no longer than for that.
SLICE = 100


class IrCron(models.Model):
    _inherit = "ir.cron"

    campus_lane = fields.Char(
        help="Kind of bulk work this lane shares with the others of the same kind; "
        "copy a lane to add one."
    )

    def _in_slices(self, lane, records, domain, act, order="id"):
        """Do ``act`` to what a domain finds, a slice at a time.

        What was taken does not come again in the same run, whatever became of it: a
        document somebody acts on is left to the next one.

        :param str lane: woken again when its time is over before the work is
        :param records: tells the model
        :param act: called with each slice; what it did is committed afterwards
        :return: whether everything was taken
        """
        seen = []
        while some := records.search(
            domain & Domain("id", "not in", seen), order=order, limit=SLICE
        ):
            seen += some.ids
            act(some)
            if not self._commit_progress(len(some)):
                self.env["campus.sign.request"]._trigger_lanes(lane)
                return False
        return True
