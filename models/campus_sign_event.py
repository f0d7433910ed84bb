# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import secrets
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import evidence
from .campus_sign_authority import aware_now

_TRIGGER = """
CREATE OR REPLACE FUNCTION campus_sign_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'campus_sign: events are append-only'
        USING ERRCODE = 'insufficient_privilege';
END;
$$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS campus_sign_event_no_change ON campus_sign_event;
CREATE TRIGGER campus_sign_event_no_change
    BEFORE UPDATE OR DELETE ON campus_sign_event
    FOR EACH ROW EXECUTE FUNCTION campus_sign_refuse_change();
DROP TRIGGER IF EXISTS campus_sign_event_no_truncate ON campus_sign_event;
CREATE TRIGGER campus_sign_event_no_truncate
    BEFORE TRUNCATE ON campus_sign_event
    FOR EACH STATEMENT EXECUTE FUNCTION campus_sign_refuse_change();
"""


class CampusSignEvent(models.Model):
    """Append-only proof (invariant 6).

    No foreign key and no column the framework would ever update: a table that
    refuses changes must never be asked for one by a merge or an upgrade.
    """

    _name = "campus.sign.event"
    _description = "Event of a circuit"
    _order = "request_ref, seq"
    _log_access = False
    _rec_name = "kind"

    request_ref = fields.Integer(required=True, readonly=True)
    seq = fields.Integer(required=True, readonly=True)
    time = fields.Char(required=True, readonly=True, help="UTC, microseconds.")
    kind = fields.Char(required=True, readonly=True)
    before = fields.Char(readonly=True, help="SHA-256 of the file before the event.")
    after = fields.Char(readonly=True, help="SHA-256 of the file after the event.")
    payload = fields.Text(required=True, readonly=True, help="Canonical JSON.")
    commitment = fields.Char(readonly=True)
    prev = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _chain = models.Constraint(
        "UNIQUE(request_ref, seq)", "Two events cannot hold one place of the chain."
    )

    def init(self):
        self.env.cr.execute(_TRIGGER)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Events of the proof can never be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Events of the proof can never be deleted."))

    # === CHAIN ===#

    def _to_engine(self):
        """Return the engine's event; its hash is computed, not read."""
        self.ensure_one()
        return evidence.Event(
            seq=self.seq,
            time=self.time,
            kind=self.kind,
            before=self.before or None,
            after=self.after or None,
            prev=self.prev,
            payload=json.loads(self.payload),
            commitment=self.commitment or None,
        )

    @api.model
    def _last(self, requests):
        """Return ``{request id: last engine event}``, without those that have none."""
        last = SQL(
            "SELECT DISTINCT ON (request_ref) id FROM campus_sign_event "
            "WHERE request_ref = ANY(%s) ORDER BY request_ref, seq DESC",
            requests.ids,
        )
        found = self.search_fetch([("id", "in", last)], list(self._fields))
        return {event.request_ref: event._to_engine() for event in found}


class Chain:
    """Events of one act, linked in memory and stored in one go.

    Opened behind the gate. The hash of an event is known before it is stored,
    because the signature that follows carries it.
    """

    def __init__(self, request, last=None):
        """Go on after the last event stored.

        :param last: what ``_last`` found for several documents at once
        """
        self.request = request
        self.env = request.env
        if last is None:
            last = self.env["campus.sign.event"].sudo()._last(request)
        self.last = last.get(request.id)
        self.now = aware_now()
        if self.last:
            # Time never goes back in a chain, whatever node writes it.
            self.now = max(self.now, datetime.fromisoformat(self.last.time))
        self._pending = []

    @classmethod
    def of_each(cls, requests):
        """Return the chain of each document, read at once."""
        last = requests.env["campus.sign.event"].sudo()._last(requests)
        return [cls(request, last) for request in requests]

    @classmethod
    def note_lines(cls, lines, kind, values):
        """Write one event per line in the logs of their documents, at once.

        For what is done about signers and leaves the files as they are.

        :param values: line → what else its event holds, as ``append`` takes it
        """
        of_request = lines.grouped("request_id")
        chains = cls.of_each(lines.request_id)
        for chain in chains:
            sha = chain.request.revisions[-1]["sha256"]
            for line in of_request[chain.request]:
                chain.append(
                    kind, before=sha, after=sha, field=line.field_name, **values(line)
                )
        cls.store_all(chains)

    @property
    def head(self):
        """Return the hash of the last event, stored or not."""
        return self.last.hash

    def append(
        self, kind, *, before=None, after=None, actor=None, private=None, **payload
    ):
        """Add an event; personal data goes to its erasable side row.

        :param actor: :class:`Actor` or ``None`` for the server itself
        :param dict private: what else may name a person (titles, reasons)
        """
        personal = {**(actor.personal() if actor else {}), **(private or {})}
        salt = secrets.token_bytes(16)
        self.last = evidence.append(
            self.last,
            self.request.code,
            time=self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            kind=kind,
            before=before,
            after=after,
            payload=payload,
            commitment=evidence.commit(personal, salt) if personal else None,
        )
        self._pending.append((self.last, personal, salt))
        return self.last

    def store(self):
        """Write the events of the act."""
        self.store_all([self])

    @staticmethod
    def store_all(chains):
        """Write the events of an act on several documents at once."""
        rows, persons = [], []
        for chain in chains:
            for event, personal, salt in chain._pending:
                vals = event.to_dict()
                vals["payload"] = evidence.canonical(event.payload).decode()
                vals.update(request_ref=chain.request.id, hash=event.hash)
                rows.append(vals)
                if personal:
                    persons.append(
                        {
                            "request_ref": chain.request.id,
                            "seq": event.seq,
                            "salt": salt.hex(),
                            "data": personal,
                        }
                    )
            chain._pending = []
        if rows:
            env = chains[0].env
            # The log belongs to nobody: no person holds the right to write it.
            env["campus.sign.event"].sudo().create(rows)
            env["campus.sign.event.person"].sudo().create(persons)
