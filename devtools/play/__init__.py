# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""People in front of a real server: what smoke, live tests and benchmarks play with.

Everything goes through HTTP and SMTP, as browsers and mail servers would; nothing here
knows the ORM. Not imported by ``./dev`` itself, which must run before its packages
are installed.
"""
