# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files a document carries: PDF/A-3 associated files (ISO 19005-3, 6.8)."""

from dataclasses import dataclass
from datetime import datetime, timezone


@dataclass(frozen=True)
class Enclosure:
    """A file carried by a document, which holds the same facts for machines."""

    name: str
    """File name; its suffix says the media type."""
    content: bytes
    description: str
    moment: datetime
    """Aware; when the file was made."""
    relationship: str = "Data"
    """``/AFRelationship`` (ISO 32000-2, 7.11.3)."""

    def attachment(self, weasyprint):
        """Return WeasyPrint's form of the file."""
        moment = self.moment.astimezone(timezone.utc)
        return weasyprint.Attachment(
            string=self.content,
            name=self.name,
            description=self.description,
            created=moment,
            modified=moment,
            relationship=self.relationship,
        )
