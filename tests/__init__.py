# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_records_access
from . import test_records_identifiers
from . import test_records_import
from . import test_records_internship
from . import test_records_signable
from . import test_records_situation
from . import test_records_student
from . import test_records_views
from . import test_sign_main_job
from . import test_sign_invariants
from . import test_sign_check
from . import test_sign_tell
from . import test_ceremony_http
from . import test_verify_http
from . import test_office_acts
from . import test_office_proof
from . import test_office_send
from . import test_office_settings
from . import test_office_template
from . import test_tours
from . import test_visit_electronic
from . import test_visit_paper
from . import test_visit_access
from . import test_visit_tours
